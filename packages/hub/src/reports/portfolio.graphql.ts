import { projectStatuses } from '@plumbline/connector';
import { InputError } from '../kernel/api-error.ts';
import { checkCurrency } from '../kernel/asked-groups.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import type { Builder } from '../kernel/builder.ts';
import type { MetricRef } from '../kernel/metric.graphql.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import type { LocalPeriod } from '../time/worked.store.ts';
import { addable, type LeftOut } from './portfolio.rules.ts';
import { findPortfolio, readWorths } from './portfolio.store.ts';
import { figurePeriod, figurePeriodArguments, loadFacts, pickMetrics, projectFigures } from './metrics.graphql.ts';
import { sumOf, type Basis } from './project-metrics.rules.ts';

const MOST_PROJECTS = 500;

/** Projects that are looked at together. */
interface Portfolio {
  projectIds: readonly string[];
  asOf: string | null | undefined;
  period: LocalPeriod | null;
  currency: string;
  bases: readonly Basis[];
  leftOut: readonly LeftOut[];
}

export type PortfolioRef = ReturnType<typeof portfolioRef>;
export type LeftOutRef = ReturnType<typeof addLeftOut>;

function portfolioRef(builder: Builder) {
  return builder.objectRef<Portfolio>('Portfolio');
}

/** `portfolio`: the figures of many projects as of one. */
export function addPortfolio(graph: Graph, metric: MetricRef): { portfolio: PortfolioRef; leftOut: LeftOutRef } {
  const { builder } = graph;
  const leftOut = addLeftOut(graph);
  const portfolio = portfolioRef(builder);
  portfolio.implement({
    description:
      'Projects for clients, taken together. A project of which something is not known is left out and named.',
    fields: (t) => ({
      currency: t.exposeString('currency', { nullable: false, description: 'ISO 4217 code of all amounts.' }),
      projects: t.int({
        nullable: false,
        description: 'How many projects the figures are of.',
        resolve: ({ bases }) => bases.length,
      }),
      leftOut: t.field({
        type: [leftOut],
        nullable: false,
        description: 'Projects that are in none of the figures, and why.',
        complexity: { field: 2, multiplier: 10 },
        resolve: (of) => of.leftOut,
      }),
      metrics: t.field({
        type: [metric],
        nullable: false,
        description: 'The figures, as of one project. See docs/metrics.md.',
        args: {
          names: t.arg.stringList({ description: 'Only these, in this order; all when absent.' }),
        },
        complexity: { field: 20, multiplier: 1 },
        resolve: (of, { names }) => pickMetrics(projectFigures(sumOf(of.bases), of.currency, of.period), names),
      }),
    }),
  });
  const status = builder.enumType('PortfolioStatus', {
    values: projectStatuses,
    description: 'Where a project stands.',
  });
  builder.queryField('portfolio', (t) =>
    t.field({
      type: portfolio,
      nullable: false,
      description: `Figures over the projects of a client, manager or seller, or over all; ${MOST_PROJECTS} projects at most. Amounts of a project are converted at today’s rate, work at the rates of its days. Within a period the figures that have one.`,
      args: {
        currency: t.arg.string({ required: true, description: 'ISO 4217 code of the currency of all amounts.' }),
        client: t.arg.id({ description: 'Id of a client.' }),
        manager: t.arg.id({ description: 'Id of the person who leads the projects.' }),
        seller: t.arg.id({ description: 'Id of the person who won a deal of the projects.' }),
        statuses: t.arg({ type: [status], description: 'Only projects that stand there; any when absent.' }),
        ...figurePeriodArguments(builder),
        ...asOfArgument(builder),
      },
      complexity: (args) => ({ field: figureCost(500, args), multiplier: 1 }),
      async resolve(_, args, context: Context): Promise<Portfolio> {
        checkCurrency(args.currency);
        const period = figurePeriod(args);
        const { rows, now } = standpointOf(context, args.asOf);
        const ids = await findPortfolio(
          rows,
          {
            clientId: args.client ? decodeId(args.client, 'client', 'client') : null,
            managerId: args.manager ? decodeId(args.manager, 'person', 'manager') : null,
            sellerId: args.seller ? decodeId(args.seller, 'person', 'seller') : null,
            statuses: args.statuses ?? null,
          },
          MOST_PROJECTS,
        );
        if (ids.length > MOST_PROJECTS)
          throw new InputError(
            'statuses',
            `More than ${MOST_PROJECTS} projects fit.`,
            'Narrow it by client, manager, seller or status; `leakage` has no such limit.',
          );
        const facts = await Promise.all(ids.map((id) => loadFacts(context, id, { asOf: args.asOf, period })));
        const worths = await readWorths(rows, { into: args.currency, on: now.slice(0, 10) });
        return { projectIds: ids, asOf: args.asOf, period, currency: args.currency, ...addable(ids, facts, worths) };
      },
    }),
  );
  return { portfolio, leftOut };
}

function addLeftOut({ builder, typeOf }: Graph) {
  return builder.objectRef<LeftOut>('LeftOut').implement({
    description: 'A project that is in no figure of a portfolio.',
    fields: (t) => ({
      project: t.field({
        type: typeOf('project').ref,
        description: 'Which one.',
        resolve: (of, _, context: Context) => context.load.entity('project', of.projectId),
      }),
      reason: t.exposeString('reason', { nullable: false, description: 'What is not known of it.' }),
    }),
  });
}
