import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBudget, silentLogger, type Budget, type Limits } from '../../packages/connector/src/index.ts';
import { createQuota } from '../../packages/emulator/src/index.ts';
import { openHub, type Hub } from '../../packages/hub/src/index.ts';
import { sharedLedger } from '../../packages/hub/src/sources/rate-schedule.store.ts';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { lockstepClock, type LockstepClock } from './lockstep.ts';

/** A hundred calls in any ten seconds, kept as HubSpot's connector keeps them. */
const allowed = { calls: 100, perMs: 10_000 };
const limits: Limits = { account: { calls: 90, perMs: 10_000, burst: 10 } };
const LATENCY_MS = 120;
const SECONDS = 60;
const CALLERS = 6;

let database: TestDatabase;
let hubs: Hub[];
let clock: LockstepClock;

beforeEach(async () => {
  database = await emptyDatabase({ durable: false });
  clock = lockstepClock('2026-06-15T12:00:00Z');
  hubs = [];
});
afterEach(async () => {
  for (const hub of hubs) await hub.close();
  await database.drop();
});

/** What another process would have: its own connections to the database, and a budget of its own. */
async function process(): Promise<Budget> {
  const hub = await openHub({ database: database.target, logger: silentLogger, sources: [] });
  hubs.push(hub);
  const ledger = sharedLedger(() => hub.database.rows, 'crm');
  return createBudget(limits, clock, {
    aheadMs: ledger.aheadMs,
    book: (booking) => clock.during(ledger.book(booking)),
    pause: (pause) => clock.during(ledger.pause(pause)),
  });
}

interface Call {
  at: number;
  /** Until when the vendor asks to wait; null when it was let through. */
  refusedUntil: number | null;
}

/** Lets the callers of every process send what they may until the time is up. */
async function send(budgets: readonly Budget[], vendor = createQuota(allowed, clock)): Promise<Call[]> {
  const now = (): number => clock.now().epochMilliseconds;
  const end = now() + SECONDS * 1_000;
  const calls: Call[] = [];
  const caller = async (budget: Budget): Promise<void> => {
    for (;;) {
      await budget.take('objects');
      if (now() >= end) return;
      const spent = vendor.spend();
      calls.push({ at: now(), refusedUntil: spent.allowed ? null : now() + spent.retryAfterMs });
      if (!spent.allowed) await budget.pause('account', spent.retryAfterMs);
      await clock.sleep(LATENCY_MS);
    }
  };
  await Promise.all(budgets.flatMap((budget) => Array.from({ length: CALLERS }, () => caller(budget))));
  return calls;
}

const refused = (calls: readonly Call[]): Call[] => calls.filter(({ refusedUntil }) => refusedUntil !== null);

const embedded = !globalThis.process.env['PLUMBLINE_TEST_DATABASE_URL'];

test('one process uses nine tenths of what the vendor allows, and is never refused', async () => {
  const calls = await send([createBudget(limits, clock)]);
  expect(refused(calls)).toEqual([]);
  expect(calls.length).toBeGreaterThanOrEqual((0.9 * SECONDS * allowed.calls * 1_000) / allowed.perMs);
});

// An embedded database has one process.
test.skipIf(embedded)('two processes use nine tenths together, each its share, and neither is refused', async () => {
  const [first, second] = [await process(), await process()];
  const shares: number[] = [];
  const counted = (budget: Budget, place: number): Budget => ({
    ...budget,
    async take(...asked) {
      const waited = await budget.take(...asked);
      shares[place] = (shares[place] ?? 0) + 1;
      return waited;
    },
  });
  const calls = await send([counted(first, 0), counted(second, 1)]);
  expect(refused(calls)).toEqual([]);
  expect(calls.length).toBeGreaterThanOrEqual((0.9 * SECONDS * allowed.calls * 1_000) / allowed.perMs);
  const [one = 0, other = 0] = shares;
  expect(Math.min(one, other) / Math.max(one, other)).toBeGreaterThan(0.8);
});

test.skipIf(embedded)('a refusal pauses both processes, and what is sent next is not refused again', async () => {
  // Another program has the rest of what the account may send.
  const left = createQuota({ calls: 60, perMs: 10_000 }, clock);
  const calls = await send([await process(), await process()], left);
  expect(refused(calls).length).toBeGreaterThan(3);
  // What was under way when the first was refused shares its fate; what is sent after the pause goes through.
  const inRow = calls.filter(({ at, refusedUntil }, place) => {
    const before = calls[place - 1]?.refusedUntil ?? null;
    return refusedUntil !== null && before !== null && at >= before;
  });
  expect(inRow).toEqual([]);
});
