import { HubError, type SetupAnswers, type SetupQuestion } from '@plumbline/connector';

export type SetupAnswer = SetupAnswers[string];

/** Who answers: a person at a terminal, or a file of answers. */
export interface Asker {
  /** One answer, checked; `before` is what was answered to the same question the last time, `soFar` to those before it. */
  ask(question: SetupQuestion, before: SetupAnswer | undefined, soFar: SetupAnswers): Promise<SetupAnswer>;
  /** Says what was wrong, and whether it is worth asking again; a file of answers would say the same again. */
  retries(problem: HubError): boolean;
  /** Whether to go on, with what was shown so far. */
  confirm(what: string): Promise<boolean>;
  /** Throws HubError when there are answers that nothing asked for. */
  conclude(): void;
}

/** Asks everything, in the order that the answers lead to. */
export async function askAll(
  asker: Asker,
  questionsOf: (answers: SetupAnswers) => readonly SetupQuestion[],
  before: SetupAnswers = {},
): Promise<SetupAnswers> {
  let answers: SetupAnswers = {};
  for (;;) {
    const open = questionsOf(answers).find(
      ({ name, when }) => !Object.hasOwn(answers, name) && (when?.(answers) ?? true),
    );
    if (!open) return answers;
    answers = { ...answers, [open.name]: await asker.ask(open, before[open.name], answers) };
  }
}

/** What is wrong with an answer, in one sentence; null when nothing is. */
export function wrongWith(question: SetupQuestion, answer: SetupAnswer): string | null {
  const { kind, options = [], optional = false } = question;
  const known = (value: string): boolean => options.some((option) => option.value === value);
  if (kind === 'several') {
    const unknown = (Array.isArray(answer) ? answer : []).find((value) => !known(value));
    return unknown === undefined ? null : `"${unknown}" is none of ${named(question)}.`;
  }
  if (answer === null) return optional || question.proposal === null ? null : 'An answer is wanted.';
  if (typeof answer !== 'string') return 'One answer is wanted, not several.';
  if (kind === 'one') return known(answer) ? null : `"${answer}" is none of ${named(question)}.`;
  if (answer === '' && question.proposal === undefined) return 'An answer is wanted.';
  return question.wrong?.(answer) ?? null;
}

function named({ options = [] }: SetupQuestion): string {
  const shown = options.slice(0, 15).map(({ value }) => value);
  return shown.length < options.length
    ? `${shown.join(', ')} and ${options.length - shown.length} more`
    : shown.join(', ');
}
