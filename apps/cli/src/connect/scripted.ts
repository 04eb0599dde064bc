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

/** Answers from a file (`-` is standard input) and from `name=value` on the command line, which win. Throws HubError. */
export async function readAnswers(from: { file?: string; pairs: readonly string[]; folder: string }): Promise<Given> {
  const inFile = from.file === undefined ? {} : parseAnswers(await readAnswersFile(from.file, from.folder), from.file);
  const onLine = from.pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)] as const;
    throw badAnswers(`--answer wants name=value, and got "${pair.slice(0, 40)}"`, 'Write it as --answer site=acme.');
  });
  return { ...inFile, ...Object.fromEntries(onLine) };
}

/** Answers every question from what was given, or with its proposal. */
export function scriptedAsker(given: Given, folder: string): Asker {
  const asked = new Set<string>();
  return {
    async ask(question) {
      asked.add(question.name);
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

async function answerFrom(given: Given, question: SetupQuestion, folder: string): Promise<SetupAnswer> {
  const { name, kind, proposal } = question;
  const answer = Object.hasOwn(given, name) ? given[name] : proposal;
  if (answer === undefined) {
    throw badAnswers(
      `There is no answer "${name}" (${question.asks})`,
      `Give it by --answers FILE, or by --answer ${name}=….`,
    );
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
    const message = error instanceof Error ? error.message : String(error);
    throw badAnswers(`The file ${answer} cannot be read (${message})`, 'Check its path.', error);
  }
}

async function readAnswersFile(file: string, folder: string): Promise<string> {
  return file === '-' ? text(process.stdin) : readAnswerFile(file, folder);
}

function parseAnswers(content: string, file: string): Given {
  try {
    return answersSchema.parse(JSON.parse(content));
  } catch (error) {
    // What the parser says may quote the file, and with it a secret.
    const where = file === '-' ? 'standard input' : file;
    throw badAnswers(
      `The answers of ${where} are no JSON object of texts and lists`,
      'Write them as {"site": "https://acme.atlassian.net"}.',
      error,
    );
  }
}

function splitList(text_: string): string[] {
  return text_
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function badAnswers(message: string, remedy: string, cause?: unknown): HubError {
  return new HubError({ code: 'BAD_INPUT', message: `${message.replace(/\.$/, '')}.`, remedy }, { cause });
}
