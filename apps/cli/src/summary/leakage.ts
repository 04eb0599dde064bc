import type { Api } from '@plumbline/hub';
import { ask } from './ask.ts';

/** Work that nobody ordered, in the currency that most projects are in. Amounts as decimal text. */
export interface LeakageSummary {
  currency: string;
  unapprovedSeconds: number;
  unlinkedSeconds: number;
  unpricedSeconds: number;
  revenueAtRisk: string;
  costLeak: string;
  /** Of all work: what waited for clients, and what was done once more. */
  waitingSeconds: number;
  reworkSeconds: number;
  /** The projects with the most at risk, the worst first. */
  projects: readonly { name: string; revenueAtRisk: string }[];
  /** The active project that has lost the most of its planned margin, in points of it; null when no figure is known. */
  riskiest: { name: string; marginErosion: string } | null;
}

type Ask = Pick<Api, 'query'>;

interface Sum {
  unapprovedTime: number;
  unlinkedTime: number;
  unpricedTime: number;
  revenueAtRisk: { amount: string };
  costLeak: { amount: string };
}

interface Waste {
  clientWait: { seconds: number };
  rework: { seconds: number };
}

interface Project {
  name: string | null;
  currency: string | null;
  metrics: { value: string | null }[];
}

/** A few questions to the API; null while there are no projects with a currency. */
export async function findLeakage(api: Ask): Promise<LeakageSummary | null> {
  const { active } = await ask<{ active: { nodes: Project[] } }>(
    api,
    `{ active: projects(first: 100, filter: { status: { eq: ACTIVE } }) {
      nodes { name currency metrics(names: ["marginErosion"]) { value } } } }`,
  );
  const currency = mostCommon(active.nodes.flatMap((project) => project.currency ?? []));
  if (currency === null) return null;
  const sum = `revenueAtRisk { amount } costLeak { amount } unapprovedTime unlinkedTime unpricedTime`;
  const { whole, waste } = await ask<{ whole: Sum[]; waste: Waste[] }>(
    api,
    `query ($currency: String!) {
      whole: leakage(currency: $currency, first: 1) { ${sum} }
      waste(currency: $currency, first: 1) { clientWait { seconds } rework { seconds } } }`,
    { currency },
  );
  const { worst } = await ask<{
    worst: { project: { name: string | null } | null; revenueAtRisk: { amount: string } }[];
  }>(
    api,
    `query ($currency: String!) {
      worst: leakage(currency: $currency, groupBy: PROJECT, first: 3) { project { name } revenueAtRisk { amount } } }`,
    { currency },
  );
  const [total] = whole;
  if (!total) return null;
  return {
    currency,
    unapprovedSeconds: total.unapprovedTime,
    unlinkedSeconds: total.unlinkedTime,
    unpricedSeconds: total.unpricedTime,
    revenueAtRisk: total.revenueAtRisk.amount,
    costLeak: total.costLeak.amount,
    waitingSeconds: waste[0]?.clientWait.seconds ?? 0,
    reworkSeconds: waste[0]?.rework.seconds ?? 0,
    projects: worst
      .filter(({ revenueAtRisk }) => Number(revenueAtRisk.amount) > 0)
      .map(({ project, revenueAtRisk }) => ({ name: nameOf(project), revenueAtRisk: revenueAtRisk.amount })),
    riskiest: riskiestOf(active.nodes),
  };
}

function riskiestOf(projects: readonly Project[]): LeakageSummary['riskiest'] {
  const known = projects.flatMap((project) => {
    const value = project.metrics[0]?.value ?? null;
    return value === null ? [] : [{ name: nameOf(project), marginErosion: value }];
  });
  const [worst] = known.toSorted((a, b) => Number(b.marginErosion) - Number(a.marginErosion));
  return worst && Number(worst.marginErosion) > 0 ? worst : null;
}

function nameOf(project: { name: string | null } | null): string {
  return project?.name ?? 'without a name';
}

function mostCommon(texts: readonly string[]): string | null {
  const counted = [...Map.groupBy(texts, (text) => text)].toSorted(([, a], [, b]) => b.length - a.length);
  return counted[0]?.[0] ?? null;
}
