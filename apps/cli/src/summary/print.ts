import type { Console } from '../console.ts';
import { number } from '../progress/counts.ts';
import type { Disagreement } from './disagreements.ts';
import type { Total } from './totals.ts';

export interface Summary {
  totals: readonly Total[];
  disagreements: readonly Disagreement[];
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
  const found = disagreements.filter(({ count }) => count > 0);
  if (found.length === 0) return;
  console.say('');
  console.say('What none of the systems shows by itself:');
  for (const { title, count, examples } of found) {
    console.say(`${number(count).padStart(7)} ${title}`);
    for (const example of examples) console.say(`          ${shorten(example)}`);
  }
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
