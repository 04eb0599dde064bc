import { afterEach, expect, test } from 'vitest';
import type { HubSpotRecord } from '../emulator/index.ts';
import { deal, openPortal, type OpenPortal, type Read } from './test-kit.ts';

let open: OpenPortal | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

/** Companies take the same way as deals, and fewer requests. */
function* companies(count: number, step: number, first = 1, at?: number): Generator<HubSpotRecord> {
  for (const { id, created, updated } of deals(count, step, first, at)) {
    yield { type: 'companies', id, properties: { name: `Company ${id}` }, created, updated };
  }
}

/** Deals whose last changes are `step` milliseconds apart. */
function* deals(
  count: number,
  step: number,
  first = 1,
  at = Date.parse('2026-02-01T00:00:00Z'),
): Generator<HubSpotRecord> {
  for (let index = 0; index < count; index += 1) {
    yield deal(first + index, {}, new Date(at + index * step).toISOString());
  }
}

function timesRead(read: Read): Map<string, number> {
  const times = new Map<string, number>();
  for (const { id } of read.pages.flatMap(({ records }) => records)) times.set(id, (times.get(id) ?? 0) + 1);
  return times;
}

test('more records than HubSpot gives for one search are read completely, each once, in pages of at most 200', async () => {
  open = await openPortal();
  open.emulator.load({ records: companies(10_450, 1_000) });
  const read = await open.read('companies');
  const times = timesRead(read);
  expect(times.size).toBe(10_450);
  expect(new Set(times.values())).toEqual(new Set([1]));
  expect(Math.max(...read.pages.map(({ records }) => records.length))).toBeLessThanOrEqual(200);
  expect(open.emulator.requests.filter(({ status }) => status >= 400)).toEqual([]);
});

test('more than 10,000 changes of one millisecond are told apart by their ids', async () => {
  open = await openPortal();
  open.emulator.load({ records: companies(130, 1_000) });
  open.emulator.load({ records: companies(10_300, 0, 1_000, Date.parse('2026-02-02T00:00:00Z')) });
  open.emulator.load({ records: companies(130, 1_000, 20_000, Date.parse('2026-02-02T00:00:00.001Z')) });
  const read = await open.read('companies');
  const times = timesRead(read);
  expect(times.size).toBe(10_560);
  expect(new Set(times.values())).toEqual(new Set([1]));
});

test('equal times over a page boundary lose and repeat nothing', async () => {
  open = await openPortal();
  open.emulator.load({ records: deals(190, 1_000) });
  open.emulator.load({ records: deals(40, 0, 500, Date.parse('2026-02-01T00:03:10Z')) });
  open.emulator.load({ records: deals(200, 0, 900, Date.parse('2026-02-01T00:03:11Z')) });
  open.emulator.load({ records: deals(30, 1_000, 2_000, Date.parse('2026-02-01T00:03:12Z')) });
  const times = timesRead(await open.read('deals'));
  expect(times.size).toBe(460);
  expect(new Set(times.values())).toEqual(new Set([1]));
});

test('from the cursor behind any page the rest is read', async () => {
  open = await openPortal();
  open.emulator.load({ records: deals(350, 1_000) });
  open.emulator.load({ records: deals(450, 0, 1_000, Date.parse('2026-02-02T00:00:00Z')) });
  open.emulator.load({ records: deals(250, 1_000, 3_000, Date.parse('2026-02-03T00:00:00Z')) });
  const whole = await open.read('deals');
  expect(whole.records.size).toBe(1_050);
  for (let pages = 1; pages <= whole.pages.length; pages += 1) {
    const before = await open.read('deals', null, pages);
    const rest = await open.read('deals', before.cursor);
    expect(new Set([...before.records.keys(), ...rest.records.keys()]).size).toBe(1_050);
    expect(rest.records.size + before.records.size).toBe(1_050);
    expect(rest.cursor).toEqual(whole.cursor);
  }
});

test('after an edit of all deals at nearly one time, a quiet poll is as short and a change as cheap as ever', async () => {
  open = await openPortal();
  open.emulator.load({ records: deals(3_000, 1) });
  const first = await open.read('deals');
  open.emulator.forgetRequests();
  const second = await open.read('deals', first.cursor);
  expect(second.records.size).toBe(0);
  expect(second.cursor).toEqual(first.cursor);
  expect(open.emulator.requests).toHaveLength(3);
  open.emulator.update('deals', '7', { amount: '7' });
  expect([...(await open.read('deals', second.cursor)).records.keys()]).toEqual(['7']);
});

test('two records that change at one time are told apart, though a poll came between', async () => {
  open = await openPortal();
  open.emulator.load({ records: deals(2, 0) });
  const first = await open.read('deals');
  open.emulator.load({ records: deals(1, 0, 3) });
  const second = await open.read('deals', first.cursor);
  expect([...second.records.keys()]).toEqual(['3']);
  expect((await open.read('deals', second.cursor)).cursor).toEqual(second.cursor);
});

test('what was read within the hour of its change is read again, and no more once it has settled', async () => {
  open = await openPortal();
  open.emulator.load({ records: deals(3, 1_000) });
  open.emulator.update('deals', '2', { amount: '2' });
  const fresh = await open.read('deals');
  expect(fresh.cursor).not.toHaveProperty('settled');
  open.clock.advance(2 * 3_600_000);
  const later = await open.read('deals', fresh.cursor);
  expect(later.records.size).toBe(0);
  expect(later.cursor).toHaveProperty('settled', true);
  expect((await open.read('deals', later.cursor)).cursor).toEqual(later.cursor);
});

test('deals that change while they are read push no other one over a page boundary', async () => {
  open = await openPortal();
  open.emulator.load({ records: deals(1_000, 1_000) });
  const seen = new Set<string>();
  let next = 1;
  for await (const { records } of open.stream('deals').poll(open.context, null)) {
    for (const { id } of records) seen.add(id);
    if (next > 20) continue;
    open.clock.advance(1_000);
    open.emulator.update('deals', String(next), { amount: '5' });
    next += 1;
  }
  expect(seen.size).toBe(1_000);
});

test('what the index shows late is found by the next poll, though newer changes were read before it', async () => {
  open = await openPortal({ indexLagMs: 120_000 });
  open.emulator.load({ records: deals(10, 1_000) });
  const first = await open.read('deals');
  open.emulator.update('deals', '4', { amount: '44' });
  // Another index node is quicker: a newer change shows at once.
  open.clock.advance(60_000);
  open.emulator.load({ records: [deal(11, {}, open.clock.now().toString())] });
  const second = await open.read('deals', first.cursor);
  expect([...second.records.keys()]).toEqual(['11']);
  open.clock.advance(120_000);
  const third = await open.read('deals', second.cursor);
  expect([...third.records.keys()]).toEqual(['4']);
});

test('an empty portal ends with a cursor that finds the first deal', async () => {
  open = await openPortal();
  const first = await open.read('deals');
  expect(first.pages.map(({ complete }) => complete)).toEqual([true]);
  expect((await open.read('deals', first.cursor)).cursor).toEqual(first.cursor);
  open.emulator.create('deals', { dealname: 'First', pipeline: 'default', dealstage: 'lead' }, '1');
  expect([...(await open.read('deals', first.cursor)).records.keys()]).toEqual(['1']);
});

test('associations of many pages are read to their end', async () => {
  open = await openPortal({ associationPageSize: 2 });
  open.emulator.load({
    records: [deal(1)],
    associations: [11, 12, 13, 14, 15].map((id) => ({
      from: { type: 'deals' as const, id: '1' },
      to: { type: 'companies' as const, id: String(id) },
      typeId: id === 15 ? 5 : 341,
    })),
  });
  expect(open.map('deals', await open.read('deals')).get('1')?.fields).toMatchObject({ client: 'hubspot-company:15' });
});
