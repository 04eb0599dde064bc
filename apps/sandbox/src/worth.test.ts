import { expect, test } from 'vitest';
import { dayOf } from './days.ts';
import { createWorthTally } from './worth.ts';
import type { Currency } from './money.ts';

function consultant(
  currency: Currency,
  rates: { from: string; to?: string; bill: number | null; cost: number | null }[],
) {
  return {
    region: { currency },
    rates: rates.map(({ from, to, bill, cost }) => ({
      from: dayOf(from),
      to: to === undefined ? null : dayOf(to),
      bill,
      cost,
    })),
  };
}

const day = dayOf('2026-06-01');

test('forty hours at 150 and 90 are 6,000 of price and 3,600 of cost', () => {
  const tally = createWorthTally();
  const person = consultant('EUR', [{ from: '2026-01-01', bill: 150, cost: 90 }]);
  for (let count = 0; count < 5; count += 1) tally.add({ person, day, seconds: 28_800 });
  expect(tally.worth()).toEqual({
    byCurrency: [{ currency: 'EUR', price: '6000', cost: '3600' }],
    unpricedSeconds: { bill: 0, cost: 0 },
  });
});

test('quarters of an hour cost to the cent, each currency by itself', () => {
  const tally = createWorthTally();
  tally.add({ person: consultant('USD', [{ from: '2026-01-01', bill: 151, cost: 1 }]), day, seconds: 900 });
  tally.add({ person: consultant('JPY', [{ from: '2026-01-01', bill: 18_500, cost: 9_000 }]), day, seconds: 5_400 });
  tally.add({ person: consultant('USD', [{ from: '2026-01-01', bill: 131, cost: 0 }]), day, seconds: 2_700 });
  expect(tally.worth().byCurrency).toEqual([
    { currency: 'JPY', price: '27750', cost: '13500' },
    { currency: 'USD', price: '136', cost: '0.25' },
  ]);
});

test('time is priced at the rate of its day', () => {
  const tally = createWorthTally();
  const person = consultant('GBP', [
    { from: '2026-01-01', to: '2026-05-31', bill: 100, cost: 60 },
    { from: '2026-06-01', bill: 110, cost: 70 },
  ]);
  tally.add({ person, day: day - 1, seconds: 3_600 });
  tally.add({ person, day, seconds: 3_600 });
  expect(tally.worth().byCurrency).toEqual([{ currency: 'GBP', price: '210', cost: '130' }]);
});

test('time without a rate is in no amount; its seconds are told', () => {
  const tally = createWorthTally();
  const costless = consultant('CHF', [{ from: '2026-01-01', bill: 120, cost: null }]);
  tally.add({ person: costless, day, seconds: 7_200 });
  tally.add({ person: costless, day: dayOf('2025-12-31'), seconds: 1_800 });
  tally.add({ person: consultant('EUR', []), day, seconds: 900 });
  expect(tally.worth()).toEqual({
    byCurrency: [{ currency: 'CHF', price: '240', cost: '0' }],
    unpricedSeconds: { bill: 2_700, cost: 9_900 },
  });
});

test('an amount that has no exact text is refused, not rounded', () => {
  const tally = createWorthTally();
  tally.add({ person: consultant('EUR', [{ from: '2026-01-01', bill: 100, cost: 60 }]), day, seconds: 61 });
  expect(() => tally.worth()).toThrow(RangeError);
});
