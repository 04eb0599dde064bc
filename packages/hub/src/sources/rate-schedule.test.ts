import { createBudget, manualClock, silentLogger, type Limit, type ManualClock } from '@plumbline/connector';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { openHub, type Hub } from '../hub.ts';
import { sharedLedger } from './rate-schedule.store.ts';

const START = '2026-03-01T00:00:00Z';

let database: TestDatabase;
let hub: Hub;
let clock: ManualClock;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  hub = await openHub({ database: database.target, logger: silentLogger, sources: [] });
});
afterAll(async () => {
  await hub.close();
  await database.drop();
});
beforeEach(async () => {
  clock = manualClock(START);
  await forget();
});

const forget = () => sql`delete from rate_schedule`.execute(hub.database.rows);
/** What another process would have: a budget of its own over the same rows. */
const process = (limits: Record<string, Limit>) =>
  createBudget(
    limits,
    clock,
    sharedLedger(() => hub.database.rows, 'crm'),
  );

test('a limit over a day holds beyond the first hour of its schedule', async () => {
  const budget = process({ read: { calls: 4, perMs: 86_400_000 } });
  const hours: number[] = [];
  for (let call = 0; call < 7; call += 1) {
    await budget.take('read');
    hours.push(clock.now().since(Temporal.Instant.from(START)).total('hours'));
  }
  // A turn may be used 200 ms late, so the burst is smaller by that: the last of it leaves as much later.
  expect(hours.map(Math.round)).toEqual([0, 0, 0, 0, 6, 12, 18]);
});

test('however calls of two processes arrive, no span of time sees more than the limit, be it over a second or a day', async () => {
  const keeps = async (limit: Required<Limit>, calls: readonly { process: number; afterMs: number }[]) => {
    await forget();
    const budgets = [process({ read: limit }), process({ read: limit })];
    const times: number[] = [];
    for (const { process: place, afterMs } of calls) {
      clock.advance(afterMs);
      await budgets[place]?.take('read');
      times.push(clock.now().epochMilliseconds);
    }
    for (const [first, from] of times.entries()) {
      for (const [offset, to] of times.slice(first).entries()) {
        // Clocks wake up by whole milliseconds.
        expect(offset + 1).toBeLessThanOrEqual(limit.burst + ((to - from + 1) * limit.calls) / limit.perMs);
      }
    }
  };
  const limit: fc.Arbitrary<Required<Limit>> = fc.record({
    calls: fc.integer({ min: 1, max: 200 }),
    perMs: fc.constantFrom(1_000, 3_600_000, 86_400_000),
    burst: fc.integer({ min: 1, max: 50 }),
  });
  const arrival = fc.record({ process: fc.nat({ max: 1 }), afterMs: fc.nat({ max: 600 }) });
  const arrivals = fc.array(arrival, { minLength: 1, maxLength: 60 });
  await fc.assert(fc.asyncProperty(limit, arrivals, keeps), { numRuns: 30 });
});

test('where a schedule stands that a wrong clock wrote is not believed', async () => {
  const budget = process({ read: { calls: 1, perMs: 60_000 } });
  const aYear = clock.now().add({ hours: 365 * 24 }).epochMilliseconds;
  await sql`insert into rate_schedule values ('crm', 'read', ${aYear}, ${aYear})`.execute(hub.database.rows);
  expect(await budget.take('read')).toBe(0);
  expect(await budget.take('read')).toBe(60_000);
});

test('a pause of a class that has no limit is kept by the other process from its first call on', async () => {
  const [one, other] = [process({}), process({})];
  await one.pause('read', 30_000);
  expect(await other.take('read')).toBe(30_000);
});

test('while the ledger is away calls fail by an error of ours, a pause holds, and the ledger hears of it afterwards', async () => {
  const { rows } = hub.database;
  const [one, other] = [process({}), process({})];
  await sql`alter table rate_schedule rename to rate_schedule_away`.execute(rows);
  await expect(one.take('read')).rejects.toMatchObject({ name: 'HubError', code: 'UNAVAILABLE', retryable: true });
  await one.pause('read', 30_000);
  await sql`alter table rate_schedule_away rename to rate_schedule`.execute(rows);
  expect(await one.take('write')).toBe(0);
  expect(await other.take('read')).toBe(30_000);
});
