import type { KindName, MoneyValue } from '@plumbline/connector';
import { InputError } from '../kernel/api-error.ts';
import { askedGroups, checkCurrency } from '../kernel/asked-groups.ts';
import { asOfArgument, figureCost, knownSinceField } from '../kernel/as-of.graphql.ts';
import type { Builder } from '../kernel/builder.ts';
import type { Context } from '../kernel/context.ts';
import { none } from '../kernel/figure.ts';
import { staleSourcesField } from '../kernel/freshness.graphql.ts';
import type { Graph } from '../kernel/graph.ts';
import { askedPeriod, groupedForField, groupKeyField, workPeriodArguments } from '../kernel/grouped.graphql.ts';
import { readFrom, type MetricRef, type PresentedMetric } from '../kernel/metric.graphql.ts';
import type { Standpoint } from '../kernel/standpoint.ts';
import { workStandpointOf } from '../time/worked.past.ts';
import type { LocalPeriod } from '../time/worked.store.ts';
import { readFactsOfMany } from './facts-of-many.store.ts';
import {
  leakageGroups,
  readLeakage,
  type LeakageGroup,
  type LeakageQuestion,
  type LeakageRow,
} from './leakage.store.ts';
import type { ProjectFacts } from './project-facts.store.ts';
import { basisOf, figuresOf, sumOf, withinPeriod, type Basis } from './project-metrics.rules.ts';

/** What tells which work was done for what, and at which rates. */
export const workKinds: readonly KindName[] = [
  'person',
  'rate',
  'exchangeRate',
  'project',
  'changeRequest',
  'workItem',
  'timeEntry',
];

/** `metrics` of a project, and `leakage` over all of them. Returns the type of a group of leakage. */
export function addReports(graph: Graph, metric: MetricRef) {
  addProjectMetrics(graph, metric);
  return addLeakage(graph);
}

export type LeakageRef = ReturnType<typeof addReports>;

function addProjectMetrics(graph: Graph, metric: MetricRef): void {
  graph.builder.objectField(graph.typeOf('project').ref, 'metrics', (t) =>
    t.field({
      type: [metric],
      nullable: false,
      description:
        'Its figures, in the currency of its contract: margin, leakage, earned value, scope, change requests, risk. Within a period those that have one; the others say that they are of the whole. See docs/metrics.md.',
      args: {
        names: t.arg.stringList({ description: 'Only these, such as "netLeakage", in this order; all when absent.' }),
        ...figurePeriodArguments(graph.builder),
        ...asOfArgument(graph.builder),
      },
      complexity: (args) => ({ field: figureCost(20, args), multiplier: 1 }),
      resolve: async (row, { names, asOf, from, to }, context: Context) =>
        pickMetrics(await loadMetrics(context, String(row['id']), { asOf, period: figurePeriod({ from, to }) }), names),
    }),
  );
}

/** Within which days figures count. */
export function figurePeriodArguments(builder: Builder) {
  return builder.args((t) => ({
    from: t.field({ type: 'LocalDate', description: 'First day that counts, in the zone of each project.' }),
    to: t.field({ type: 'LocalDate', description: 'Last day that counts, in the zone of each project.' }),
  }));
}

/** The asked period; null when none is asked. Throws InputError for one that ends before it begins. */
export function figurePeriod(args: Parameters<typeof askedPeriod>[0]): LocalPeriod | null {
  return args.from || args.to ? askedPeriod(args) : null;
}

interface AskedFacts {
  asOf: string | null | undefined;
  /** All the days there are when null. */
  period: LocalPeriod | null;
}

/** What a project's figures are computed of, read for many projects at once; null for one that there is not. */
export function loadFacts(
  context: Context,
  projectId: string,
  { asOf, period }: AskedFacts,
): Promise<ProjectFacts | null> {
  const days = period ? `${period.from}/${period.to}` : '';
  return context.load.batch(`project facts ${asOf ?? ''} ${days}`, projectId, (projectIds) =>
    readFactsOfMany(context, { projectIds, asOf, period }),
  );
}

async function loadMetrics(context: Context, projectId: string, asked: AskedFacts): Promise<PresentedMetric[]> {
  const facts = await loadFacts(context, projectId, asked);
  if (facts) return projectFigures(basisOf(facts), facts.plan.currency, asked.period);
  const nothing = none('There was no such project then.');
  return projectFigures(sumOf([]), null).map((metric) => ({ ...metric, inputs: {}, figure: nothing }));
}

/** The figures of a project, or of several, with the kinds of entity that they are computed of. */
export function projectFigures(
  basis: Basis,
  currency: string | null,
  period: LocalPeriod | null = null,
): PresentedMetric[] {
  const figures = figuresOf(basis, currency);
  return (period ? withinPeriod(figures, period) : figures).map((metric) =>
    readFrom([...workKinds, 'budget', 'milestone', 'risk'], metric),
  );
}

/** The asked ones, in the order of asking; throws InputError for a name that there is not. */
export function pickMetrics(
  all: readonly PresentedMetric[],
  names: readonly string[] | null | undefined,
): readonly PresentedMetric[] {
  if (!names) return all;
  return names.map((name) => {
    const found = all.find((each) => each.definition.name === name);
    if (found) return found;
    throw new InputError(
      'names',
      `There is no metric "${name.slice(0, 80)}" here.`,
      `There are: ${all.map((each) => each.definition.name).join(', ')}.`,
    );
  });
}

/** Work of one group that nobody ordered, and what was asked. */
export interface Leakage extends LeakageRow {
  currency: string;
  groupBy: LeakageGroup | null;
  question: LeakageQuestion;
  /** Where it is read from: as it is, or as it was. */
  standpoint: Standpoint;
}

function addLeakage(graph: Graph) {
  const { builder } = graph;
  const group = builder.enumType('LeakageGroup', {
    description:
      'By what leakage is summed. SELLER: of the first deal a project was won with. PERSON, TEAM: who worked.',
    values: leakageGroups,
  });
  const money = (of: Leakage, amount: string): MoneyValue => ({ amount, currency: of.currency });
  const leakage = builder.objectRef<Leakage>('Leakage').implement({
    description:
      'Work that nobody ordered, and what it is worth. Shown beside what could not be priced, never instead.',
    fields: (t) => ({
      key: t.field(
        groupKeyField(
          'What it is summed for: a global id, a team, the first day of a month, or a currency; null for the rest or the whole.',
        ),
      ),
      project: t.field(groupedForField(graph, 'project', 'The project, when summed by project.')),
      client: t.field(groupedForField(graph, 'client', 'The client, when summed by client.')),
      person: t.field(groupedForField(graph, 'person', 'The manager, seller or who worked, when summed by one.')),
      unapprovedTime: t.field({
        type: 'Duration',
        nullable: false,
        description: 'Work on changes that were not agreed on its day, in seconds.',
        resolve: (of) => of.unapproved_seconds,
      }),
      unlinkedTime: t.field({
        type: 'Duration',
        nullable: false,
        description: 'Work on neither a commitment nor a change, in seconds.',
        resolve: (of) => of.unlinked_seconds,
      }),
      revenueAtRisk: t.field({
        type: 'Money',
        nullable: false,
        description: 'What it would have been billed for, at the rates of each day.',
        resolve: (of) => money(of, of.at_risk),
      }),
      costLeak: t.field({
        type: 'Money',
        nullable: false,
        description: 'What it has cost, at the rates of each day.',
        resolve: (of) => money(of, of.cost_leak),
      }),
      unpricedTime: t.field({
        type: 'Duration',
        nullable: false,
        description:
          'Of that work, seconds that are missing in an amount for want of a rate, or of a rate of exchange.',
        resolve: (of) => of.unpriced_seconds,
      }),
      knownSince: t.field(knownSinceField<Leakage>(() => workKinds)),
      staleSources: t.field(staleSourcesField<Leakage>(() => workKinds)),
    }),
  });
  builder.queryField('leakage', (t) =>
    t.field({
      type: [leakage],
      nullable: false,
      description: 'Work that nobody ordered over all projects, by group, the most at risk first.',
      args: {
        currency: t.arg.string({ required: true, description: 'ISO 4217 code of the currency of all amounts.' }),
        groupBy: t.arg({ type: group, description: 'By what it is summed; one sum of everything when absent.' }),
        ...workPeriodArguments(builder),
        first: t.arg.int({ description: 'How many groups, 25 unless told, 100 at most.' }),
        ...asOfArgument(builder),
      },
      complexity: (args) => ({ field: figureCost(100, args), multiplier: args.first ?? 25 }),
      async resolve(_, args, context: Context): Promise<Leakage[]> {
        const limit = askedGroups(args.first, 'Narrow it by `from` and `to`.');
        checkCurrency(args.currency);
        const groupBy = args.groupBy ?? null;
        const standpoint = await workStandpointOf(context, args.asOf, null);
        const { currency } = args;
        const question = {
          filter: { projectIds: null, ...askedPeriod(args) },
          groupBy,
          settings: context.scope,
        };
        const found = await readLeakage(standpoint.rows, { ...question, currency, limit });
        return found.map((row) => ({ ...row, groupBy, currency, question, standpoint }));
      },
    }),
  );
  return leakage;
}
