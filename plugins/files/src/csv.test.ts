import { array, assert, asyncProperty, boolean, constantFrom, integer, record, string, uniqueArray } from 'fast-check';
import { headerName, normalCell } from '@plumbline/table';
import { test, expect } from 'vitest';
import { configSchema, type TableConfig } from './config.ts';
import { csvRows } from './csv.ts';
import { mapFileRow } from './row.ts';

const { limits } = configSchema.parse({
  folder: '/',
  tables: [{ name: 'a', files: 'a', kind: 'person', key: { column: 'Key' }, columns: {} }],
});
const delimiters = [',', ';', '\t', '|'];

const awkward = constantFrom('"', '""', ',', ';', '\t', '\n', '\r\n', '\r', ' ', "'", '\\', 'ü', '😀', '');
const cell = array(awkward, { maxLength: 4 }).chain((pieces) =>
  string({ maxLength: 6 }).map((text) => pieces.join(text)),
);
const header = string({ minLength: 1, maxLength: 12 })
  .map((text) => text.trim().replace(/\s+/g, ' '))
  .filter((text) => text !== '');

const tables = record({
  delimiter: constantFrom(...delimiters),
  lineEnd: constantFrom('\n', '\r\n'),
  headers: uniqueArray(header, { selector: headerName, minLength: 1, maxLength: 6 }),
  rows: array(array(cell, { minLength: 6, maxLength: 6 }), { maxLength: 20 }),
  quoted: array(boolean(), { minLength: 7, maxLength: 40 }),
  blankLines: boolean(),
  lastLineEnds: boolean(),
  chunk: integer({ min: 1, max: 50 }),
});

test('whatever a table holds, however it is quoted and cut into chunks, it comes back as it was', async () => {
  await assert(
    asyncProperty(tables, async ({ headers, rows, ...how }) => {
      let written = 0;
      const write = (value: string): string => {
        const free = how.quoted[(written += 1) % how.quoted.length] ?? true;
        const must = /["\r\n]/.test(value) || value.includes(how.delimiter);
        return must || free ? `"${value.replaceAll('"', '""')}"` : value;
      };
      const all = [
        ['Key', ...headers.map((each) => `h-${each}`)],
        ...rows.map((row, at) => [`key ${at}`, ...row.slice(0, headers.length)]),
      ];
      const between = how.blankLines ? how.lineEnd.repeat(2) : how.lineEnd;
      const text = all.map((row) => row.map(write).join(how.delimiter)).join(between);
      const table = tableOf(headers, how.delimiter);
      const chunks = piecesOf(how.lastLineEnds ? text + how.lineEnd : text, how.chunk);
      const source = { path: 'any.csv', text: chunks, table, limits };
      const read = await Array.fromAsync(csvRows(source));
      const mapped = read.map(({ key, cells, problem }) => {
        expect(problem).toBeNull();
        return mapFileRow({ key: key as string, cells }, table);
      });
      expect(mapped.map(({ id, customFields }) => [id, customFields])).toEqual(
        rows.map((row, at) => [
          `key ${at}`,
          Object.fromEntries(headers.map((name, index) => [name, normalCell(row[index])])),
        ]),
      );
    }),
  );
});

function tableOf(headers: readonly string[], delimiter: string): TableConfig {
  const customFields = Object.fromEntries(headers.map((name) => [name, `h-${name}`]));
  const table = { name: 'any', files: 'any.csv', kind: 'person', key: { column: 'Key' }, columns: {}, customFields };
  const [only] = configSchema.parse({ folder: '/', tables: [{ ...table, delimiter }] }).tables;
  return only as TableConfig;
}

async function* piecesOf(text: string, size: number): AsyncGenerator<string> {
  const characters = [...text];
  for (let at = 0; at < characters.length; at += size) yield characters.slice(at, at + size).join('');
}
