import { describe, expect, test } from 'vitest';
import type { HubSpotRecord } from '@plumbline/hubspot/emulator';
import { daysBetween, isOpen, portalDay, property, readHoldings, stateOf, type Holdings } from './holdings.test-kit.ts';
import type { RuleId, Truth } from './truth-types.ts';

/** Each rule once more, from the vendors' data alone. */
describe.each(['acme', 'zenith', '東京'])('in the company of seed %s', (seed) => {
  const held = readHoldings(seed);
  const { today } = held;
  const truth = held.company.truth();
  const live = held.deals.filter(({ archived }) => !archived);
  const open = live.filter(isOpen);

  test('R01 is every won deal that no key links with a project after three business days', () => {
    const named = namedByProjects(held);
    const waiting = live.filter(
      (deal) =>
        stateOf(deal) === 'WON' &&
        property(deal, 'jira_project_key') === '' &&
        !named.has(deal.id) &&
        businessDays(closeDay(deal), today) > 3,
    );
    expect(subjects(truth, 'R01')).toEqual(keys(waiting));
    expect(waiting.length).toBeGreaterThanOrEqual(3);
    const fresh = live.filter(
      (deal) => stateOf(deal) === 'WON' && property(deal, 'jira_project_key') === '' && !named.has(deal.id),
    );
    expect(fresh).toHaveLength(waiting.length + 1);
  });

  test('R07, R21 and R23 are what sellers have let slip', () => {
    expect(subjects(truth, 'R07')).toEqual(keys(open.filter((deal) => closeDay(deal) < today)));
    const idle = (deal: HubSpotRecord): number => daysBetween(portalDay(property(deal, 'notes_last_contacted')), today);
    expect(subjects(truth, 'R21')).toEqual(keys(open.filter((deal) => idle(deal) > 14)));
    expect(Math.max(...open.map(idle).filter((days) => days <= 14))).toBeLessThan(12);
    const stepless = open.filter(
      (deal) => property(deal, 'hs_next_step') === '' || property(deal, 'next_step_date') < today,
    );
    expect(subjects(truth, 'R23')).toEqual(keys(stepless));
    for (const rule of ['R07', 'R21', 'R23'] as const) expect(subjects(truth, rule).length).toBeGreaterThanOrEqual(4);
  });

  test('a pipeline edit has touched every deal, so the last modification says nothing of activity', () => {
    for (const deal of live) expect(daysBetween(portalDay(deal.updated), today)).toBeLessThan(4);
  });

  test('R19 is every open deal of an owner who has left', () => {
    const ownerless = open.filter((deal) => held.ownerIsHere.get(property(deal, 'hubspot_owner_id')) === false);
    expect(subjects(truth, 'R19').filter((key) => key.startsWith('hubspot-deal:'))).toEqual(keys(ownerless));
    expect(ownerless).toHaveLength(2);
  });

  test('R22 counts pushes of the close date, and not the pulls', () => {
    const often = open.filter((deal) => pushes(deal) >= 3);
    expect(subjects(truth, 'R22')).toEqual(keys(often));
    expect(often).toHaveLength(3);
    for (const { subject, figures } of truth.anomalies.filter(({ rule }) => rule === 'R22')) {
      const deal = live.find(({ id }) => subject.key === `hubspot-deal:${id}`);
      expect(deal && pushes(deal)).toBe(figures.pushes);
    }
    expect(held.deals.some((deal) => moves(deal).some((days) => days < 0))).toBe(true);
  });

  test('R24 is every pair of open deals that look alike, and no other pair comes near', () => {
    const pairs = live.flatMap((one, index) => live.slice(index + 1).map((other) => [one, other] as const));
    const alike = pairs.filter(
      ([one, other]) =>
        held.companyOf.get(one.id) === held.companyOf.get(other.id) &&
        Math.abs(amount(one) - amount(other)) <= 0.1 * Math.max(Math.abs(amount(one)), Math.abs(amount(other))) &&
        Math.abs(daysBetween(closeDay(one), closeDay(other))) <= 30 &&
        similarity(property(one, 'dealname'), property(other, 'dealname')) > 0.5,
    );
    expect(subjects(truth, 'R24')).toEqual(keys(alike.map(([one]) => one)));
    expect(alike).toHaveLength(3);
  });
});

function keys(deals: readonly HubSpotRecord[]): string[] {
  return deals.map(({ id }) => `hubspot-deal:${id}`).sort();
}

function subjects({ anomalies }: Truth, rule: RuleId): string[] {
  return anomalies
    .filter((anomaly) => anomaly.rule === rule)
    .map(({ subject }) => subject.key)
    .sort();
}

function closeDay(deal: HubSpotRecord): string {
  return portalDay(property(deal, 'closedate'));
}

function amount(deal: HubSpotRecord): number {
  return Number(property(deal, 'amount'));
}

function namedByProjects({ projects }: Holdings): Set<string> {
  return new Set(
    projects.flatMap(({ properties }) => (properties?.plumbline as { deals: string[] } | undefined)?.deals ?? []),
  );
}

function businessDays(from: string, to: string): number {
  let count = 0;
  for (
    let day = Temporal.PlainDate.from(from).add({ days: 1 });
    Temporal.PlainDate.compare(day, to) <= 0;
    day = day.add({ days: 1 })
  ) {
    if (day.dayOfWeek <= 5) count += 1;
  }
  return count;
}

function moves(deal: HubSpotRecord): number[] {
  const days = (deal.history?.closedate ?? []).map(({ value }) => portalDay(value)).toReversed();
  return days.slice(1).map((day, index) => daysBetween(days[index] ?? day, day));
}

function pushes(deal: HubSpotRecord): number {
  return moves(deal).filter((days) => days > 0).length;
}

/** Share of letter pairs that two texts have in common (Dice). */
function similarity(one: string, other: string): number {
  const pairs = (text: string): string[] =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
  const left = pairs(one.toLowerCase());
  const right = pairs(other.toLowerCase());
  const common = left.filter((pair) => right.includes(pair)).length;
  return (2 * common) / (left.length + right.length);
}
