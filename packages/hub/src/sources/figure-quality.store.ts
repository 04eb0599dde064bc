import { canonical } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { readFrom } from '../kernel/metric.graphql.ts';
import type { Standpoint } from '../kernel/standpoint.ts';
import type { AskedGroup } from '../opportunities/pipeline-groups.graphql.ts';
import { readGroupedDeals } from '../opportunities/pipeline-groups.store.ts';
import { readLeakageProjects } from '../reports/leakage.store.ts';
import type { Leakage } from '../reports/metrics.graphql.ts';
import { figureQualityOf, type FigureQuality } from './figure-quality.rules.ts';
import {
  opportunityChecks,
  projectChecks,
  type OpportunityQualityFacts,
  type ProjectQualityFacts,
} from './quality.rules.ts';
import { readOpportunityQuality, readProjectQuality } from './quality.store.ts';

/** The quality of a figure that is computed of these deals; null for none of them. */
export function qualityOfDeals(
  context: Context,
  deals: readonly OpportunityQualityFacts[],
  { now }: Pick<Standpoint, 'now'>,
): Promise<FigureQuality | null> {
  const today = now.slice(0, 10);
  return present(
    context,
    'opportunity',
    deals.map((facts) => opportunityChecks(facts, today)),
  );
}

/** The quality of a figure that is computed of these projects; null for none of them. */
export function qualityOfProjects(
  context: Context,
  projects: readonly ProjectQualityFacts[],
): Promise<FigureQuality | null> {
  return present(context, 'project', projects.map(projectChecks));
}

/** The quality of a group of a pipeline; that of all groups that are asked at once is read by two statements. */
export function readGroupQuality(
  context: Context,
  { rows, now, by, question, key }: AskedGroup,
): Promise<FigureQuality | null> {
  return context.load.batch(`pipeline quality ${canonical([now, by, question])}`, canonical(key), async (keys) => {
    const deals = await readGroupedDeals(rows, { question, by });
    const facts = await readOpportunityQuality(
      rows,
      deals.map(({ id }) => id),
    );
    const byGroup = Map.groupBy(
      facts.flatMap((each, index) => (each ? [{ facts: each, group: canonical(deals[index]?.key) }] : [])),
      ({ group }) => group,
    );
    const ofGroup = (group: string) => byGroup.get(group)?.map(({ facts }) => facts) ?? [];
    return Promise.all(keys.map((group) => qualityOfDeals(context, ofGroup(group), { now })));
  });
}

/** The quality of the projects of a group of leakage; that of all groups that are asked at once is read by two statements. */
export function readLeakageQuality(
  context: Context,
  { question, standpoint: { rows, now }, key }: Leakage,
): Promise<FigureQuality | null> {
  return context.load.batch(`leakage quality ${canonical([now, question])}`, canonical(key), async (keys) => {
    const groups = await readLeakageProjects(rows, question);
    const ids = [...new Set(groups.flatMap(({ projectIds }) => projectIds))];
    const facts = await readProjectQuality(rows, ids);
    const byId = new Map(ids.map((id, index) => [id, facts[index] ?? null]));
    const byGroup = new Map(groups.map((group) => [canonical(group.key), group.projectIds]));
    return Promise.all(
      keys.map((group) => {
        const found = byGroup.get(group)?.map((id) => byId.get(id) ?? null) ?? [];
        return qualityOfProjects(
          context,
          found.filter((each) => each !== null),
        );
      }),
    );
  });
}

async function present(
  context: Context,
  kind: FigureQuality['kind'],
  checks: Parameters<typeof figureQualityOf>[1],
): Promise<FigureQuality | null> {
  const { figure: fresh } = await context.freshnessOf([kind]);
  const found = figureQualityOf(kind, checks, {
    fresh: fresh.figure.value,
    threshold: context.warningLimits.quality,
  });
  return found && { ...found, figure: readFrom([kind], found.figure) };
}
