import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WorkWorth } from '../time/work-worth.store.ts';
import type { ProjectFacts } from './project-facts.store.ts';
import { figureWarnings } from './early-warning.rules.ts';
import { readWarningLimits } from './early-warning.settings.ts';
import { basisOf, figuresOf, sumOf } from './project-metrics.rules.ts';

/** Work at 150 and 90 euros an hour, none of it lately. */
const line = (seconds: number, more: Partial<WorkWorth> = {}): WorkWorth => ({
  project_id: 'p',
  scope: 'BASELINE',
  nature: 'WORK',
  seconds,
  bill: String((seconds / 3_600) * 150),
  cost: String((seconds / 3_600) * 90),
  lately_seconds: 0,
  lately_cost: null,
  ...more,
});

/** Half of the work was to be done, 40 % of the work is done, for 45,000 of 100,000; 20,000 of it in the last four weeks. */
const facts: ProjectFacts = {
  period: null,
  before: null,
  status: 'ACTIVE',
  today: '2026-03-31',
  plan: {
    currency: 'EUR',
    contractValue: '500000',
    plannedCost: '100000',
    plannedSeconds: 7_200_000,
    origin: 'BASELINE',
  },
  measured: {
    code: null,
    method: null,
    plannedCost: '100000',
    start: '2026-01-01',
    end: '2026-06-29',
    plannedValues: null,
  },
  performance: {
    method: 'WEIGHTED_ITEMS',
    budgetAtCompletion: '100000',
    plannedValue: '50000',
    done: { part: '400', whole: '1000' },
  },
  orders: { executedPrice: '75000', executedCost: '45000', pendingPrice: '0', pendingCost: '0' },
  items: { committed: 120, added: 18, unapproved: 6 },
  requests: { accepted: 6, rejected: 2, withdrawn: 1, open: 1, decidedSeconds: [172_800, 432_000], openSeconds: [] },
  risks: [{ probability: '0.3', impact: '80000' }],
  worked: [line(460 * 3_600), line(40 * 3_600, { scope: 'UNLINKED' })],
};

const limits = readWarningLimits({});

function valuesOf(of: ProjectFacts): Record<string, string | null> {
  const figures = figuresOf(basisOf(of), of.plan.currency);
  return Object.fromEntries(figures.map(({ definition, figure }) => [definition.name, figure.value]));
}

test('the figures of a project are those of the textbook', () => {
  const worked = [
    line(460 * 3_600, { lately_seconds: 800_000, lately_cost: '20000' }),
    line(40 * 3_600, { scope: 'UNLINKED' }),
  ];
  expect(valuesOf({ ...facts, worked })).toMatchObject({
    costPerformanceIndex: '0.88888888888888888889',
    schedulePerformanceIndex: '0.8',
    estimateAtCompletion: '112500',
    estimateAtCompletionAsPlanned: '105000',
    estimateAtCompletionByCostAndSchedule: '129375',
    varianceAtCompletion: '-12500',
    toCompletePerformanceIndex: '1.0909090909090909091',
    burnGap: '0.05',
    runway: '11',
    revenueAtRisk: '6000',
    costLeak: '3600',
    recoveredRevenue: '6000',
    netLeakage: '0',
    scopeGrowth: '0.15',
    scopeCreepIndexByItems: '0.05',
    scopeCreepIndexByHours: '0.02',
    changeOrderRatio: '0.15',
    changeOrderConversion: '0.75',
    riskExposure: '24000',
    margin: '0.80434782608695652174',
    marginWithChangeOrders: '0.74782608695652173913',
  });
});

test('a project that has ended cost what it cost, and one whose work cannot be priced has no margin', () => {
  expect(valuesOf({ ...facts, status: 'CLOSED' })).toMatchObject({ margin: '0.9217391304347826087' });
  const unpriced = valuesOf({
    ...facts,
    worked: [...facts.worked, line(3_600, { cost: null })],
  });
  expect(unpriced).toMatchObject({ margin: null, costPerformanceIndex: null, revenueAtRisk: '6000' });
});

test('amounts count at what they were worth on their day', () => {
  const abroad = line(40 * 3_600, {
    scope: 'UNLINKED',
    bill: '5400',
    cost: null,
  });
  expect(valuesOf({ ...facts, worked: [abroad] })).toMatchObject({ revenueAtRisk: '5400', costLeak: null });
});

test('two projects are the sum of what each is, in any order, and one alone is itself', () => {
  const other: ProjectFacts = {
    ...facts,
    plan: { ...facts.plan, contractValue: '100000', plannedCost: '60000' },
    performance: { ...facts.performance, budgetAtCompletion: '60000', plannedValue: '30000' },
  };
  const together = figuresOf(sumOf([basisOf(facts), basisOf(other)]), 'EUR');
  const value = (name: string) => together.find(({ definition }) => definition.name === name)?.figure.value;
  expect(value('leakedTime')).toBe(String(2 * 40 * 3_600));
  expect(value('riskExposure')).toBe('48000');
  expect(value('costPerformanceIndex')).toBe('0.71111111111111111111');
  expect(figuresOf(sumOf([basisOf(other), basisOf(facts)]), 'EUR').map(({ figure }) => figure)).toEqual(
    together.map(({ figure }) => figure),
  );
  expect(figuresOf(sumOf([basisOf(facts)]), 'EUR').map(({ figure }) => figure)).toEqual(
    figuresOf(basisOf(facts), 'EUR').map(({ figure }) => figure),
  );
});

test('ratios are the same in whatever currency the amounts are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (cents) => {
      const worth = (cents / 100).toFixed(2);
      const ratios = (of: string) =>
        figuresOf(basisOf(facts, of), 'EUR')
          .filter(({ definition }) => definition.unit === 'RATIO')
          .map(({ definition, figure }) => [definition.name, Number(figure.value).toFixed(9)]);
      expect(ratios(worth)).toEqual(ratios('1'));
    }),
    { numRuns: 100, seed: 1 },
  );
});

test('figures past their limits are warnings, in sentences, and what is not known warns of nothing', () => {
  const warnings = figureWarnings('p', figuresOf(basisOf(facts), 'EUR'), limits);
  expect(warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'COST_PERFORMANCE: A unit of money brings 89 % of what was planned.',
    'SCHEDULE_PERFORMANCE: Of what was to be done by now 80 % is.',
    'LEAKAGE: 40 hours were worked that nobody ordered.',
  ]);
  expect(
    figureWarnings(
      'p',
      figuresOf(
        basisOf({
          ...facts,
          plan: { ...facts.plan, plannedCost: null },
          performance: { ...facts.performance, budgetAtCompletion: null, plannedValue: null },
          worked: [],
        }),
        'EUR',
      ),
      limits,
    ),
  ).toEqual([]);
});
