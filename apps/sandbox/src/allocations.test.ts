import { describe, expect, test } from 'vitest';
import { readHoldings, sum } from './holdings.test-kit.ts';

describe.each(['acme', 'zenith', '東京'])('in the company of seed %s', (seed) => {
  const held = readHoldings(seed);
  const rows = held.rows('Allocations');
  const hours = new Map(held.rows('Capacity').map((row) => [row['E-mail'], Number(row['Hours per day'])]));
  const monday = Temporal.PlainDate.from(held.today).subtract({
    days: Temporal.PlainDate.from(held.today).dayOfWeek - 1,
  });

  test('people and projects of the plan are in the registers', () => {
    const projects = new Set(held.rows('Projects').map((row) => row['Key']));
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((row) => !hours.has(row['E-mail']!) || !projects.has(row['Project']!))).toEqual([]);
  });

  test('R29 is every week in which the plan holds more than somebody’s working time', () => {
    const found = Array.from({ length: 8 }, (_, week) => monday.add({ weeks: week })).flatMap((week) =>
      [...hours].flatMap(([email, perDay]) => {
        const booked = (type: string): number =>
          sum(
            [0, 1, 2, 3, 4].flatMap((offset) =>
              rows
                .filter((row) => row['E-mail'] === email && row['Type'] === type)
                .filter((row) => isWithin(week.add({ days: offset }).toString(), row))
                .map((row) => Number(row['Hours per day']) * 3_600),
            ),
          );
        const [hardSeconds, softSeconds, capacitySeconds] = [booked('hard'), booked('soft'), perDay * 5 * 3_600];
        if (hardSeconds + softSeconds <= capacitySeconds) return [];
        return [`${email} ${JSON.stringify({ week: week.toString(), hardSeconds, softSeconds, capacitySeconds })}`];
      }),
    );
    const told = held.company.truth().anomalies.filter(({ rule }) => rule === 'R29');
    expect(told.map(({ subject, figures }) => `${subject.key.slice(6)} ${JSON.stringify(figures)}`).sort()).toEqual(
      found.sort(),
    );
    const promised = told.filter(({ figures }) => Number(figures['hardSeconds']) > Number(figures['capacitySeconds']));
    expect(promised).toHaveLength(4);
    expect(told).toHaveLength(8);
  });
});

function isWithin(day: string, row: Record<string, unknown>): boolean {
  return String(row['From']) <= day && day <= String(row['To']);
}
