import { InputError } from '../kernel/api-error.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf, type Standpoint } from '../kernel/standpoint.ts';
import type { ReviewRef, ReviewView } from '../reviews/feasibility-review.graphql.ts';
import { reviewStateOf } from '../reviews/feasibility-review.rules.ts';
import { readOpenReviews, readReviews, type Review } from '../reviews/feasibility-review.store.ts';
import { gatesOf } from '../reviews/gate.rules.ts';
import type { addGate } from '../reviews/gate.graphql.ts';
import { readGateDecisions } from '../reviews/gate.store.ts';
import { readSellers } from './proposal-subject.store.ts';
import { readProposals } from './proposal-terms.store.ts';

const MOST = 100;

/** `reviews` and `gates` of a proposal, and the reviews that wait for somebody. */
export function addReviews(
  { builder, typeOf }: Graph,
  { review, gate }: { review: ReviewRef; gate: ReturnType<typeof addGate>['gate'] },
): void {
  const { ref } = typeOf('proposal');
  builder.objectField(ref, 'reviews', (t) =>
    t.field({
      type: [review],
      nullable: false,
      description: 'Its feasibility reviews, the latest first. The latest counts.',
      args: asOfArgument(builder),
      complexity: (args) => ({ field: figureCost(3, args), multiplier: 3 }),
      resolve: (row, { asOf }, context: Context) => {
        const standpoint = standpointOf(context, asOf);
        return context.load.batch(`reviews ${asOf ?? ''}`, String(row['id']), async (ids) => {
          const found = await readReviews(standpoint.rows, ids);
          const views = Map.groupBy(await viewsOf(found.flat(), standpoint, context), (each) => each.proposalId);
          return ids.map((id) => views.get(id) ?? []);
        });
      },
    }),
  );
  builder.objectField(ref, 'gates', (t) =>
    t.field({
      type: [gate],
      nullable: false,
      description: 'The decisions that are wanted before it goes to the client, and where each stands.',
      args: asOfArgument(builder),
      complexity: (args) => ({ field: figureCost(3, args), multiplier: 3 }),
      resolve: (row, { asOf }, context: Context) => {
        const { rows } = standpointOf(context, asOf);
        return context.load.batch(`gates ${asOf ?? ''}`, String(row['id']), async (ids) => {
          const [decisions, proposals, sellers] = await Promise.all([
            readGateDecisions(rows, ids),
            readProposals(rows, ids),
            readSellers(rows, ids),
          ]);
          return ids.map((_, index) =>
            gatesOf(decisions[index] ?? [], {
              gates: context.proposals.gates,
              contentHash: proposals[index]?.contentHash ?? '',
              sellers: sellers[index] ?? [],
            }),
          );
        });
      },
    }),
  );
  builder.queryField('reviewsWaiting', (t) =>
    t.field({
      type: [review],
      nullable: false,
      description:
        'Feasibility reviews without a verdict, the longest waiting first; STALE ones want another request for the terms as they are.',
      complexity: ({ first }) => ({ field: 3, multiplier: Math.max(1, first ?? 25) }),
      args: {
        first: t.arg.int({ description: 'How many; 25 when absent, 100 at most.' }),
        ...asOfArgument(builder),
      },
      async resolve(_, { first, asOf }, context: Context) {
        const limit = first ?? 25;
        if (limit < 0 || limit > MOST)
          throw new InputError('first', `first is ${limit}; 0 to ${MOST} are allowed.`, 'Ask for fewer.');
        const standpoint = standpointOf(context, asOf);
        return viewsOf(await readOpenReviews(standpoint.rows, limit), standpoint, context);
      },
    }),
  );
}

/** Reviews as they stand, by the terms and the instant of a standpoint. */
export async function viewsOf(
  reviews: readonly Review[],
  { rows, now }: Standpoint,
  { proposals: { reviewDays } }: Pick<Context, 'proposals'>,
): Promise<ReviewView[]> {
  const ids = [...new Set(reviews.map(({ proposalId }) => proposalId))];
  const standing = ids.length === 0 ? [] : await readProposals(rows, ids);
  const hashes = new Map(standing.flatMap((each) => (each ? [[each.id, each.contentHash] as const] : [])));
  return reviews.map((review) => ({
    ...review,
    state: reviewStateOf(review, { contentHash: hashes.get(review.proposalId) ?? null, instant: now, reviewDays }),
  }));
}
