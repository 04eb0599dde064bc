import type { addQuestions } from '../check-ins/question.graphql.ts';
import type { ViewTypes } from '../check-ins/opportunity-view.graphql.ts';
import { InputError } from '../kernel/api-error.ts';
import { checkCurrency } from '../kernel/asked-groups.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import { writeDocument, type DocumentFormRef } from '../kernel/document.graphql.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import type { LeftOutRef } from '../reports/portfolio.graphql.ts';
import { addMovement } from './movement.graphql.ts';
import { addPackCounts } from './pack-counts.graphql.ts';
import type { PackFigureTypes } from './pack-figure.graphql.ts';
import { addPackQuestion } from './pack-question.graphql.ts';
import { composeReview } from './review.document.ts';
import { readReviewPack, type ReviewPack } from './review-pack.store.ts';
import { readReviewWords } from './review-words.store.ts';
import { scopeOf, type ReviewScopeTypes } from './review-scope.graphql.ts';
import type { addSnapshots } from './snapshot.graphql.ts';

const MOST = 100;

interface PackTypes {
  scope: ReviewScopeTypes;
  figure: PackFigureTypes;
  leftOut: LeftOutRef;
  view: ViewTypes['view'];
  snapshot: ReturnType<typeof addSnapshots>;
  severity: ReturnType<typeof addQuestions>;
  form: DocumentFormRef;
}

/** `reviewPack`: what somebody goes through in a review. */
export function addReviewPack(graph: Graph, types: PackTypes): void {
  const { builder } = graph;
  const { given, lens } = types.scope;
  const pack = addPackType(graph, types);
  builder.queryField('reviewPack', (t) =>
    t.field({
      type: pack,
      nullable: false,
      description:
        'What somebody goes through in a review: figures with what they suggest, what moved since the last one, what is in the way, what to ask, and what people say beside the numbers. Open deals and projects under way.',
      complexity: (args) => ({ field: figureCost(300, args), multiplier: 1 }),
      args: {
        scope: t.arg({ type: given, required: true, description: 'Of whom.' }),
        lens: t.arg({ type: lens, required: true, defaultValue: 'BOTH', description: 'At what it looks.' }),
        currency: t.arg.string({ required: true, description: 'ISO 4217 code of the currency of all amounts.' }),
        since: t.arg({
          type: 'Instant',
          description:
            'Movements behind this instant; when absent, behind the last snapshot of the same scope and lens, or else of the last 7 days.',
        }),
        ...asOfArgument(builder),
      },
      async resolve(_, { scope, lens: through, currency, since, asOf }, context: Context): Promise<ReviewPack> {
        checkCurrency(currency);
        standpointOf(context, asOf);
        const question = { scope: await scopeOf(context, scope), lens: through, currency, asOf: asOf ?? null };
        return readReviewPack(context, question, since ?? null);
      },
    }),
  );
}

function addPackType(graph: Graph, types: PackTypes) {
  const { builder, typeOf } = graph;
  const movement = addMovement(graph);
  const question = addPackQuestion(graph, types.severity);
  const counts = addPackCounts(graph);
  const first = builder.args((t) => ({ first: t.int({ description: `How many; 25 when absent, ${MOST} at most.` }) }));
  const listCost = (args: { first?: number | null | undefined }) => ({
    field: 1,
    multiplier: Math.max(1, args.first ?? 25),
  });
  const pack = builder.objectRef<ReviewPack>('ReviewPack');
  return pack.implement({
    description: 'A review. Lists are cut where they are long; `counts` says how much there is.',
    fields: (t) => ({
      scope: t.field({
        type: types.scope.scope,
        nullable: false,
        description: 'Of whom.',
        resolve: (of) => of.question.scope,
      }),
      lens: t.field({
        type: types.scope.lens,
        nullable: false,
        description: 'At what it looks.',
        resolve: (of) => of.question.lens,
      }),
      currency: t.string({
        nullable: false,
        description: 'ISO 4217 code of all amounts.',
        resolve: (of) => of.question.currency,
      }),
      asOf: t.field({
        type: 'Instant',
        nullable: false,
        description: 'Of when it is.',
        resolve: ({ now }) => now,
      }),
      since: t.expose('since', {
        type: 'Instant',
        nullable: false,
        description: 'Movements are of behind this instant.',
      }),
      lastSnapshot: t.expose('last', {
        type: types.snapshot,
        description: 'The snapshot it begins at; null where there is none, or where `since` was given.',
      }),
      quarterStart: t.field({
        type: 'LocalDate',
        nullable: false,
        description: 'First day of the quarter whose deals and quotas its sales figures are of.',
        resolve: ({ quarter }) => quarter.from,
      }),
      quarterEnd: t.field({
        type: 'LocalDate',
        nullable: false,
        description: 'Last day of that quarter.',
        resolve: ({ quarter }) => quarter.to,
      }),
      figures: t.field({
        type: [types.figure.figure],
        nullable: false,
        description:
          'Its figures: of the deals and quotas of the quarter, of projects under way, and of the work of the last 28 days.',
        complexity: { field: 1, multiplier: 20 },
        resolve: (of) => of.figures,
      }),
      leftOut: t.field({
        type: [types.leftOut],
        nullable: false,
        description: 'Projects that are in none of the figures, and why.',
        args: first,
        complexity: (args) => ({ field: 2, multiplier: Math.max(1, args.first ?? 25) }),
        resolve: (of, args) => cut(of.leftOut, args.first),
      }),
      counts: t.field({
        type: counts,
        nullable: false,
        description: 'How much there is of everything that it lists.',
        complexity: 100,
        resolve: (of) => of,
      }),
      movements: t.field({
        type: [movement],
        nullable: false,
        description: 'What moved since the last review, the latest first.',
        args: first,
        complexity: listCost,
        resolve: async (of, args) => cut((await of.movements()).movements, args.first),
      }),
      obstacles: t.field({
        type: [typeOf('obstacle').ref],
        nullable: false,
        description: 'What is in the way and open, what is due first coming first.',
        args: first,
        complexity: listCost,
        resolve: (of, args, context: Context) => openOf(of, 'obstacle', { context, first: args.first }),
      }),
      closeNeeds: t.field({
        type: [typeOf('closeNeed').ref],
        nullable: false,
        description: 'What is needed to close and open, what is due first coming first.',
        args: first,
        complexity: listCost,
        resolve: (of, args, context: Context) => openOf(of, 'closeNeed', { context, first: args.first }),
      }),
      questions: t.field({
        type: [question],
        nullable: false,
        description: 'What to ask, the gravest first.',
        args: first,
        complexity: (args) => ({ field: 100, multiplier: Math.max(1, args.first ?? 25) / 25 }),
        resolve: async (of, args) => cut(await of.questions(), args.first),
      }),
      narratives: t.field({
        type: [types.view],
        nullable: false,
        description: 'The latest view of each side of each deal and project: what the key that asks may read.',
        args: first,
        complexity: listCost,
        resolve: async (of, args) => cut(await of.narratives(), args.first),
      }),
      opportunities: t.field({
        type: [typeOf('opportunity').ref],
        nullable: false,
        description: 'Its open deals, those to close first coming first.',
        args: first,
        complexity: listCost,
        resolve: async (of, args) => cut(await of.opportunities(), args.first),
      }),
      projects: t.field({
        type: [typeOf('project').ref],
        nullable: false,
        description: 'Its projects under way; the first 500 of them can be listed.',
        args: first,
        complexity: listCost,
        resolve: async (of, args) => cut(await of.projects(), args.first),
      }),
      document: t.string({
        nullable: false,
        description: 'All of it on one page, long lists cut at 50 rows and what was left out said.',
        complexity: 300,
        args: { form: t.arg({ type: types.form, required: true, description: 'In which form.' }) },
        resolve: async (of, { form }, context: Context) =>
          writeDocument(composeReview(await readReviewWords(context, of)), form),
      }),
    }),
  });
}

function cut<Item>(items: readonly Item[], first: number | null | undefined): Item[] {
  const limit = first ?? 25;
  if (limit >= 0 && limit <= MOST) return items.slice(0, limit);
  throw new InputError('first', `first is ${limit}; 0 to ${MOST} are allowed.`, 'Ask for fewer, or for the document.');
}

async function openOf(
  of: ReviewPack,
  kind: 'obstacle' | 'closeNeed',
  { context, first }: { context: Context; first: number | null | undefined },
) {
  const points = (await of.points()).filter((point) => point.kind === kind);
  const rows = await Promise.all(cut(points, first).map(({ id }) => context.load.entity(kind, id)));
  return rows.filter((row) => row !== null);
}
