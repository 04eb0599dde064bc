import { fieldsOf, kindNames, type FieldType, type KindName } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CellValue, Spreadsheet } from '../emulator/index.ts';
import type { GoogleSheetsConfigInput } from '../src/index.ts';
import { openDesk, type Desk } from './desk.ts';

type ColumnInput = GoogleSheetsConfigInput['spreadsheets'][number]['tabs'][number]['columns'][string];

/** For each type of field: how a column is mapped, what its cell holds, and what comes out of it. */
const samples: Record<FieldType, { mapping: object; cell: CellValue; value: unknown }> = {
  text: { mapping: {}, cell: ' as it is ', value: 'as it is' },
  texts: { mapping: { separator: ';', lowerCase: true }, cell: 'Acme.com; ;acme.de', value: ['acme.com', 'acme.de'] },
  money: { mapping: { currency: 'CHF' }, cell: 1250.1, value: { amount: '1250.1', currency: 'CHF' } },
  decimal: { mapping: { percent: true }, cell: 35, value: '0.35' },
  integer: { mapping: {}, cell: -14, value: -14 },
  seconds: { mapping: { unit: 'days', hoursPerDay: 7.5 }, cell: 1.5, value: 40_500 },
  instant: { mapping: {}, cell: 46023.5, value: '2026-01-01T17:00:00Z' },
  localDate: { mapping: { format: 'dd.MM.yyyy' }, cell: '31.12.2026', value: '2026-12-31' },
  flag: { mapping: { trueWords: ['ja'] }, cell: 'Ja', value: true },
  choice: { mapping: {}, cell: '', value: '' },
  ref: { mapping: { scheme: 'jira-project-key' }, cell: 'ABC', value: 'jira-project-key:ABC' },
  refs: { mapping: { tab: 'person' }, cell: 'ada, bob', value: ['sheet-row:person/ada', 'sheet-row:person/bob'] },
};

const tabs = kindNames.map((kind, sheetId) => {
  const fields = Object.entries(fieldsOf(kind)).map(([name, field]) => {
    const option = field.options?.at(-1) ?? '';
    const choice = { mapping: { values: { 'the last one': option } }, cell: 'The last one ', value: option };
    return { name, ...(field.type === 'choice' ? choice : samples[field.type]) };
  });
  return { kind, sheetId, fields };
});

const spreadsheet: Spreadsheet = {
  spreadsheetId: 'every-kind',
  title: 'Every kind',
  locale: 'en_US',
  timeZone: 'America/New_York',
  tabs: tabs.map(({ kind, sheetId, fields }) => ({
    sheetId,
    title: kind,
    rows: [
      ['Id', ...fields.map(({ name }) => `The ${name}`)],
      ['one', ...fields.map(({ cell }) => cell)],
      ['two', ...fields.map(() => '')],
    ],
  })),
};

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk({
    spreadsheets: [spreadsheet],
    config: {
      spreadsheets: [
        {
          id: 'every-kind',
          tabs: tabs.map(({ kind, fields }) => ({
            name: kind.toLowerCase(),
            tab: kind,
            kind,
            key: { column: 'Id' },
            columns: Object.fromEntries(
              fields.map(({ name, mapping }) => [
                name,
                { column: `The ${name}`, ...tabNames(mapping) } as unknown as ColumnInput,
              ]),
            ),
          })),
        },
      ],
    },
  });
});
afterAll(() => desk.close());

/** Stream names are lower case. */
function tabNames(mapping: object): object {
  return 'tab' in mapping ? { ...mapping, tab: String(mapping.tab).toLowerCase() } : mapping;
}

test.each(kindNames)('every field of %s can be read from a tab, and a blank cell is null', async (kind: KindName) => {
  const { records, quarantine } = await desk.poll(kind.toLowerCase());
  expect(quarantine).toEqual({});
  const fields = tabs.find((tab) => tab.kind === kind)?.fields ?? [];
  expect(records[0]).toEqual({
    kind,
    id: 'one',
    keys: [`sheet-row:${kind.toLowerCase()}/one`],
    fields: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
  });
  expect(Object.values(records[1]?.fields ?? {})).toEqual(fields.map(() => null));
});
