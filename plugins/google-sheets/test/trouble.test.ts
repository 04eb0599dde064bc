import { manualClock, systemClock, type PollContext } from '@plumbline/connector';
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { email, openDesk, rejection, type Desk, type DeskOptions } from './desk.ts';
import { ratesConfig, ratesSpreadsheet } from './rates.ts';

let desk: Desk | undefined;
afterEach(() => desk?.close());

async function open(options: Partial<DeskOptions> = {}): Promise<Desk> {
  desk = await openDesk({ spreadsheets: [ratesSpreadsheet()], config: ratesConfig(), ...options });
  return desk;
}

test('over the quota the calls wait for the minute to pass and then go through', async () => {
  const { poll, clock, emulator, context } = await open({ limits: { reads: 3 } });
  const { cursor } = await poll('rates');
  const { records } = await poll('rates');
  expect(records).toHaveLength(3);
  expect(cursor).toEqual({ version: '1' });
  expect(emulator.requests.filter(({ status }) => status === 429)).toHaveLength(1);
  expect(context.http.stats.retries).toBe(1);
  expect(clock.slept).toContain(60_000);
});

test('the budget keeps a storm of polls within sixty requests of any minute, so Google refuses none', async () => {
  const { poll, emulator } = await open();
  for (let round = 0; round < 50; round += 1) await poll('rates');
  expect(emulator.requests).toHaveLength(150);
  expect(emulator.requests.filter(({ status }) => status !== 200)).toEqual([]);
});

test('Drive’s older form of "over the quota" is waited out too', async () => {
  const { poll, emulator, clock } = await open();
  const body = {
    error: { code: 403, message: 'User Rate Limit Exceeded', errors: [{ reason: 'userRateLimitExceeded' }] },
  };
  emulator.faults.add({ kind: 'answer', path: '^/drive', times: 2, status: 403, body });
  expect((await poll('rates')).records).toHaveLength(3);
  expect(clock.slept.filter((milliseconds) => milliseconds >= 20_000)).toHaveLength(2);
});

test('an API that is switched off in the project says where to switch it on', async () => {
  const { poll, emulator } = await open();
  const body = { error: { code: 403, status: 'PERMISSION_DENIED', details: [{ reason: 'SERVICE_DISABLED' }] } };
  emulator.faults.add({ kind: 'answer', path: '^/v4', status: 403, body });
  const error = await rejection(poll('rates'));
  expect(error.code).toBe('BAD_CONFIG');
  expect(error.remedy).toContain('Enable the Google Sheets API');
});

test('a key that is not the account’s is refused, without a retry and without the key in the message', async () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const { poll, emulator } = await open({ privateKey: other as string });
  const error = await rejection(poll('rates'));
  expect(error.code).toBe('CREDENTIALS_REJECTED');
  expect(`${error.message} ${error.remedy}`).not.toContain('PRIVATE KEY');
  expect(emulator.requests.map(({ status }) => status)).toEqual([401]);
});

test('a token of this machine is refused by a Google whose clock is two hours ahead', async () => {
  const ahead = manualClock(systemClock.now().add({ hours: 2 }).toString());
  const { poll } = await open({ tokenClock: ahead });
  expect((await rejection(poll('rates'))).remedy).toContain('clock');
});

test('a sheet that is not shared names the account to share it with', async () => {
  const { poll, emulator, check } = await open();
  emulator.unshare({ spreadsheetId: 'rates-2026', email });
  const error = await rejection(poll('rates'));
  expect(error.code).toBe('NOT_FOUND');
  expect(error.message).toContain(`Spreadsheet rates-2026 cannot be read by ${email}.`);
  expect(error.remedy).toBe(`Share the spreadsheet with ${email} as a viewer, and check the id in its address.`);
  expect(await check()).toMatchObject([
    { subject: 'credentials', ok: true },
    { subject: 'spreadsheets.rates-2026', ok: false },
  ]);
  emulator.share({ spreadsheetId: 'rates-2026', email });
  expect((await poll('rates')).records).toHaveLength(3);
});

test('a header that vanishes keeps what was read, is told at every poll, and once it is back the tab is read again', async () => {
  const { stream, context, emulator } = await open();
  const poll = (cursor: unknown) => Array.fromAsync(stream('rates').poll(context, cursor));
  const header = { spreadsheetId: 'rates-2026', tab: 77, row: 0, column: 3 };
  const cursor = (await poll(null)).at(-1)?.cursor;
  emulator.setCell({ ...header, value: 'Price' });
  const gone = await poll(cursor);
  expect(gone).toMatchObject([{ records: [], cursor, complete: true }]);
  expect(gone[0]?.unread).toMatch(/has no header "BILL {2}rate" in row 1.*"Price"/);
  expect(gone[0]?.allIds).toBeUndefined();
  expect((await poll(cursor))[0]?.unread).toBe(gone[0]?.unread);
  emulator.setCell({ ...header, value: 'Bill rate' });
  expect((await poll(cursor)).at(-1)).toMatchObject({ complete: true, allIds: expect.any(Array) });
});

test('a header that was never there ends the first poll', async () => {
  const { poll, emulator } = await open();
  emulator.setCell({ spreadsheetId: 'rates-2026', tab: 77, row: 0, column: 3, value: 'Price' });
  expect((await rejection(poll('rates'))).code).toBe('BAD_CONFIG');
});

test('a page of HTML, a cut answer and a reset connection are tried again', async () => {
  const { poll, emulator } = await open();
  emulator.faults.add({ kind: 'truncate', path: 'batchGetByDataFilter', times: 1 });
  emulator.faults.add({ kind: 'reset', path: '^/drive', times: 1 });
  emulator.faults.add({ kind: 'answer', path: '^/v4/spreadsheets/rates-2026\\?', times: 1, status: 503 });
  expect((await poll('rates')).records).toHaveLength(3);
  emulator.faults.add({ kind: 'html', path: 'batchGetByDataFilter' });
  expect((await rejection(poll('rates'))).code).toBe('BAD_RESPONSE');
});

test('an abort ends the poll with its own reason, and nothing is tried again', async () => {
  const { poll, abort, emulator } = await open();
  const stop = new Error('the operator stopped the run');
  abort(stop);
  await expect(poll('rates')).rejects.toBe(stop);
  expect(emulator.requests).toEqual([]);
});

/** A context in which somebody edits the sheet right after each of the first answers of this path. */
function editing(context: PollContext, path: string, edits: (() => void)[]): PollContext {
  const fetch: PollContext['http']['fetch'] = async (url, init, call) => {
    const response = await context.http.fetch(url, init, call);
    if (String(url).includes(path)) edits.shift()?.();
    return response;
  };
  return { ...context, http: { stats: context.http.stats, fetch } };
}

const LONG = Array.from({ length: 9_000 }, (_, at) => [`key-${at}`, 'Developer', null, at % 300, 50, 46023]);
const longSheet = () => ratesSpreadsheet([['Key', 'Role', 'Person', 'Bill rate', 'Cost rate', 'From'], ...LONG]);

test('a long tab is read in parts, and again when it changed between them', async () => {
  const { stream, context, emulator, paths } = await open({ spreadsheets: [longSheet()] });
  const insert = () => emulator.insertRows({ spreadsheetId: 'rates-2026', tab: 77, before: 1, rows: [['new', 'QA']] });
  const pages = await Array.fromAsync(stream('rates').poll(editing(context, 'batchGet', [insert]), null));
  expect(pages.at(-1)).toMatchObject({ complete: true, cursor: { version: '2' } });
  expect(new Set(pages.at(-1)?.allIds).size).toBe(9_001);
  expect(paths().filter((path) => path.includes('batchGet'))).toHaveLength(4);
});

test('a sheet that never stands still is stored, but says so, reports nothing gone and keeps the old cursor', async () => {
  const { stream, context, emulator } = await open({ spreadsheets: [longSheet()] });
  const edit = () => emulator.deleteRow({ spreadsheetId: 'rates-2026', tab: 77, row: 5 });
  const busy = editing(context, 'batchGet', [edit, edit, edit, edit, edit, edit]);
  const pages = await Array.fromAsync(stream('rates').poll(busy, { version: '0' }));
  expect(pages.at(-1)).toMatchObject({ complete: true, cursor: { version: '0' }, skipped: [{ id: null }] });
  expect(pages.at(-1)?.allIds).toBeUndefined();
});
