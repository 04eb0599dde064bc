import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryLedger } from './budget-ledger.ts';
import { createBudget, type Limit } from './budget.ts';
import { manualClock, type Clock } from './clock.ts';

const START = '2026-03-01T00:00:00Z';

/** A clock whose sleepers wait until they are woken, the time then being what they slept for. */
function clockWithSleepers(): { clock: Clock; due: (() => void)[] } {
  const due: (() => void)[] = [];
  let now = Temporal.Instant.from(START);
  const clock: Clock = {
    ...manualClock(START),
    now: () => now,
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        due.push(() => {
          now = now.add({ milliseconds });
          resolve();
        });
      }),
  };
  return { clock, due };
}

test('whoever gives up leaves the line at once, and those behind are served in the order they came', async () => {
  const { clock, due } = clockWithSleepers();
  const budget = createBudget({ read: { calls: 1, perMs: 60_000 } }, clock);
  const served: string[] = [];
  const giveUp = new AbortController();
  const take = (name: string, signal?: AbortSignal) => budget.take('read', signal).then(() => served.push(name));
  await take('first');
  const second = take('second');
  const third = take('third', giveUp.signal);
  const fourth = take('fourth');
  giveUp.abort(new Error('the run was cancelled'));
  await expect(third).rejects.toThrow('the run was cancelled');
  expect(served).toEqual(['first']);
  due.shift()?.();
  await second;
  await expect.poll(() => due.length).toBe(1);
  due.shift()?.();
  await fourth;
  expect(served).toEqual(['first', 'second', 'fourth']);
});

test('after a pause nothing comes in a burst', async () => {
  const clock = manualClock(START);
  const budget = createBudget({ read: { calls: 10, perMs: 1_000 } }, clock);
  await budget.pause('read', 5_000);
  const times: number[] = [];
  for (let call = 0; call < 3; call += 1) {
    await budget.take('read');
    times.push(clock.now().since(Temporal.Instant.from(START)).total('milliseconds'));
  }
  expect(times).toEqual([5_000, 5_100, 5_200]);
});

test('a call that waits for the account keeps the pause its class was given meanwhile', async () => {
  const { clock, due } = clockWithSleepers();
  const limits = { read: { calls: 10, perMs: 1_000 }, account: { calls: 1, perMs: 60_000 } };
  const budget = createBudget(limits, clock);
  await budget.take('read');
  const second = budget.take('read');
  await expect.poll(() => due.length).toBe(1);
  await budget.pause('read', 120_000);
  due.shift()?.();
  await expect.poll(() => due.length).toBe(1);
  due.shift()?.();
  expect(await second).toBe(120_000);
});

const limits: fc.Arbitrary<Required<Limit>> = fc.record({
  calls: fc.integer({ min: 1, max: 200 }),
  perMs: fc.constantFrom(1_000, 10_000, 60_000, 3_600_000, 86_400_000),
  burst: fc.integer({ min: 1, max: 200 }),
});
const arrivals = fc.array(fc.record({ process: fc.nat({ max: 1 }), afterMs: fc.nat({ max: 600 }) }), {
  minLength: 1,
  maxLength: 120,
});

test('however calls arrive, in one process or two that hold turns ahead, no span of time sees more than the limit', async () => {
  const run = async (
    limit: Required<Limit>,
    aheadMs: number,
    calls: readonly { process: number; afterMs: number }[],
  ) => {
    const clock = manualClock(START);
    const ledger = { ...memoryLedger(), aheadMs };
    const budgets = [0, 1].map(() => createBudget({ read: limit }, clock, ledger));
    const times: number[] = [];
    for (const { process, afterMs } of calls) {
      clock.advance(afterMs);
      await budgets[process]?.take('read');
      times.push(clock.now().epochMilliseconds);
    }
    for (const [first, from] of times.entries()) {
      for (const [last, to] of times.entries()) {
        if (last < first) continue;
        // Clocks wake up by whole milliseconds.
        const allowed = limit.burst + ((to - from + 1) * limit.calls) / limit.perMs;
        expect(last - first + 1).toBeLessThanOrEqual(allowed);
      }
    }
  };
  await fc.assert(fc.asyncProperty(limits, fc.constantFrom(0, 200), arrivals, run), { numRuns: 60 });
});
