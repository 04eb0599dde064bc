import { afterEach, expect, test } from 'vitest';
import { openDesk, rejection, type Desk, type DeskOptions } from './desk.ts';
import { ratesConfig, rateRows, ratesSpreadsheet, ratesTab } from './rates.ts';

let desk: Desk | undefined;
afterEach(() => desk?.close());

async function open(options: Partial<DeskOptions> = {}): Promise<Desk> {
  desk = await openDesk({ spreadsheets: [ratesSpreadsheet()], config: ratesConfig(), ...options });
  return desk;
}

const header = (changes: Record<number, string | null>) =>
  ratesSpreadsheet([
    (rateRows[0] ?? []).map((cell, at) => (at in changes ? (changes[at] ?? null) : cell)),
    ...rateRows.slice(1),
  ]);

test('what is right is said to be right', async () => {
  const { check } = await open();
  expect((await check()).map(({ subject, ok }) => [subject, ok])).toEqual([
    ['credentials', true],
    ['spreadsheets.rates-2026', true],
    ['spreadsheets.rates-2026.tabs.rates', true],
  ]);
});

test.each([
  [
    'missing',
    { 3: 'Price' },
    'tab "It\'s the rates" has no header "BILL  rate" in row 1. The headers there are "Key", "Role", "Person", "Price", "Cost rate", "From", "Note".',
  ],
  [
    'blank',
    { 3: '  ' },
    'has no header "BILL  rate" in row 1. The headers there are "Key", "Role", "Person", "Cost rate"',
  ],
  [
    'duplicated',
    { 6: 'bill RATE' },
    'has the header "BILL  rate" twice, in columns D and G. The headers there are "Key"',
  ],
  ['missing for the key', { 0: 'ID' }, 'has no header "key" in its first 20 rows. The headers there are "ID", "Role"'],
])('a %s header is an error of the configuration that names it and lists what exists', async (_, changes, message) => {
  const { poll, check } = await open({ spreadsheets: [header(changes)] });
  const error = await rejection(poll('rates'));
  expect(error.code).toBe('BAD_CONFIG');
  expect(error.message).toContain('Spreadsheet "Rates 2026" (rates-2026), tab "It\'s the rates"');
  expect(error.message).toContain(message);
  const failed = (await check()).filter(({ ok }) => !ok);
  expect(failed).toEqual([
    { subject: 'spreadsheets.rates-2026.tabs.rates', ok: false, message: error.message, remedy: error.remedy },
  ]);
});

test('a header row that is given is taken, also when an earlier row has the key’s header', async () => {
  const rows = [['Key', 'means the row'], ...rateRows];
  const given = await open({ spreadsheets: [ratesSpreadsheet(rows)], config: ratesConfig({ headerRow: 2 }) });
  expect((await given.poll('rates')).allIds).toEqual(['dev-2026', 'pm-2026', 'qa-2026']);
});

test('headers are found in spite of line breaks, case and blanks, and a duplicate that nobody maps does no harm', async () => {
  const { poll } = await open({ spreadsheets: [header({ 3: ' Bill\nRate ', 6: 'Role group', 1: 'ROLE' })] });
  expect((await poll('rates')).quarantine).toEqual({});
  const twice = await openDesk({
    spreadsheets: [
      ratesSpreadsheet([
        ['Key', 'Note', 'Note', 'Role'],
        ['a', 1, 2, 'Dev'],
      ]),
    ],
    config: ratesConfig({ columns: { role: 'Role' } }),
  });
  expect((await twice.poll('rates')).payloads.a).toMatchObject({ cells: { Note: 1, 'Note (2)': 2 } });
  await twice.close();
});

test('a column whose number format the field cannot mean is pointed out', async () => {
  const columns = { ...ratesTab.columns, validTo: 'Cost rate' };
  const { check } = await open({ config: ratesConfig({ columns }) });
  expect((await check()).filter(({ ok }) => !ok)).toEqual([
    {
      subject: 'spreadsheets.rates-2026.tabs.rates.columns.validTo',
      ok: false,
      message: '"Cost rate" is formatted as CURRENCY, but rate.validTo is a localDate.',
      remedy: 'Map the field to another column, or change the format in the sheet.',
    },
  ]);
});

test('rejected credentials are reported once and nothing else is asked', async () => {
  const { check, emulator } = await open();
  emulator.faults.add({ kind: 'answer', status: 401, body: {} });
  expect(await check()).toMatchObject([{ subject: 'credentials', ok: false }]);
  expect(emulator.requests).toHaveLength(1);
});

test('a vanished tab and a file in the bin are reported', async () => {
  const { check, emulator } = await open();
  emulator.deleteTab({ spreadsheetId: 'rates-2026', tab: 77 });
  expect((await check()).at(-1)?.message).toContain('has no tab "It\'s the rates". There are "Read me" (sheetId 0).');
  emulator.trash({ spreadsheetId: 'rates-2026', trashed: true });
  expect((await check()).at(-1)?.message).toBe('Spreadsheet "Rates 2026" (rates-2026) is in the bin.');
});

test('a Google that cannot be reached is not said to accept the credentials', async () => {
  const { check, emulator } = await open();
  emulator.faults.add({ kind: 'reset' });
  expect((await check()).map(({ subject, ok }) => [subject, ok])).toEqual([['credentials', false]]);
});
