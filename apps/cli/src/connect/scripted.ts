import { HubError, type SetupQuestion } from '@plumbline/connector';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { wrongWith, type Asker, type SetupAnswer } from './asker.ts';

const answersSchema = z.record(
  z.string(),
  z.union([z.string(), z.number().transform(String), z.array(z.string()), z.null()]),
);
type Given = z.output<typeof answersSchema>;

export interface ScriptedAnswers {
  given: Given;
  /** Names of those that stood on the command line, which everybody on the machine may read. */
  seen: ReadonlySet<string>;
}

const LONGEST_PATH = 300;

/** Answers from a file (`-` is standard input) and from `name=value` on the command line, which win. Throws HubError. */
export async function readAnswers(from: {
  file?: string;
  pairs: readonly string[];
  folder: string;
}): Promise<ScriptedAnswers> {
  const inFile = from.file === undefined ? {} : parseAnswers(await readAnswersFile(from.file, from.folder), from.file);
  const onLine = from.pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)] as const;
    throw badAnswers('--answer wants name=value, and got something else', 'Write it as --answer site=acme.');
  });
  return { given: { ...inFile, ...Object.fromEntries(onLine) }, seen: new Set(onLine.map(([name]) => name)) };
}

/** Answers every question from what was given, or with its proposal. */
export function scriptedAsker({ given, seen }: ScriptedAnswers, folder: string): Asker {
  const asked = new Set<string>();
  return {
    async ask(question) {
      asked.add(question.name);
      if (seen.has(question.name)) demandNoSecret(question, given[question.name]);
      const answer = await answerFrom(given, question, folder);
      const wrong = wrongWith(question, answer);
      if (wrong === null) return answer;
      throw badAnswers(
        `The answer "${question.name}" (${question.asks}) is not usable. ${wrong}`,
        'Correct the answer.',
      );
    },
    retries: () => false,
    confirm: async () => true,
    conclude() {
      const unasked = Object.keys(given).filter((name) => !asked.has(name));
      if (unasked.length === 0) return;
      const names = [...asked].slice(0, 40).join(', ');
      throw badAnswers(`Nothing asks for the answer "${unasked.join('", "')}"`, `Asked was for: ${names}.`);
    },
  };
}

/** What stands on a command line is in the list of processes and in the shell's history. */
function demandNoSecret({ name, kind, asks }: SetupQuestion, answer: Given[string] | undefined): void {
  const isKeyFile = kind === 'file' && typeof answer === 'string' && isText(answer);
  if (kind !== 'secret' && kind !== 'sign-in' && !isKeyFile) return;
  throw badAnswers(
    `The answer "${name}" (${asks}) is a secret, and who else is on this machine can read the command line`,
    'Replace the secret, and give the new one by --answers FILE, or on standard input by --answers -.',
  );
}

/** Of what a file is named for: a text itself, or its path. */
const isText = (answer: string): boolean => answer.trimStart().startsWith('{') || answer.includes('\n');

async function answerFrom(given: Given, question: SetupQuestion, folder: string): Promise<SetupAnswer> {
  const { name, kind, proposal } = question;
  const answer = Object.hasOwn(given, name) ? given[name] : proposal;
  if (answer === undefined) {
    const other = kind === 'secret' ? 'on standard input by --answers -.' : `by --answer ${name}=….`;
    throw badAnswers(`There is no answer "${name}" (${question.asks})`, `Give it by --answers FILE, or ${other}`);
  }
  if (kind === 'several' && typeof answer === 'string') return splitList(answer);
  if (kind === 'file' && typeof answer === 'string') return readAnswerFile(answer, folder);
  return answer;
}

/** The text of a file that an answer names; a text that is JSON already is taken as it is. */
export async function readAnswerFile(answer: string, folder: string): Promise<string> {
  if (answer.trimStart().startsWith('{')) return answer;
  try {
    return await readFile(resolve(folder, answer), 'utf8');
  } catch (error) {
    // Somebody may have given the key itself, which no message repeats, nor that of the file system.
    const name = isText(answer) || answer.length > LONGEST_PATH ? 'that is named' : answer;
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw badAnswers(`The file ${name} cannot be read (${code})`, 'Check its path.');
  }
}

async function readAnswersFile(file: string, folder: string): Promise<string> {
  return file === '-' ? text(process.stdin) : readAnswerFile(file, folder);
}

function parseAnswers(content: string, file: string): Given {
  try {
    return answersSchema.parse(JSON.parse(content));
  } catch {
    // What the parser says may quote the file, and with it a secret.
    const where = file === '-' ? 'standard input' : file;
    throw badAnswers(
      `The answers of ${where} are no JSON object of texts and lists`,
      'Write them as {"site": "https://acme.atlassian.net"}.',
    );
  }
}

function splitList(text_: string): string[] {
  return text_
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function badAnswers(message: string, remedy: string): HubError {
  return new HubError({ code: 'BAD_INPUT', message: `${message.replace(/\.$/, '')}.`, remedy });
}
