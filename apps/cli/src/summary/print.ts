import type { Console } from '../console.ts';
import { number } from '../progress/counts.ts';
import type { Disagreement } from './disagreements.ts';
import type { LeakageSummary } from './leakage.ts';
import type { PromisesSummary } from './promises.ts';
import type { Total } from './totals.ts';

export interface Summary {
  totals: readonly Total[];
  disagreements: readonly Disagreement[];
  leakage: LeakageSummary | null;
  promises: PromisesSummary;
}

/** A few lines: what there is, and what the systems tell differently. */
export function printSummary(console: Console, summary: Summary): void {
  const { totals, disagreements } = summary;
  const there = totals.filter(({ count }) => count > 0);
  console.say('');
  console.say(there.length === 0 ? 'The graph is empty.' : 'In the graph:');
  for (const row of chunks(
    there.map(({ name, count }) => `${number(count).padStart(7)} ${name}`),
    3,
  ))
    console.say(
      row
        .map((cell) => cell.padEnd(26))
        .join('')
        .trimEnd(),
    );
  printLeakage(console, summary.leakage);
  printPromises(console, summary.promises);
  const found = disagreements.filter(({ count }) => count > 0);
  if (found.length === 0) return;
  console.say('');
  console.say('What none of the systems shows by itself:');
  for (const { title, count, examples } of found) {
    console.say(`${number(count).padStart(7)} ${title}`);
    for (const example of examples) console.say(`          ${shorten(example)}`);
  }
}

/** Hours that nobody ordered, and what they are worth. */
function printLeakage(console: Console, leakage: LeakageSummary | null): void {
  if (!leakage || leakage.unapprovedSeconds + leakage.unlinkedSeconds === 0) return;
  const { currency, projects, riskiest } = leakage;
  const hours = (seconds: number): string => number(Math.round(seconds / 3_600));
  const money = (amount: string): string => `${number(Math.round(Number(amount)))} ${currency}`;
  console.say('');
  console.say('Work that nobody ordered:');
  console.say(
    `${hours(leakage.unapprovedSeconds).padStart(7)} hours on changes that were not approved, ${hours(leakage.unlinkedSeconds)} on what belongs to nothing: ${money(leakage.revenueAtRisk)} at risk, ${money(leakage.costLeak)} spent`,
  );
  for (const project of projects)
    console.say(`          ${shorten(project.name)}: ${money(project.revenueAtRisk)} at risk`);
  if (leakage.unpricedSeconds > 0)
    console.say(`          ${hours(leakage.unpricedSeconds)} of these hours have no rate and are in no amount`);
  if (leakage.waitingSeconds + leakage.reworkSeconds > 0)
    console.say(
      `          ${hours(leakage.waitingSeconds)} hours of all work waited for clients, ${hours(leakage.reworkSeconds)} were rework`,
    );
  if (riskiest)
    console.say(
      `          ${shorten(riskiest.name)} has lost the most margin: ${Math.round(Number(riskiest.marginErosion) * 100)} points`,
    );
}

/** What nobody looks after, in one line; nothing where the hub keeps no promises. */
function printPromises(console: Console, promises: PromisesSummary): void {
  const { unreviewed, unplanned, overdue, reportsMissed, reportsNotSent } = promises;
  const parts = [
    [unreviewed, 'in terms that nobody has reviewed', 'offer', 'offers'],
    [unplanned, 'that no work keeps', 'promise', 'promises'],
    [overdue, 'beyond their day', 'obstacle or need', 'obstacles and needs'],
    [reportsMissed, 'late', 'report to a client', 'reports to clients'],
    [reportsNotSent, 'not sent', 'report to a client', 'reports to clients'],
  ] as const;
  const found = parts.filter(([count]) => count > 0);
  if (found.length === 0) return;
  const said = found.map(([count, what, one, many]) => `${number(count)} ${count === 1 ? one : many} ${what}`);
  console.say('');
  console.say('What nobody looks after:');
  console.say(`        ${said.join(', ')}`);
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`;
}

function chunks<Value>(values: readonly Value[], size: number): Value[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}
