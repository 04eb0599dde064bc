import { createWriteStream } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import { openShelf, type Shelf } from './shelf.ts';

let shelf: Shelf;
afterEach(() => shelf.remove());

const NOTE = 'x'.repeat(250);
const MEGABYTE = 1_048_576;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed / MEGABYTE;
}

interface Table {
  rows: number;
  path: string;
  head: string;
  row(at: number): string;
  tail: string;
}

const csv: Table = {
  rows: 100_000,
  path: 'rates.csv',
  head: 'Key,Role,Bill rate,From,Note\n',
  row: (at) => `key-${at},Role,${at},2026-01-01,"${at} ${NOTE}"\n`,
  tail: '',
};

const json: Table = {
  rows: 30_000,
  path: 'rates.json',
  head: '[',
  row: (at) =>
    `${at === 0 ? '' : ',\n'}{"Key":"key-${at}","Role":"Role","Bill rate":${at},"From":"2026-01-01","Note":"${at} ${NOTE}"}`,
  tail: ']',
};

test.each([csv, json])('$rows rows of $path are read without holding more of them than their keys', async (table) => {
  const { rows, path } = table;
  shelf = await openShelf([{ files: path }]);
  const at = join(shelf.folder, path);
  await pipeline(Readable.from(content(table)), createWriteStream(at));
  await utimes(at, 1, 1);
  const used: number[] = [];
  let count = 0;
  let ids = 0;
  for await (const page of shelf.stream().poll(shelf.context, null)) {
    count += page.records.length;
    ids += page.allIds?.length ?? 0;
    if (count % (rows / 5) === 0 && page.records.length > 0) used.push(heapUsed());
  }
  expect([count, ids, used.length]).toEqual([rows, rows, 5]);
  // Four fifths of the rows go by between the first and the last measurement; a key takes some 80 bytes.
  const passed = (0.8 * rows * NOTE.length) / MEGABYTE;
  expect((used.at(-1) ?? 0) - (used[0] ?? 0)).toBeLessThan(passed / 2);
});

function* content({ rows, head, row, tail }: Table): Generator<string> {
  yield head;
  for (let from = 0; from < rows; from += 1_000) {
    yield Array.from({ length: 1_000 }, (_, offset) => row(from + offset)).join('');
  }
  yield tail;
}
