import type { MoneyValue } from '@plumbline/connector';
import { askedGroups, checkCurrency } from '../kernel/asked-groups.ts';
import { asOfArgument, figureCost, knownSinceField } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import { staleSourcesField } from '../kernel/freshness.graphql.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { askedPeriod, groupedForField, groupKeyField, workPeriodArguments } from '../kernel/grouped.graphql.ts';
import { present, type MetricRef, type PresentedMetric } from '../kernel/metric.graphql.ts';
import { clientWaitShare, reworkShare, type WorkNature } from '../time/nature.metrics.ts';
import { workStandpointOf } from '../time/worked.past.ts';
import { workKinds } from './metrics.graphql.ts';
import { readWaste, wasteGroups, type WasteGroup, type WasteRow, type WasteSum } from './waste.store.ts';

interface Waste extends WasteRow {
  currency: string;
  groupBy: WasteGroup | null;
}

interface PresentedSum extends WasteSum {
  currency: string;
  share: PresentedMetric;
}

const nothing: WasteSum = { seconds: 0, price: '0', cost: '0', unpriced: 0, uncosted: 0 };

/** `waste`: hours that waited for clients and hours of rework, over all projects, by group. */
export function addWaste(graph: Graph, metric: MetricRef): void {
  const { builder } = graph;
  const sumType = addWasteSum(graph, metric);
  const group = builder.enumType('WasteGroup', {
    description: 'By what waiting and rework are summed. PERSON: who worked.',
    values: wasteGroups,
  });
  const waste = builder.objectRef<Waste>('Waste').implement({
    description: 'Worked time, and how much of it waited for the client or was rework.',
    fields: (t) => ({
      key: t.field(
        groupKeyField(
          'What it is summed for: a global id, or the first day of a month; null for the rest or the whole.',
        ),
      ),
      project: t.field(groupedForField(graph, 'project', 'The project, when summed by project.')),
      client: t.field(groupedForField(graph, 'client', 'The client, when summed by client.')),
      person: t.field(groupedForField(graph, 'person', 'Who worked, when summed by person.')),
      worked: t.field({
        type: 'Duration',
        nullable: false,
        description: 'All worked time, in seconds.',
        resolve: (of) => of.worked,
      }),
      clientWait: t.field({
        type: sumType,
        nullable: false,
        description: 'What waited for the client.',
        resolve: (of) => sumOf(of, 'CLIENT_WAIT'),
      }),
      rework: t.field({
        type: sumType,
        nullable: false,
        description: 'What did once more what had been done.',
        resolve: (of) => sumOf(of, 'REWORK'),
      }),
      knownSince: t.field(knownSinceField<Waste>(() => workKinds)),
      staleSources: t.field(staleSourcesField<Waste>(() => workKinds)),
    }),
  });
  builder.queryField('waste', (t) =>
    t.field({
      type: [waste],
      nullable: false,
      description: 'Waiting for clients and rework over all projects, by group, the most hours of them first.',
      args: {
        currency: t.arg.string({ required: true, description: 'ISO 4217 code of the currency of all amounts.' }),
        groupBy: t.arg({ type: group, description: 'By what it is summed; one sum of everything when absent.' }),
        ...workPeriodArguments(builder),
        project: t.arg.id({ description: 'Only work in this project.' }),
        client: t.arg.id({ description: 'Only work in projects for this client.' }),
        person: t.arg.id({ description: 'Only what this person worked.' }),
        first: t.arg.int({ description: 'How many groups, 25 unless told, 100 at most.' }),
        ...asOfArgument(builder),
      },
      complexity: (args) => ({ field: figureCost(50, args), multiplier: args.first ?? 25 }),
      async resolve(_, args, context: Context): Promise<Waste[]> {
        const limit = askedGroups(args.first, 'Narrow it by `from` and `to`.');
        checkCurrency(args.currency);
        const { currency } = args;
        const groupBy = args.groupBy ?? null;
        const projectIds = args.project ? [decodeId(args.project, 'project', 'project')] : null;
        const { rows } = await workStandpointOf(context, args.asOf, projectIds);
        const found = await readWaste(rows, {
          filter: { projectIds, ...askedPeriod(args) },
          clientId: args.client ? decodeId(args.client, 'client', 'client') : null,
          personId: args.person ? decodeId(args.person, 'person', 'person') : null,
          groupBy,
          currency,
          limit,
          settings: context,
        });
        return found.map((row) => ({ ...row, groupBy, currency }));
      },
    }),
  );
}

function addWasteSum({ builder }: Graph, metric: MetricRef) {
  const money = (currency: string, amount: string | null): MoneyValue | null =>
    amount === null ? null : { amount, currency };
  return builder.objectRef<PresentedSum>('WasteSum').implement({
    description: 'Time of one nature, and what it is worth. Shown beside what could not be priced, never instead.',
    fields: (t) => ({
      seconds: t.field({
        type: 'Duration',
        nullable: false,
        description: 'How long, in seconds.',
        resolve: (of) => of.seconds,
      }),
      share: t.expose('share', {
        type: metric,
        nullable: false,
        description: 'How much of the worked time it is.',
      }),
      price: t.field({
        type: 'Money',
        description: 'What it would have been billed for, at the rates of each day; null when none of it has a rate.',
        resolve: ({ price, currency }) => money(currency, price),
      }),
      cost: t.field({
        type: 'Money',
        description: 'What it has cost, at the rates of each day; null when none of it has a rate.',
        resolve: ({ cost, currency }) => money(currency, cost),
      }),
      withoutBillRate: t.field({
        type: 'Duration',
        nullable: false,
        description: 'Seconds that are not in the price, for want of a bill rate, or of a rate of exchange.',
        resolve: (of) => of.unpriced,
      }),
      withoutCostRate: t.field({
        type: 'Duration',
        nullable: false,
        description: 'Seconds that are not in the cost, for want of a cost rate, or of a rate of exchange.',
        resolve: (of) => of.uncosted,
      }),
    }),
  });
}

function sumOf({ natures, worked, currency }: Waste, nature: Exclude<WorkNature, 'WORK'>): PresentedSum {
  const sum = natures[nature] ?? nothing;
  const definition = nature === 'CLIENT_WAIT' ? clientWaitShare : reworkShare;
  return { ...sum, currency, share: present(definition, { seconds: sum.seconds, workedSeconds: worked }) };
}
