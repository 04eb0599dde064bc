import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDesk, rejection, type Desk } from './desk.ts';
import { ratesConfig, rateRows, ratesSpreadsheet } from './rates.ts';

const TAB = { spreadsheetId: 'rates-2026', tab: 77 };

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk({ spreadsheets: [ratesSpreadsheet()], config: ratesConfig() });
});
afterEach(() => desk.close());

test('a tab is read whole, each row a record with its key and every id on the last page', async () => {
  const { records, allIds, cursor, pages } = await desk.poll('rates');
  expect(records[0]).toEqual({
    kind: 'rate',
    id: 'dev-2026',
    keys: ['sheet-row:rates/dev-2026'],
    fields: {
      role: 'Developer',
      person: 'email:ada@example.com',
      billRate: { amount: '150', currency: 'EUR' },
      costRate: { amount: '90.5', currency: 'EUR' },
      validFrom: '2026-01-01',
    },
  });
  expect(records[1]?.fields).toMatchObject({ person: null, role: 'Project manager' });
  expect(allIds).toEqual(['dev-2026', 'pm-2026', 'qa-2026']);
  expect(cursor).toEqual({ version: '1' });
  expect(pages.map(({ complete }) => complete)).toEqual([true]);
});

test('the payload keeps columns nobody maps, and not where the row stands', async () => {
  const { payloads } = await desk.poll('rates');
  expect(payloads['dev-2026']).toEqual({
    key: 'dev-2026',
    timeZone: 'Europe/Berlin',
    cells: {
      Key: 'dev-2026',
      Role: 'Developer',
      Person: 'Ada@Example.com',
      'Bill rate': 150,
      'Cost rate': 90.5,
      From: 46023,
      Note: 'with a trailing note',
    },
  });
});

test('while the version stands still nothing but the version is asked, and the cursor comes back as it was', async () => {
  const first = await desk.poll('rates');
  desk.emulator.forgetRequests();
  const second = await desk.poll('rates', first.cursor);
  expect(second.pages).toEqual([{ records: [], cursor: first.cursor, complete: true }]);
  expect(desk.paths()).toEqual(['GET /drive/v3/files/rates-2026']);
});

test('a changed cell, an added and a deleted row are seen by the next poll', async () => {
  const first = await desk.poll('rates');
  desk.emulator.setCell({ ...TAB, row: 1, column: 3, value: 155 });
  desk.emulator.appendRow({ ...TAB, cells: ['ux-2026', 'Designer', null, 140, 80, 46023] });
  desk.emulator.deleteRow({ ...TAB, row: 2 });
  const second = await desk.poll('rates', first.cursor);
  expect(second.records.find(({ id }) => id === 'dev-2026')?.fields).toMatchObject({
    billRate: { amount: '155', currency: 'EUR' },
  });
  expect(second.allIds).toEqual(['dev-2026', 'qa-2026', 'ux-2026']);
  expect(second.cursor).toEqual({ version: '4' });
  expect(second.payloads['qa-2026']).toEqual(first.payloads['qa-2026']);
});

test('sorting, moving rows, a title above the headers and a new column before them change no payload', async () => {
  const first = await desk.poll('rates');
  desk.emulator.sortRange({ ...TAB, column: 0, from: 1, descending: true });
  desk.emulator.insertRows({ ...TAB, before: 0, rows: [['Rates, as agreed in January'], []] });
  desk.emulator.insertRows({ ...TAB, before: 4, rows: [[], ['', ' ']] });
  desk.emulator.insertColumn({ ...TAB, before: 0 });
  const second = await desk.poll('rates', first.cursor);
  expect(second.allIds).toEqual(['qa-2026', 'pm-2026', 'dev-2026']);
  expect(second.payloads).toEqual(first.payloads);
  expect(second.quarantine).toEqual({});
});

test('an inserted column with a header joins the payload and nothing else changes', async () => {
  const first = await desk.poll('rates');
  desk.emulator.insertColumn({ ...TAB, before: 1, cells: ['Grade', 'A', 'B', 'C'] });
  const second = await desk.poll('rates', first.cursor);
  expect(second.records).toEqual(first.records);
  expect(second.payloads['pm-2026']).toMatchObject({ cells: { Grade: 'B', Role: 'Project manager' } });
});

test('a tab renamed is still read when it is configured by sheetId', async () => {
  const byId = ratesConfig({ sheetId: 77, tab: undefined });
  const other = await openDesk({ spreadsheets: [ratesSpreadsheet()], config: byId });
  other.emulator.renameTab({ ...TAB, title: 'Rate card' });
  expect((await other.poll('rates')).allIds).toHaveLength(3);
  await other.close();
});

test('a tab renamed and configured by title is a clear error that lists the tabs there are', async () => {
  desk.emulator.renameTab({ ...TAB, title: 'Rate card' });
  const error = await rejection(desk.poll('rates'));
  expect(error.code).toBe('BAD_CONFIG');
  expect(error.message).toBe(
    'Spreadsheet "Rates 2026" (rates-2026) has no tab "It\'s the rates". There are "Read me" (sheetId 0), "Rate card" (sheetId 77).',
  );
});

test('a row without a key and a repeated key go to quarantine and leave the good rows alone', async () => {
  desk.emulator.appendRow({ ...TAB, cells: [null, 'Architect', null, 200] });
  desk.emulator.appendRow({ ...TAB, cells: ['dev-2026', 'Developer, again', null, 999] });
  desk.emulator.appendRow({ ...TAB, cells: [false, false] });
  const { records, quarantine, allIds } = await desk.poll('rates');
  expect(records.map(({ id }) => id)).toEqual(['dev-2026', 'pm-2026', 'qa-2026']);
  expect(records[0]?.fields).toMatchObject({ role: 'Developer' });
  expect(quarantine).toEqual({
    'row-5': 'Tab rates: row 5: the key column "key" is blank.',
    'dev-2026 (row 6)': 'Tab rates: row 6: duplicate key "dev-2026" in column "key", also in row 2.',
  });
  expect(allIds).toEqual(['dev-2026', 'pm-2026', 'qa-2026', 'row-5', 'dev-2026 (row 6)']);
});

test('an error cell in a mapped column sends its row to quarantine; in another column it does no harm', async () => {
  desk.emulator.setCell({ ...TAB, row: 1, column: 3, value: '#REF!', formula: '=Old!B2' });
  desk.emulator.setCell({ ...TAB, row: 2, column: 6, value: '#N/A' });
  const { records, quarantine } = await desk.poll('rates');
  expect(quarantine).toEqual({
    'dev-2026': 'Tab rates: row "dev-2026", column "BILL  rate" holds #REF! instead of a value.',
  });
  expect(records.map(({ id }) => id)).toEqual(['pm-2026', 'qa-2026']);
});

test('a further key that lost its last digits, or is a tick, makes no two rows one: they go to quarantine', async () => {
  const other = await openDesk({
    spreadsheets: [ratesSpreadsheet()],
    config: ratesConfig({ key: { column: 'key', keys: [{ scheme: 'crm-rate', column: 'Note' }] } }),
  });
  const notes = { ...TAB, column: 6 };
  other.emulator.setCell({ ...notes, row: 1, value: 1_234_567_890_123_456 });
  other.emulator.setCell({ ...notes, row: 2, value: true });
  other.emulator.setCell({ ...notes, row: 3, value: 4711 });
  const { records, quarantine } = await other.poll('rates');
  expect(records.map(({ keys }) => keys)).toEqual([['sheet-row:rates/qa-2026', 'crm-rate:4711']]);
  expect(quarantine).toEqual({
    'dev-2026': expect.stringContaining('row "dev-2026", the key column "Note" holds a number of more than 15 digits'),
    'pm-2026': 'Tab rates: row "pm-2026", the key column "Note" holds a checkbox.',
  });
  await other.close();
});

test('columns to ignore are never stored', async () => {
  const other = await openDesk({
    spreadsheets: [ratesSpreadsheet()],
    config: ratesConfig({ ignoreColumns: ['note'], columns: { role: 'Role' } }),
  });
  const { payloads } = await other.poll('rates');
  expect(JSON.stringify(payloads)).not.toContain('trailing note');
  await other.close();
});

test('a tab that is always read is read though the version stands still, with the same cursor', async () => {
  const other = await openDesk({ spreadsheets: [ratesSpreadsheet()], config: ratesConfig({ alwaysRead: true }) });
  const first = await other.poll('rates');
  const second = await other.poll('rates', first.cursor);
  expect(second.allIds).toEqual(first.allIds);
  expect(second.cursor).toEqual(first.cursor);
  await other.close();
});

test('long tabs come in pages of 200 whose cursor starts the tab anew, and the last one has every id', async () => {
  const rows = Array.from({ length: 450 }, (_, at) => [`r${at}`, 'Role', null, at, at, 46023]);
  desk.emulator.setRows({ ...TAB, rows: [rateRows[0] ?? [], ...rows] });
  const { pages, allIds } = await desk.poll('rates');
  expect(pages.map((page) => [page.records.length, page.cursor, page.complete, page.allIds?.length])).toEqual([
    [200, { version: null }, false, undefined],
    [200, { version: null }, false, undefined],
    [50, { version: '2' }, true, 450],
  ]);
  const resumed = await desk.poll('rates', pages[0]?.cursor);
  expect(resumed.allIds).toEqual(allIds);
});

test('census lists every id, and confirm tells present from deleted', async () => {
  expect(await desk.census('rates')).toEqual(['dev-2026', 'pm-2026', 'qa-2026']);
  desk.emulator.deleteRow({ ...TAB, row: 3 });
  expect(await desk.confirm('rates', ['dev-2026', 'qa-2026'])).toEqual([
    { id: 'dev-2026', state: 'PRESENT' },
    { id: 'qa-2026', state: 'DELETED' },
  ]);
});

test('rows of a sheet that was unshared or thrown away are invisible, not deleted', async () => {
  const hidden = [{ id: 'dev-2026', state: 'INVISIBLE' }];
  desk.emulator.trash({ spreadsheetId: 'rates-2026', trashed: true });
  expect(await desk.confirm('rates', ['dev-2026'])).toEqual(hidden);
  expect((await rejection(desk.poll('rates'))).message).toBe('Spreadsheet "Rates 2026" (rates-2026) is in the bin.');
  desk.emulator.trash({ spreadsheetId: 'rates-2026', trashed: false });
  desk.emulator.unshare({ spreadsheetId: 'rates-2026', email: 'plumbline@acme.iam.gserviceaccount.com' });
  expect(await desk.confirm('rates', ['dev-2026'])).toEqual(hidden);
});

test('what decides over the raw rows is told to the engine, what only maps them is not', () => {
  const fetches = desk.stream('rates').fetches;
  expect(fetches).toEqual({
    id: 'rates-2026',
    tab: "It's the rates",
    sheetId: null,
    headerRow: null,
    key: 'key',
    lowerCase: false,
    ignoreColumns: [],
    percent: [],
  });
});

test('percentages are read cell by cell: formatted ones are ratios, plain ones hundredths, texts say so', async () => {
  const config = ratesConfig({ kind: 'risk', columns: { probability: { column: 'Bill rate', percent: true } } });
  const other = await openDesk({ spreadsheets: [ratesSpreadsheet()], config });
  const set = (row: number, value: number | string, format: 'PERCENT' | 'NUMBER') =>
    other.emulator.setCell({ ...TAB, row, column: 3, value, format });
  set(1, 0.25, 'PERCENT');
  set(2, 25, 'NUMBER');
  set(3, '25 %', 'NUMBER');
  const first = await other.poll('rates');
  expect(first.records.map(({ fields }) => fields)).toEqual([1, 2, 3].map(() => ({ probability: '0.25' })));
  other.emulator.sortRange({ ...TAB, column: 0, from: 1, descending: true });
  const second = await other.poll('rates', first.cursor);
  expect(second.payloads).toEqual(first.payloads);
  expect(second.allIds).toEqual(['qa-2026', 'pm-2026', 'dev-2026']);
  await other.close();
});

test('serial numbers are meant in the spreadsheet’s zone, on either side of a clock change', async () => {
  const config = ratesConfig({ kind: 'changeRequest', columns: { submittedAt: 'From' } });
  const other = await openDesk({ spreadsheets: [ratesSpreadsheet()], config });
  const noon = (row: number, day: number) => other.emulator.setCell({ ...TAB, row, column: 5, value: day + 0.5 });
  noon(1, 46109);
  noon(2, 46110);
  other.emulator.setCell({ ...TAB, row: 3, column: 5, value: '2026-03-29T12:00:00+02:00' });
  const submitted = async () => (await other.poll('rates')).records.map(({ fields }) => Object.values(fields)[0]);
  expect(await submitted()).toEqual(['2026-03-28T11:00:00Z', '2026-03-29T10:00:00Z', '2026-03-29T10:00:00Z']);
  other.emulator.setTimeZone({ spreadsheetId: 'rates-2026', timeZone: 'America/New_York' });
  expect(await submitted()).toEqual(['2026-03-28T16:00:00Z', '2026-03-29T16:00:00Z', '2026-03-29T10:00:00Z']);
  await other.close();
});
