import { confirm, isCancel, log, multiselect, password, select, text } from '@clack/prompts';
import { explain, HubError, writeGrant, type SetupAnswers, type SetupQuestion } from '@plumbline/connector';
import { Ended } from '../failure.ts';
import { wrongWith, type Asker, type SetupAnswer } from './asker.ts';
import { readAnswerFile } from './scripted.ts';
import { awaitSignIn, codeIn } from './sign-in.ts';

const INTERRUPTED = 130;
const NONE = '';

/** Asks a person at a terminal. What is answered to secret questions is not shown. */
export function personAsker(folder: string): Asker {
  return {
    async ask(question, before, soFar) {
      if (question.expert) return question.proposal ?? null;
      if (question.kind === 'file') return askFile(question, folder);
      if (question.kind === 'sign-in') return signIn(question, soFar);
      return put(question, before);
    },
    retries(problem) {
      log.error(explain(problem));
      return true;
    },
    confirm: async (what) => given(await confirm({ message: what })),
    conclude: () => undefined,
  };
}

async function put(question: SetupQuestion, before: SetupAnswer | undefined): Promise<SetupAnswer> {
  const { asks: message, kind, options = [] } = question;
  const first = before ?? question.proposal ?? null;
  const validate = (value: string | undefined): string | undefined => wrongWith(question, value ?? '') ?? undefined;
  if (kind === 'secret') return given(await password({ message, validate }));
  if (kind === 'several') {
    if (options.length === 0) return [];
    const initialValues = Array.isArray(first) ? [...first] : [];
    return given(await multiselect({ message, options: [...options], initialValues, required: false, maxItems: 12 }));
  }
  if (kind === 'one') {
    const none = question.optional ? [{ value: NONE, label: 'None' }] : [];
    const initialValue = typeof first === 'string' ? first : NONE;
    const answer = given(await select({ message, options: [...none, ...options], initialValue, maxItems: 12 }));
    return answer === NONE ? null : answer;
  }
  const proposal = typeof first === 'string' ? { initialValue: first } : {};
  return given(await text({ message, validate, ...proposal })).trim();
}

async function askFile(question: SetupQuestion, folder: string): Promise<string> {
  for (;;) {
    const path = given(
      await text({ message: question.asks, validate: (value) => (value ? undefined : 'A path is wanted.') }),
    );
    try {
      return await readAnswerFile(path.trim(), folder);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      log.error(explain(error));
    }
  }
}

/** Through a browser on this machine, or on another one whose address line is pasted. */
async function signIn(question: SetupQuestion, soFar: SetupAnswers): Promise<string> {
  const { redirectUri, state, arrival, arrived, close } = await awaitSignIn();
  try {
    log.step(`${question.asks}. Open this address, sign in, and agree:`);
    log.message(question.signInAt?.(soFar, { redirectUri, state }) ?? '');
    const message = 'Waiting for the browser. If it runs on another machine, paste the address that it ends at';
    const pasted = await text({ message, signal: arrival });
    const code = arrived() ?? codeIn(given(pasted).trim(), state);
    return writeGrant({ code, redirectUri });
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    log.error(explain(error));
    return signIn(question, soFar);
  } finally {
    close();
  }
}

/** Escape and Ctrl-C end the command; nothing has been written by then. */
function given<Answer>(answer: Answer): Exclude<Answer, symbol> {
  if (isCancel(answer)) throw new Ended(INTERRUPTED);
  return answer as Exclude<Answer, symbol>;
}
