import { median, timed } from '../figures.ts';
import type { Line } from '../report.ts';
import { companyEmbedded, companyOnServer, type Company } from './company.ts';
import { expectSame, questions, type Question } from './questions.ts';
import { large, small } from './size.ts';

/** At most 1.5 times what the same takes by hand. */
const HAND_BAR = 1 / 1.5;
/** At most 5 times what the same takes on a server. */
const EMBEDDED_BAR = 1 / 5;
/** The same at any size, but for the noise of a few milliseconds and two more levels of every index. */
const INGEST_BAR = 0.5;
/**
 * Turns that do not count, until the caches are warm and every connection has prepared what it is asked: a server plans a
 * statement five times on each of them before it keeps the plan, and a question has several on any of several connections.
 */
const warmUp = { least: 12, most: 60, milliseconds: 10_000 };

export interface FiguresOptions {
  server: string;
  /** How often each question is asked in turn. */
  rounds: number;
}

/**
 * How long the API takes for figures over a large company, against the same SQL by hand; over a small one embedded,
 * against a server; and what one more worklog costs, large against small.
 */
export async function benchFigures({ server, rounds }: FiguresOptions): Promise<Line[]> {
  const open: Company[] = [];
  const opened = async (company: Promise<Company>): Promise<Company> => {
    open.push(await company);
    return company;
  };
  try {
    const whole = await opened(companyOnServer(server, large));
    const tiny = await opened(companyOnServer(server, small));
    const embedded = await opened(companyEmbedded(small));
    const lines: Line[] = [];
    for (const question of questions) lines.push(await againstHand(question, whole, rounds));
    for (const question of questions) lines.push(await againstServer(question, { embedded, tiny, rounds }));
    return [...lines, await ofOneWorklog({ whole, tiny, rounds })];
  } finally {
    for (const company of open) await company.close();
  }
}

async function againstHand(question: Question, company: Company, rounds: number): Promise<Line> {
  const { client } = company;
  if (!client) throw new Error('There is no server to write SQL for.');
  expectSame(question.what, await company.ask(question), await question.byHand(client));
  const taken = await inTurns(rounds, { one: () => company.ask(question), other: () => question.byHand(client) });
  return line(`${question.what}, large`, taken, { against: 'by hand', bar: HAND_BAR });
}

async function againstServer(
  question: Question,
  { embedded, tiny, rounds }: { embedded: Company; tiny: Company; rounds: number },
): Promise<Line> {
  expectSame(question.what, await embedded.ask(question), await tiny.ask(question));
  const taken = await inTurns(rounds, { one: () => embedded.ask(question), other: () => tiny.ask(question) });
  return line(`${question.what}, small, PGlite`, taken, { against: 'on PostgreSQL', bar: EMBEDDED_BAR });
}

async function ofOneWorklog({ whole, tiny, rounds }: { whole: Company; tiny: Company; rounds: number }): Promise<Line> {
  const taken = await inTurns(4 * rounds, { one: () => whole.log(), other: () => tiny.log() });
  return line('one new worklog, large', taken, { against: 'small', bar: INGEST_BAR });
}

interface Taken {
  one: number[];
  other: number[];
}

/** Milliseconds of each turn; the first ones do not count. */
async function inTurns(rounds: number, of: { one(): Promise<unknown>; other(): Promise<unknown> }): Promise<Taken> {
  const began = performance.now();
  const isCold = (turns: number): boolean =>
    turns < warmUp.least || (turns < warmUp.most && performance.now() - began < warmUp.milliseconds);
  for (let turns = 0; isCold(turns); turns += 1) {
    await of.one();
    await of.other();
  }
  const taken: Taken = { one: [], other: [] };
  for (let round = 0; round < rounds; round += 1) {
    taken.one.push(await timed(of.one));
    taken.other.push(await timed(of.other));
  }
  return taken;
}

/** The middle of each, the quarters it lies between, and how the middles compare: a turn of a few milliseconds is noisy. */
function line(what: string, { one, other }: Taken, { against, bar }: { against: string; bar: number }): Line {
  return {
    what,
    figure: milliseconds(one),
    against: `${milliseconds(other)} ${against}`,
    ratio: median(other) / median(one),
    bar,
  };
}

function milliseconds(taken: readonly number[]): string {
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
  return `${median(taken).toFixed(1)} ms (${at(0.25)} to ${at(0.75)})`;
}
