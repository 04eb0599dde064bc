import type { Counterfeit, Setting, Subject } from '@plumbline/conformance';
import { systemClock } from '@plumbline/connector';
import { mustBeListed, type Delivery } from '@plumbline/emulator';
import { startGoogleEmulator, type CellValue } from '../emulator/index.ts';
import { writeToken } from '../src/channel-token.ts';
import { operations } from './operations.ts';
import { email, privateKey, publicKeyPem } from './desk.ts';
import { rateRows, ratesConfig, ratesSpreadsheet } from './rates.ts';

const TAB = { spreadsheetId: 'rates-2026', tab: 77 };
const ROLE = 1;
const BILL_RATE = 3;

/** A tab of rates, as the conformance kit wants it. */
export async function openRows(setting: Setting): Promise<Subject> {
  const headers = rateRows[0] ?? [];
  const emulator = await startGoogleEmulator({
    spreadsheets: [{ ...ratesSpreadsheet([headers]), timeZone: setting.zone }],
    serviceAccounts: [{ email, publicKeyPem }],
    clock: setting.clock,
    tokenClock: systemClock,
  });
  /** The key of each row beneath the headers, as they stand. */
  const keys: string[] = [];
  let made = 0;
  const rowOf = (id: string): number => {
    const index = keys.indexOf(id);
    if (index < 0) throw new RangeError(`there is no row ${id}`);
    return index + 1;
  };
  const rowFor = (label: string): CellValue[] => {
    const key = `rate-${(made += 1)}`;
    keys.push(key);
    return [key, label, null, 150, 90.5, 46023];
  };
  return {
    emulator,
    config: { rootUrl: emulator.url, ...ratesConfig() },
    secrets: { clientEmail: email, privateKey },
    pageSize: 200,
    make(drafts) {
      const before = keys.length;
      const rows = drafts.map(({ label }) => rowFor(label));
      emulator.insertRows({ ...TAB, before: before + 1, rows });
      return keys.slice(before);
    },
    create(label) {
      emulator.appendRow({ ...TAB, cells: rowFor(label) });
      return keys.at(-1) ?? '';
    },
    change: (id, label) => emulator.setCell({ ...TAB, row: rowOf(id), column: ROLE, value: label }),
    remove(id) {
      emulator.deleteRow({ ...TAB, row: rowOf(id) });
      keys.splice(keys.indexOf(id), 1);
    },
    move(id) {
      const row = rowOf(id);
      emulator.sortRange({ ...TAB, column: 0, from: 1, descending: row < keys.length });
      keys.sort((a, b) => (row < keys.length ? b.localeCompare(a) : a.localeCompare(b)));
    },
    revoke: () => emulator.unshare({ spreadsheetId: TAB.spreadsheetId, email }),
    grant: () => emulator.share({ spreadsheetId: TAB.spreadsheetId, email }),
    spoil: (id) => emulator.setCell({ ...TAB, row: rowOf(id), column: BILL_RATE, value: 'lots' }),
    repair: (id) => emulator.setCell({ ...TAB, row: rowOf(id), column: BILL_RATE, value: 150 }),
    tell: () => emulator.deliveries,
    counterfeits,
    async close() {
      await emulator.close();
      mustBeListed(emulator.requests, operations);
    },
  };
}

/** What may be sent by who has overheard a message of the channel, or has a token of another channel of this hub's. */
function counterfeits(good: Delivery): Counterfeit[] {
  const token = good.headers['x-goog-channel-token'] ?? '';
  const [file = '', until = '', signature = ''] = token.split('.');
  const elsewhere = { channelId: 'a-channel-of-another-file', fileId: 'budgets-2026', validUntil: Number(until) };
  const unlike = (what: string, headers: Record<string, string>): Counterfeit => ({
    what,
    request: { ...good, headers: { ...good.headers, 'x-goog-message-number': '4711', ...headers } },
  });
  return [
    unlike('A channel that nobody opened', { 'x-goog-channel-id': 'made-up' }),
    unlike('A message without a token', { 'x-goog-channel-token': '' }),
    unlike('The token of a channel of another file', {
      'x-goog-channel-token': writeToken(elsewhere, { clientEmail: email, privateKey }),
    }),
    unlike('A token made out to another file', { 'x-goog-channel-token': `budgets-2026.${until}.${signature}` }),
    unlike('A token made out for longer', { 'x-goog-channel-token': `${file}.9${until}.${signature}` }),
    unlike('A message without a number', { 'x-goog-message-number': '' }),
  ];
}
