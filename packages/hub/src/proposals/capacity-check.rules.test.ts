import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byRole, compareWeeks, feasibilityOf, leftToBook, spreadByWeek, supplyKey } from './capacity-check.rules.ts';

const calendar = { days: [1, 2, 3, 4, 5], holidays: ['2026-04-06'] };
const hour = 3_600;

test('work is spread over working days, week by week, without holidays', () => {
  // Thursday and Friday, then four days because of Easter Monday.
  expect([...spreadByWeek({ seconds: 60 * hour, start: '2026-04-02', end: '2026-04-10' }, calendar)]).toEqual([
    ['2026-03-30', 20 * hour],
    ['2026-04-06', 40 * hour],
  ]);
  expect([...spreadByWeek({ seconds: 10, start: '2026-04-04', end: '2026-04-06' }, calendar)]).toEqual([]);
});

test('whatever is spread, the weeks come to exactly that, and none is below 0', () => {
  const days = fc.date({ noInvalidDate: true, min: new Date('2025-01-01'), max: new Date('2027-12-31') });
  fc.assert(
    fc.property(fc.maxSafeNat(), days, fc.nat(400), (seconds, from, length) => {
      const start = from.toISOString().slice(0, 10);
      const end = Temporal.PlainDate.from(start)
        .add({ days: length + 6 })
        .toString();
      const weeks = [...spreadByWeek({ seconds, start, end }, calendar).values()];
      expect(weeks.reduce((sum, each) => sum + BigInt(each), 0n)).toBe(BigInt(seconds));
      expect(weeks.every((each) => each >= 0)).toBe(true);
    }),
  );
});

const plan = { start: '2026-03-02', end: '2026-03-06' };
const monday = '2026-03-02';

test('a role that stands twice is one role', () => {
  expect(
    byRole([
      { role: 'Developer', seconds: 3 },
      { role: 'Designer', seconds: 1 },
      { role: ' developer', seconds: 4 },
    ]),
  ).toEqual([
    { role: 'Developer', seconds: 7 },
    { role: 'Designer', seconds: 1 },
  ]);
});

test('of a plan that is booked in part the rest is left, by what of it falls into the weeks', () => {
  // 40 hours in each of two weeks, of which one is looked at.
  const work = { role: 'Developer', seconds: 80 * hour, start: '2026-03-02', end: '2026-03-13', chance: '0.5' };
  const within = { from: monday, to: '2026-03-08', calendar };
  expect(leftToBook([work], { ...within, booked: 0 })).toEqual([work]);
  expect(leftToBook([work], { ...within, booked: 10 * hour })).toEqual([{ ...work, seconds: 60 * hour }]);
  expect(leftToBook([work], { ...within, booked: 40 * hour })).toEqual([]);
});

test('a role is covered by its capacity less bookings and the pipeline of other proposals by their chance', () => {
  const weeks = compareWeeks({
    demand: [{ role: 'Developer', seconds: 40 * hour, ...plan, chance: '1' }],
    pipeline: [
      { role: ' developer', seconds: 30 * hour, ...plan, chance: '0.5' },
      { role: 'Designer', seconds: 30 * hour, ...plan, chance: '0.5' },
    ],
    supply: new Map([[supplyKey('DEVELOPER', monday), { capacity: 80 * hour, allocated: 30 * hour, unweighted: 0 }]]),
    calendar,
  });
  expect(weeks).toEqual([
    {
      role: 'Developer',
      week: monday,
      demand: 40 * hour,
      capacity: 80 * hour,
      allocated: 30 * hour,
      unweighted: 0,
      pipeline: 15 * hour,
      free: 35 * hour,
      short: 5 * hour,
    },
  ]);
  expect(feasibilityOf(weeks, [])).toEqual({
    feasible: false,
    reason: '5 hours are not covered, in one week of a role: first Developer in the week of 2026-03-02.',
  });
});

test('people who are promised twice are not free for a third, and only what this one wants is short', () => {
  const [week] = compareWeeks({
    demand: [{ role: 'Developer', seconds: 10 * hour, ...plan, chance: '1' }],
    pipeline: [],
    supply: new Map([[supplyKey('Developer', monday), { capacity: 40 * hour, allocated: 60 * hour, unweighted: 0 }]]),
    calendar,
  });
  expect(week).toMatchObject({ free: -20 * hour, short: 10 * hour });
});

test('nobody can tell where nobody’s capacity is known, unless another role falls short', () => {
  const week = { role: 'Developer', week: monday, capacity: 0, allocated: 0, unweighted: 0, pipeline: 0, free: 0 };
  const covered = { ...week, demand: 0, short: 0 };
  const short = { ...week, demand: hour, short: hour };
  expect(feasibilityOf([covered], [])).toEqual({ feasible: true, reason: null });
  expect(feasibilityOf([covered, { ...short, role: 'Designer' }], ['Designer'])).toEqual({
    feasible: null,
    reason: 'Nobody’s capacity is known of Designer.',
  });
  expect(feasibilityOf([short, { ...short, role: 'Designer' }], ['Designer'])).toMatchObject({ feasible: false });
});
