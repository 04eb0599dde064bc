import {
  array,
  assert,
  boolean,
  constantFrom,
  double,
  oneof,
  property,
  record,
  shuffledSubarray,
  string,
  uniqueArray,
} from 'fast-check';
import { findHeaders, type Cell } from '@plumbline/table';
import { expect, test } from 'vitest';
import { configSchema, type TabConfig } from './config.ts';
import { rowRecords } from './row-records.ts';
import type { Row } from './row.ts';

const { spreadsheets } = configSchema.parse({
  spreadsheets: [
    { id: 'a', tabs: [{ name: 't', tab: 'T', kind: 'person', key: { column: 'Id' }, columns: { name: 'Name' } }] },
  ],
});
const plain = spreadsheets[0]?.tabs[0] as TabConfig;

const place = { name: 'T', row: (index: number) => `row ${index + 1}`, where: 'sheet' };

function ids(rows: Cell[][], tab = plain): string[] {
  const all = [['Id', 'Name'], ...rows];
  const headers = findHeaders(all, tab, place);
  return rowRecords({ rows: all, headers, tab, formats: new Map(), timeZone: 'UTC' }).map(({ id }) => id);
}

test('keys are trimmed texts, numbers in plain decimals', () => {
  expect(ids([[' a '], [1001], ['007'], [0.5]])).toEqual(['a', '1001', '007', '0.5']);
});

test('a number of more digits than a double holds, an error and a tick are no keys', () => {
  expect(
    ids([
      [1e15, 'x'],
      ['#N/A', 'x'],
      [true, 'x'],
      ['Loading...', 'x'],
      ['x'.repeat(401), 'y'],
    ]),
  ).toEqual(['row-2', 'row-3', 'row-4', 'row-5', 'row-6']);
});

test('a good key that looks like the made-up id of a broken row keeps it', () => {
  expect(
    ids([
      ['', 'no key'],
      ['row-2', 'a real key'],
    ]),
  ).toEqual(['row-2', 'row-2*']);
});

test('ragged, blank and unticked rows are no rows', () => {
  expect(ids([[], ['', ''], [null, false], ['  ', '\t'], ['a']])).toEqual(['a']);
});

test('keys that differ in case are two, unless they are addresses or the configuration says so', () => {
  const rows = [['Ada@x.org'], [' ADA@x.org']];
  expect(ids(rows)).toEqual(['Ada@x.org', 'ADA@x.org']);
  for (const fold of [{ scheme: 'email' }, { lowerCase: true }]) {
    expect(ids(rows, { ...plain, key: { ...plain.key, ...fold } })).toEqual(['ada@x.org', 'ada@x.org (row 3)']);
  }
});

const anyCell = oneof(
  string(),
  double({ noNaN: true, noDefaultInfinity: true }),
  boolean(),
  constantFrom(null, '', '#REF!'),
);

test('whatever the rows hold, their order and blank rows and columns between them change no record', () => {
  const rows = uniqueArray(record({ key: string({ minLength: 1 }), name: anyCell, more: anyCell }), {
    selector: ({ key }) => key.trim(),
    maxLength: 12,
  });
  const orders = rows.chain((given) => {
    const all = shuffledSubarray(given, { minLength: given.length });
    return record({
      given: array(all, { minLength: 2, maxLength: 2 }),
      gaps: array(boolean(), { minLength: 12, maxLength: 12 }),
    });
  });
  assert(
    property(orders, ({ given: [one = [], other = []], gaps }) => {
      const plainly = [['Id', 'Name', 'More'], ...one.map(({ key, name, more }) => [key, name, more])];
      const spread = other.flatMap(({ key, name, more }, at) => [
        [more, '', name, key],
        ...(gaps[at] ? [[], [null, '  ']] : []),
      ]);
      const moved = [['A title'], [], ['More', ' ', 'name', 'Id'], ...spread];
      const stored = (all: Cell[][]): Map<string, unknown> => {
        const headers = findHeaders(all, plain, place);
        const records = rowRecords({ rows: all, headers, tab: plain, formats: new Map(), timeZone: 'UTC' });
        const good = records.filter(({ payload }) => !(payload as Row).problem);
        return new Map(good.map(({ id, payload }) => [id, folded(payload as Row)]));
      };
      expect(stored(moved)).toEqual(stored(plainly));
    }),
  );
});

/** The cells by header in lower case, since the moved table spells one differently. */
function folded(row: Row): unknown {
  return {
    ...row,
    cells: Object.fromEntries(Object.entries(row.cells).map(([header, cell]) => [header.toLowerCase(), cell])),
  };
}
