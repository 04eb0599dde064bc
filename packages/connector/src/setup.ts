import type { PollContext } from './connector.ts';

/** What a person answered, by the name of the question; a list for questions that take several, null for none. */
export type SetupAnswers = Readonly<Record<string, string | readonly string[] | null>>;

export interface SetupOption {
  /** The answer it stands for. */
  value: string;
  label: string;
  /** What tells it from the others, such as an id. */
  hint?: string;
}

/** Something `plumbline connect` asks. */
export interface SetupQuestion {
  /** The answer's name in a file of answers, such as `site`. */
  name: string;
  /** The question, in one line. */
  asks: string;
  /**
   * A secret is not shown while it is typed. Of a file its path is asked, and its text is the answer, a secret too. A
   * sign-in sends a person to their vendor and takes what they come back with; a file of answers gives a refresh token.
   */
  kind: 'text' | 'secret' | 'file' | 'one' | 'several' | 'sign-in';
  /** What to choose from, for `one` and `several`. */
  options?: readonly SetupOption[];
  /** Of a question that takes one: whether none is an answer, too. */
  optional?: boolean;
  /** Taken when nothing else is answered; null is none. A question without a proposal must be answered. */
  proposal?: string | readonly string[] | null;
  /** Whether it is asked at all after these answers; always when absent. */
  when?(answers: SetupAnswers): boolean;
  /** For a sign-in: where it begins. The vendor sends the browser back with a code and the same state. */
  signInAt?(answers: SetupAnswers, back: { redirectUri: string; state: string }): string;
  /** Not put to a person, who takes the proposal; a file of answers may give it. */
  expert?: boolean;
  /** Says in one sentence what is wrong with an answer; null when nothing is. */
  wrong?(answer: string): string | null;
}

/** What setting up goes on with once the account answers: pure functions of what was found there. */
export interface SetupMapping {
  /** Everything there is to ask, as far as the answers so far tell; those that are answered are not asked again. */
  questions(answers: SetupAnswers): readonly SetupQuestion[];
  /** The configuration that follows, as a person would write it. */
  configure(answers: SetupAnswers): object;
}

/** How a connector is set up: questions that lead to a configuration. */
export interface SetupDefinition<Config, Secrets> {
  /** What a written configuration imports. */
  imports: { package: string; connector: string; configType: string };
  /** Where the account is and what opens it. */
  account: readonly SetupQuestion[];
  /** The least configuration that reaches the account, and its secrets. Every check of it must pass before mapping begins. */
  open(answers: SetupAnswers): { config: unknown; secrets: unknown };
  /** Looks at what the account has. */
  explore(context: PollContext<Config, Secrets>, answers: SetupAnswers): Promise<SetupMapping>;
  /** Streams whose records show what the mapping makes of the account. */
  preview(config: Config): readonly string[];
}

/** The answer to a question that takes one; null for none. */
export function answerTo(answers: SetupAnswers, name: string): string | null {
  const answer = answers[name];
  return typeof answer === 'string' ? answer : null;
}

/** The answers to a question that takes several. */
export function answersTo(answers: SetupAnswers, name: string): readonly string[] {
  const answer = answers[name];
  return Array.isArray(answer) ? answer : [];
}

/** A setup as the program sees it, without the connector's own types. */
export interface Setup {
  readonly imports: SetupDefinition<never, never>['imports'];
  readonly account: readonly SetupQuestion[];
  open(answers: SetupAnswers): { config: unknown; secrets: unknown };
  explore(context: PollContext, answers: SetupAnswers): Promise<SetupMapping>;
  preview(config: unknown): readonly string[];
}

/** Hides a setup's own types: what it is given was made by the same connector. */
export function bindSetup<Config, Secrets>(definition: SetupDefinition<Config, Secrets>): Setup {
  return {
    imports: definition.imports,
    account: definition.account,
    open: (answers) => definition.open(answers),
    explore: (context, answers) => definition.explore(context as PollContext<Config, Secrets>, answers),
    preview: (config) => definition.preview(config as Config),
  };
}
