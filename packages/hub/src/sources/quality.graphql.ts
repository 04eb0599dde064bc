import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { localDay } from '../kernel/local-day.ts';
import { readFrom, type MetricRef } from '../kernel/metric.graphql.ts';
import type { PipelineGroupRef, PipelineRef } from '../opportunities/pipeline.graphql.ts';
import { readDealIds } from '../opportunities/pipeline.store.ts';
import type { LeakageRef } from '../reports/metrics.graphql.ts';
import type { PortfolioRef } from '../reports/portfolio.graphql.ts';
import type { FigureQualityRef } from './figure-quality.graphql.ts';
import { readGroupQuality, readLeakageQuality } from './figure-quality.store.ts';
import {
  opportunityChecks,
  projectChecks,
  qualityOf,
  type DataQuality,
  type ProjectQualityFacts,
} from './quality.rules.ts';
import { readOpportunityQuality, readProjectQuality } from './quality.store.ts';

/** `quality` of a project, of an opportunity, of a portfolio, of a pipeline and its groups, and of groups of leakage. */
export function addQuality(
  graph: Graph,
  {
    metric,
    figureQuality,
    portfolio,
    pipeline,
    group,
    leakage,
  }: {
    metric: MetricRef;
    figureQuality: FigureQualityRef;
    portfolio: PortfolioRef;
    pipeline: PipelineRef;
    group: PipelineGroupRef;
    leakage: LeakageRef;
  },
): void {
  const { builder, typeOf } = graph;
  const problem = builder.objectRef<DataQuality['invalid'][number]>('InvalidField').implement({
    description: 'A mandatory field whose value does not hold.',
    fields: (t) => ({
      field: t.exposeString('field', { nullable: false, description: 'Its name.' }),
      problem: t.exposeString('problem', { nullable: false, description: 'What is wrong with it, in a sentence.' }),
    }),
  });
  const type = builder.objectRef<DataQuality>('DataQuality').implement({
    description: 'How far what is known of an entity can be relied on, and what would make it better.',
    fields: (t) => ({
      figure: t.field({
        type: metric,
        nullable: false,
        description: 'Complete, valid and fresh, weighed.',
        resolve: (of) => of.figure,
      }),
      missing: t.exposeStringList('missing', {
        nullable: false,
        description: 'The mandatory fields without a value.',
      }),
      invalid: t.field({
        type: [problem],
        nullable: false,
        description: 'The mandatory fields whose value does not hold.',
        resolve: (of) => [...of.invalid],
      }),
    }),
  });
  builder.objectField(typeOf('project').ref, 'quality', (t) =>
    t.field({
      type,
      description:
        'Mandatory are name, code, status, start, end, currency, zone, client, manager and an opportunity it is linked to.',
      complexity: 3,
      async resolve(row, _, context: Context) {
        const facts = await loadProject(context, String(row['id']));
        return facts && present(context, 'project', projectChecks(facts));
      },
    }),
  );
  builder.objectField(portfolio, 'quality', (t) =>
    t.field({
      type: metric,
      nullable: false,
      description:
        'How far what is known of its projects can be relied on: their mandatory fields taken together, those of projects that are left out as well. Of now, also as of another instant.',
      complexity: 20,
      async resolve({ projectIds }, _, context: Context) {
        const facts = await Promise.all(projectIds.map((id) => loadProject(context, id)));
        const checks = facts.flatMap((each) => (each ? projectChecks(each) : []));
        return (await present(context, 'project', checks)).figure;
      },
    }),
  );
  builder.objectField(pipeline, 'quality', (t) =>
    t.field({
      type: metric,
      nullable: false,
      description:
        'How far what is known of its deals can be relied on: their mandatory fields taken together, as of when the pipeline is; fresh of now.',
      complexity: 20,
      async resolve({ rows, question }, _, context: Context) {
        const facts = await readOpportunityQuality(rows, await readDealIds(rows, question));
        const checks = facts.flatMap((each) => (each ? opportunityChecks(each, question.today) : []));
        return (await present(context, 'opportunity', checks)).figure;
      },
    }),
  );
  builder.objectField(group, 'quality', (t) =>
    t.field({
      type: figureQuality,
      description: 'How far what is known of its deals can be relied on, as of when the pipeline is; fresh of now.',
      complexity: 2,
      resolve: (of, _, context: Context) => readGroupQuality(context, of),
    }),
  );
  builder.objectField(leakage, 'quality', (t) =>
    t.field({
      type: figureQuality,
      description:
        'How far what is known of the projects can be relied on that it was worked in, as of when the leakage is; fresh of now. Null where that was in no project.',
      complexity: 10,
      resolve: (of, _, context: Context) => readLeakageQuality(context, of),
    }),
  );
  builder.objectField(typeOf('opportunity').ref, 'quality', (t) =>
    t.field({
      type,
      description:
        'Mandatory are name, amount, pipeline, stage, state, close date, client and owner; while it is open, probability and next step as well.',
      complexity: 3,
      async resolve(row, _, context: Context) {
        const facts = await context.load.batch('opportunity quality', String(row['id']), (ids) =>
          readOpportunityQuality(context.rows, ids),
        );
        const today = localDay(context.clock.now().toString(), 'UTC');
        return facts && present(context, 'opportunity', opportunityChecks(facts, today));
      },
    }),
  );
}

function loadProject(context: Context, id: string): Promise<ProjectQualityFacts | null> {
  return context.load.batch('project quality', id, (ids) => readProjectQuality(context.rows, ids));
}

async function present(
  context: Context,
  kind: 'project' | 'opportunity',
  checks: Parameters<typeof qualityOf>[0],
): Promise<DataQuality> {
  const { figure: fresh } = await context.freshnessOf([kind]);
  const found = qualityOf(checks, fresh.figure.value);
  return { ...found, figure: readFrom([kind], found.figure) };
}
