import type { Client } from 'pg';
import { leakageByHand, pipelineByHand, projectByHand, type Answer } from './hand.ts';
import { idOf, quarter, today } from './size.ts';

/** A question in the words of the API, and the same by hand. */
export interface Question {
  what: string;
  document: string;
  /** The figures of an API's answer, by the names they have by hand. */
  read(data: Record<string, unknown>): Answer;
  byHand(client: Client): Promise<Answer>;
}

interface Metric {
  name: string;
  value: string | null;
  inputs: { name: string; value: unknown }[];
}
interface Leakage {
  unapprovedTime: number;
  unlinkedTime: number;
  revenueAtRisk: { amount: string };
  costLeak: { amount: string };
  unpricedTime: number;
}

const period = `from: "${quarter.from}", to: "${quarter.to}"`;
const metric = `name value reason unit inputs { name value }`;
const project = idOf('project', 7);

export const questions: readonly Question[] = [
  {
    what: 'leakage of a quarter by client',
    document: `{ leakage(currency: "EUR", groupBy: CLIENT, ${period}, first: 100) {
      key unapprovedTime unlinkedTime revenueAtRisk { amount } costLeak { amount } unpricedTime } }`,
    read: (data) =>
      Object.fromEntries(
        (data['leakage'] as Leakage[]).flatMap((of, place) => [
          [`${place} unapproved`, of.unapprovedTime],
          [`${place} unlinked`, of.unlinkedTime],
          [`${place} bill`, of.revenueAtRisk.amount],
          [`${place} cost`, of.costLeak.amount],
          [`${place} unpriced`, of.unpricedTime],
        ]),
      ),
    byHand: (client) => leakageByHand(client, quarter),
  },
  {
    what: 'all metrics of a project',
    document: `{ node(id: "${btoa(`Project:${project}`)}") { ... on Project { metrics { ${metric} } } } }`,
    read: (data) => projectAnswer((data['node'] as { metrics: Metric[] }).metrics),
    byHand: (client) => projectByHand(client, { id: project, today }),
  },
  {
    what: 'pipeline of a quarter',
    document: `{ pipeline(${period}, currency: "EUR") { winRate { ${metric} } openPipeline { ${metric} }
      weightedPipeline { ${metric} } coverage { ${metric} } remainingCoverage { ${metric} } } }`,
    read: (data) => pipelineAnswer(data['pipeline'] as Record<string, Metric>),
    byHand: (client) => pipelineByHand(client, { ...quarter, today }),
  },
];

function projectAnswer(metrics: readonly Metric[]): Answer {
  const of = (name: string): Metric | undefined => metrics.find((each) => each.name === name);
  const value = (name: string) => of(name)?.value ?? null;
  const given = (name: string, input: string) => inputOf(of(name), input);
  return {
    worked: given('overrun', 'actual'),
    leaked: value('leakedTime'),
    atRisk: value('revenueAtRisk'),
    costLeak: value('costLeak'),
    actualCost: given('costPerformanceIndex', 'actualCost'),
    waited: value('clientWaitTime'),
    waitCost: value('clientWaitCost'),
    redone: value('reworkTime'),
    reworkPrice: value('reworkPrice'),
    earnedValue: given('costPerformanceIndex', 'earnedValue'),
    weeklyBurn: given('runway', 'weeklyBurn'),
    baselineItems: given('scopeGrowth', 'baselineItems'),
    addedItems: given('scopeGrowth', 'addedItems'),
    unapprovedItems: given('scopeCreepIndexByItems', 'unapprovedItems'),
    accepted: given('changeOrderConversion', 'accepted'),
    rejected: given('changeOrderConversion', 'rejected'),
    open: given('changeOrderConversion', 'open'),
    executedPrice: given('forecastMargin', 'executedPrice'),
    pendingPrice: given('forecastMargin', 'pendingPrice'),
    executedCost: given('forecastMargin', 'executedCost'),
    pendingCost: given('forecastMargin', 'pendingCost'),
    riskExposure: value('riskExposure'),
    contractValue: given('forecastMargin', 'revenue'),
    plannedCost: given('forecastMargin', 'cost'),
    planned: given('overrun', 'planned'),
  };
}

function pipelineAnswer(of: Record<string, Metric>): Answer {
  return {
    won: inputOf(of['winRate'], 'won'),
    lost: inputOf(of['winRate'], 'lost'),
    noDecision: inputOf(of['winRate'], 'noDecision'),
    open: inputOf(of['winRate'], 'open'),
    openAmount: of['openPipeline']?.value ?? null,
    weighted: of['weightedPipeline']?.value ?? null,
    wonAmount: inputOf(of['remainingCoverage'], 'wonAmount'),
    quota: inputOf(of['coverage'], 'quota'),
  };
}

function inputOf(metric: Metric | undefined, name: string): string | number | null {
  const value = metric?.inputs.find((each) => each.name === name)?.value;
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** Throws where the two do not say the same; amounts may differ in what a division leaves. */
export function expectSame(what: string, asked: Answer, byHand: Answer): void {
  const names = Object.keys(asked);
  if (names.length === 0) throw new Error(`${what}: no answer.`);
  for (const name of names) {
    const [one, other] = [asked[name] ?? null, byHand[name] ?? null];
    const near = Math.abs(Number(one) - Number(other)) <= 1e-9 * Math.max(1, Math.abs(Number(other)));
    if (one === null || other === null || !near) throw new Error(`${what}: ${name} is ${one}, and ${other} by hand.`);
  }
}
