import fc from 'fast-check';
import { expect, test } from 'vitest';
import { workingDaysBetween } from '../people/calendar.ts';
import { curveOf, plannedValueOn, raisedCurve, type CostPlan } from './planned-value.rules.ts';

const calendar = { days: [1, 2, 3, 4, 5], holidays: ['2026-05-01', '2026-05-02'] };
const plan: CostPlan = { plannedCost: '100000', start: '2026-01-01', end: '2026-06-29', plannedValues: null };
const day = fc
  .integer({ min: 0, max: 800 })
  .map((days) => Temporal.PlainDate.from('2025-06-01').add({ days }).toString());
const valueOn = (of: CostPlan, on: string): number => Number(plannedValueOn(curveOf(of), on, calendar));

test('a plan without points grows evenly over working days, from the day before its start to its end', () => {
  const on = (date: string) => plannedValueOn(curveOf(plan), date, { days: calendar.days, holidays: [] });
  expect(on('2025-12-31')).toBe('0');
  expect(on('2026-03-31')).toBe('50000');
  // A weekend is no progress.
  expect(on('2026-03-29')).toBe(on('2026-03-27'));
  expect(on('2026-06-29')).toBe('100000');
  expect(on('2027-01-01')).toBe('100000');
});

test('a plan without a cost, a start or an end has no curve', () => {
  for (const gap of ['plannedCost', 'start', 'end'] as const) {
    expect(plannedValueOn(curveOf({ ...plan, [gap]: null }), '2026-03-31', calendar)).toBe(null);
  }
});

test('working days are those that counting one by one finds', () => {
  const dates = fc.tuple(
    day,
    day,
    fc.uniqueArray(fc.integer({ min: 1, max: 7 })),
    fc.uniqueArray(day, { maxLength: 9 }),
  );
  fc.assert(
    fc.property(dates, ([one, other, days, holidays]) => {
      const [from, to] = one < other ? [one, other] : [other, one];
      let count = 0;
      for (let date = Temporal.PlainDate.from(from); date.toString() < to;) {
        date = date.add({ days: 1 });
        if (days.includes(date.dayOfWeek) && !holidays.includes(date.toString())) count += 1;
      }
      expect(workingDaysBetween(from, to, { days, holidays })).toBe(count);
    }),
  );
});

/** Points in order whose values never fall, and the plan they are of. */
const curves = fc
  .uniqueArray(fc.tuple(day, fc.integer({ min: 0, max: 1_000_000 })), {
    minLength: 1,
    maxLength: 8,
    selector: ([on]) => on,
  })
  .map((points): CostPlan => {
    const [days, values] = [points.map(([on]) => on).toSorted(), points.map(([, value]) => value)];
    const plannedValues = values
      .toSorted((a, b) => a - b)
      .map((value, index) => ({ on: days[index] ?? '', value: String(value) }));
    return { ...plan, plannedValues, plannedCost: plannedValues.at(-1)?.value ?? '0' };
  });

test('what is planned never falls, stays within nothing and everything, and keeps to its points', () => {
  fc.assert(
    fc.property(curves, day, day, (of, one, other) => {
      const [earlier, later] = one < other ? [one, other] : [other, one];
      expect(valueOn(of, earlier)).toBeLessThanOrEqual(valueOn(of, later));
      expect(valueOn(of, one)).toBeGreaterThanOrEqual(0);
      expect(valueOn(of, one)).toBeLessThanOrEqual(Number(of.plannedCost));
      for (const { on, value } of curveOf(of)) expect(valueOn(of, on)).toBe(Number(value));
    }),
  );
});

test('a raised plan is as before until the signature, and holds what was added at its end', () => {
  fc.assert(
    fc.property(curves, day, day, fc.integer({ min: -1_000, max: 1_000_000 }), (of, signedOn, end, cost) => {
      const plannedValues = raisedCurve(of, { cost: String(cost), signedOn, end, calendar });
      const raised = { ...of, plannedValues };
      const before = Temporal.PlainDate.from(signedOn).subtract({ days: 1 }).toString();
      expect(valueOn(raised, before)).toBeCloseTo(valueOn(of, before), 6);
      expect(valueOn(raised, '2099-01-01')).toBe(Number(of.plannedCost) + cost);
    }),
  );
});
