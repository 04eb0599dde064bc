import { InputError } from '../kernel/api-error.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Builder } from '../kernel/builder.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { localDay } from '../kernel/local-day.ts';
import { present, readFrom, type MetricRef, type PresentedMetric } from '../kernel/metric.graphql.ts';
import { once } from '../kernel/once.ts';
import { standpointOf, type Standpoint } from '../kernel/standpoint.ts';
import { addForecast } from './forecast.graphql.ts';
import { addPipelineGroups, pipelineKinds } from './pipeline-groups.graphql.ts';
import {
  openPipeline,
  pipelineCoverage,
  remainingQuotaCoverage,
  weightedPipeline,
  winRate,
} from './pipeline.metrics.ts';
import {
  countDeals,
  readOpenPipeline,
  readQuota,
  readWonAmount,
  type ConvertedSum,
  type OpenPipeline,
  type PipelineQuestion,
} from './pipeline.store.ts';

/** What its figures share is read once, and only when one of them is asked for. */
interface AskedPipeline extends Standpoint {
  question: PipelineQuestion;
  open(): Promise<OpenPipeline>;
  won(): Promise<ConvertedSum>;
  quota(): Promise<ConvertedSum>;
}

export type PipelineRef = ReturnType<typeof addPipeline>['pipeline'];
export type PipelineGroupRef = ReturnType<typeof addPipeline>['group'];

/** `pipeline`: what is to be won in a period, and what was, in one currency. Returns its type, and that of its groups. */
export function addPipeline(graph: Graph, metric: MetricRef) {
  const { builder } = graph;
  const filter = addFilter(builder);
  const figure = (description: string, compute: (of: AskedPipeline) => Promise<PresentedMetric>) => ({
    type: metric,
    nullable: false as const,
    description,
    complexity: { field: 10, multiplier: 1 },
    resolve: async (of: AskedPipeline) => readFrom(pipelineKinds, await compute(of)),
  });
  const type = builder.objectRef<AskedPipeline>('Pipeline').implement({
    description: 'What is to be won within a period, and what was.',
    fields: (t) => ({
      from: t.field({
        type: 'LocalDate',
        nullable: false,
        description: 'First day of the period.',
        resolve: ({ question }) => question.from,
      }),
      to: t.field({
        type: 'LocalDate',
        nullable: false,
        description: 'Last day of the period.',
        resolve: ({ question }) => question.to,
      }),
      currency: t.string({
        nullable: false,
        description: 'The currency of its amounts.',
        resolve: ({ question }) => question.currency,
      }),
      winRate: t.field(
        figure('How many of the deals that were won or lost were won.', async ({ rows, question }) =>
          present(winRate, { ...(await countDeals(rows, question)) }),
        ),
      ),
      openPipeline: t.field(
        figure('What all open deals would bring, at today’s rates.', async ({ question, open }) =>
          present(openPipeline, { ...(await open()) }, question.currency),
        ),
      ),
      weightedPipeline: t.field(
        figure('What open deals are expected to bring, at today’s rates.', async ({ question, open }) =>
          present(weightedPipeline, { ...(await open()) }, question.currency),
        ),
      ),
      coverage: t.field(
        figure('How many times over the open deals would fill the quota.', async (of) =>
          present(pipelineCoverage, await coverageOf(of), of.question.currency),
        ),
      ),
      remainingCoverage: t.field(
        figure('How many times over the open deals would fill what is missing from the quota.', async (of) => {
          const [coverage, won] = await Promise.all([coverageOf(of), of.won()]);
          const unconverted = [...coverage.unconverted, ...won.unconverted];
          return present(
            remainingQuotaCoverage,
            { ...coverage, wonAmount: won.amount, unconverted },
            of.question.currency,
          );
        }),
      ),
    }),
  });
  const group = addPipelineGroups(graph, type);
  addForecast(graph, metric, type);
  builder.queryField('pipeline', (t) =>
    t.field({
      type,
      nullable: false,
      description:
        'What is to be won within a period, and what was: deals whose close date lies in it, converted into one currency. Open deals convert at today’s rate, closed ones at that of their close date, quotas at that of their first day; what has no rate is left out and listed. Quotas are kept by seller: those that lie within the period count, and none when asked by client or pipeline.',
      args: {
        from: t.arg({ type: 'LocalDate', required: true, description: 'First day of the period.' }),
        to: t.arg({ type: 'LocalDate', required: true, description: 'Last day of the period.' }),
        currency: t.arg.string({ required: true, description: 'ISO 4217 code of the currency to convert into.' }),
        filter: t.arg({ type: filter, description: 'Which deals; all of them when absent.' }),
        ...asOfArgument(builder),
      },
      complexity: (args) => ({ field: figureCost(5, args), multiplier: 1 }),
      async resolve(_, args, context: Context) {
        const standpoint = standpointOf(context, args.asOf);
        return askedPipeline(standpoint, await questionOf(context, args, standpoint));
      },
    }),
  );
  return { pipeline: type, group };
}

interface PipelineFilter {
  owner?: string | null | undefined;
  client?: string | null | undefined;
  pipeline?: string | null | undefined;
}

function addFilter(builder: Builder) {
  return builder.inputRef<PipelineFilter>('PipelineFilter').implement({
    description: 'Which deals.',
    fields: (t) => ({
      owner: t.id({ description: 'Id of the seller.' }),
      client: t.id({ description: 'Id of the client.' }),
      pipeline: t.string({ description: 'The pipeline, by the name people see.' }),
    }),
  });
}

async function questionOf(
  context: Context,
  args: { from: string; to: string; currency: string; filter?: PipelineFilter | null | undefined },
  { now }: Standpoint,
): Promise<PipelineQuestion> {
  const { from, to, currency, filter } = args;
  if (from > to)
    throw new InputError('to', `The period ends on ${to}, before it begins.`, 'Give `from` and `to` in their order.');
  if (!/^[A-Z]{3}$/.test(currency))
    throw new InputError(
      'currency',
      `"${currency.slice(0, 20)}" is not a currency.`,
      'Give an ISO 4217 code such as "EUR".',
    );
  return {
    from,
    to,
    currency,
    today: localDay(now, 'UTC'),
    team: null,
    owner: filter?.owner ? await knownId(context, 'person', { id: filter.owner, argument: 'filter.owner' }) : null,
    client: filter?.client ? await knownId(context, 'client', { id: filter.client, argument: 'filter.client' }) : null,
    pipeline: filter?.pipeline ?? null,
  };
}

/** The id of an entity that is there, through merges. */
async function knownId(
  context: Context,
  kind: 'person' | 'client',
  { id, argument }: { id: string; argument: string },
): Promise<string> {
  const row = await context.load.entity(kind, decodeId(id, kind, argument));
  if (!row) throw new InputError(argument, `There is no such ${kind}.`, 'Use an `id` that a query returned.');
  return String(row['id']);
}

function askedPipeline({ rows, now }: Standpoint, question: PipelineQuestion): AskedPipeline {
  const bySeller = question.client === null && question.pipeline === null;
  return {
    rows,
    now,
    question,
    open: once(() => readOpenPipeline(rows, question)),
    won: once(() => readWonAmount(rows, question)),
    quota: once(async () => (bySeller ? readQuota(rows, question) : { amount: null, unconverted: [] })),
  };
}

async function coverageOf({ open, quota }: AskedPipeline) {
  const [{ deals, unconverted }, sold] = await Promise.all([open(), quota()]);
  const { value } = openPipeline.compute({ deals, unconverted });
  return { openAmount: value, quota: sold.amount, unconverted: [...unconverted, ...sold.unconverted] };
}
