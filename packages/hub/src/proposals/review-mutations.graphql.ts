import { InputError } from '../kernel/api-error.ts';
import { stepErrors } from '../kernel/builder.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import type { addFeasibilityReview, ReviewView } from '../reviews/feasibility-review.graphql.ts';
import { overallVerdict, reviewAspects, type Finding, type Findings } from '../reviews/feasibility-review.rules.ts';
import { readReviews } from '../reviews/feasibility-review.store.ts';
import type { addGate } from '../reviews/gate.graphql.ts';
import { checkConditions } from '../reviews/condition.rules.ts';
import { decideGate } from './decide-gate.store.ts';
import { readProposalRow } from './proposal-row.store.ts';
import { moveReview, type ReviewCall } from './review-step.store.ts';
import { viewsOf } from './review.graphql.ts';

type Types = ReturnType<typeof addFeasibilityReview>;

/** The mutations that lead a feasibility review to its verdict. */
export function addReviewMutations(graph: Graph, types: Types): void {
  const { builder } = graph;
  const deciding = decidingArguments(graph);
  builder.mutationField('requestReview', (t) =>
    t.field({
      type: types.review,
      nullable: false,
      description:
        'Asks whether the proposal can be delivered, before it goes to the client. It is IN_REVIEW from then on. Who asks cannot review it.',
      errors: stepErrors('The review, REQUESTED.'),
      args: {
        proposal: t.arg.id({ required: true, description: 'Id of the proposal.' }),
        requester: t.arg.id({ description: 'Id of the person who asks, where the key does not speak for one.' }),
        ...deciding,
      },
      resolve: (_, args, context: Context) =>
        take(context, {
          ...callOf(context, args),
          step: 'REQUEST_REVIEW',
          proposalId: decodeId(args.proposal, 'proposal', 'proposal'),
          personId: args.requester ? decodeId(args.requester, 'person', 'requester') : null,
        }),
    }),
  );
  const ofReview = builder.args((t) => ({
    review: t.id({ required: true, description: 'Id of the review.' }),
    reviewer: t.id({
      description:
        'Id of the person who reviews, where the key does not speak for one; never who sells, drafted or asked.',
    }),
  }));
  builder.mutationField('startReview', (t) =>
    t.field({
      type: types.review,
      nullable: false,
      description: 'Takes a review up. Somebody else may take it over.',
      errors: stepErrors('The review, IN_REVIEW.'),
      args: { ...ofReview, ...deciding },
      resolve: (_, args, context: Context) =>
        take(context, { ...callOf(context, args), ...reviewOf(args), step: 'START_REVIEW' }),
    }),
  );
  builder.mutationField('recordVerdict', (t) =>
    t.field({
      type: types.review,
      nullable: false,
      description:
        'Says whether it can be delivered, once and for these terms. The whole is as good as the worst of the four.',
      errors: stepErrors('The review with its verdict.'),
      args: {
        ...ofReview,
        scope: t.arg({
          type: types.findingInput,
          required: true,
          description: 'Whether it is clear what is promised.',
        }),
        timeline: t.arg({ type: types.findingInput, required: true, description: 'Whether the dates can be kept.' }),
        resources: t.arg({ type: types.findingInput, required: true, description: 'Whether there are people for it.' }),
        estimate: t.arg({
          type: types.findingInput,
          required: true,
          description: 'Whether the work is estimated well.',
        }),
        conditions: t.arg.stringList({ description: 'What a CONDITIONAL verdict depends on; 30 at most.' }),
        ...deciding,
      },
      resolve: (_, args, context: Context) =>
        take(context, {
          ...callOf(context, args),
          ...reviewOf(args),
          step: 'RECORD_VERDICT',
          ...verdictOf(args, args.conditions ?? []),
        }),
    }),
  );
}

/** `decideGate`. */
export function addDecideGate(graph: Graph, types: ReturnType<typeof addGate>): void {
  const { builder } = graph;
  builder.mutationField('decideGate', (t) =>
    t.field({
      type: graph.typeOf('proposal').ref,
      nullable: false,
      description:
        'Decides at a gate. SOLUTION and COMMERCIAL are never the seller’s to decide and count for these terms only; to pass, COMMERCIAL wants a margin at or above the floor and a discount within the owner’s tier, or a waiver.',
      errors: stepErrors('The proposal as it is now.'),
      args: {
        proposal: t.arg.id({ required: true, description: 'Id of the proposal.' }),
        gate: t.arg({ type: types.name, required: true, description: 'Which gate.' }),
        outcome: t.arg({ type: types.outcome, required: true, description: 'What is decided.' }),
        owner: t.arg.id({
          description: 'Id of the person who decides, where the key does not speak for one; BID wants none.',
        }),
        conditions: t.arg.stringList({ description: 'What PASS_WITH_CONDITIONS depends on; 30 at most.' }),
        reason: t.arg.string({ description: 'Why; STOP wants it.' }),
        waiver: t.arg.string({
          description: 'Why a margin beneath the floor, or a discount beyond the owner’s tier, is accepted.',
        }),
        ...decidingArguments(graph),
      },
      async resolve(_, args, context: Context) {
        const proposalId = decodeId(args.proposal, 'proposal', 'proposal');
        const { gate, outcome, reason, waiver } = args;
        const conditions = checkConditions(args.conditions ?? []);
        await context.database.transaction((rows) =>
          decideGate(rows, context.own, {
            ...callOf(context, args),
            proposalId,
            gate,
            outcome,
            conditions,
            reason,
            waiver,
            ownerId: args.owner ? decodeId(args.owner, 'person', 'owner') : null,
          }),
        );
        return readProposalRow(context, proposalId);
      },
    }),
  );
}

function decidingArguments({ builder }: Graph) {
  return builder.args((t) => ({
    expectedVersion: t.int({
      description: 'The number of decisions on the proposal that was looked at; refused when it is another by now.',
    }),
    idempotencyKey: t.string({ description: 'Any text of the caller; the same call with the same key is made once.' }),
  }));
}

interface DecidingArguments {
  expectedVersion?: number | null | undefined;
  idempotencyKey?: string | null | undefined;
}

function callOf(context: Context, { expectedVersion, idempotencyKey }: DecidingArguments) {
  const { proposals: policy, actor, clock } = context;
  return { expectedVersion, idempotencyKey, policy, actor, now: clock.now().toString() };
}

function reviewOf({ review, reviewer }: { review: string; reviewer?: string | null | undefined }) {
  return {
    reviewId: decodeId(review, 'feasibilityReview', 'review'),
    personId: reviewer ? decodeId(reviewer, 'person', 'reviewer') : null,
  };
}

/** Throws InputError where a verdict does not say why, or on what it depends. */
function verdictOf(
  given: Readonly<Record<keyof Findings, { verdict: Finding['verdict']; note?: string | null | undefined }>>,
  conditions: readonly string[],
): { findings: Findings; conditions: readonly string[] } {
  const findings = Object.fromEntries(
    reviewAspects.map((aspect) => {
      const { verdict, note } = given[aspect];
      if (verdict !== 'FEASIBLE' && !note?.trim())
        throw new InputError(`${aspect}.note`, `${verdict} does not say why.`, 'Say it, in `note`.');
      if ((note?.length ?? 0) > 10_000)
        throw new InputError(`${aspect}.note`, 'A note has 10,000 characters at most.', 'Give a shorter one.');
      return [aspect, { verdict, note: note?.trim() || null }];
    }),
  ) as unknown as Findings;
  const checked = checkConditions(conditions);
  if (overallVerdict(findings) === 'CONDITIONAL' && checked.length === 0)
    throw new InputError('conditions', 'CONDITIONAL has no conditions.', 'Say what it depends on, in `conditions`.');
  return { findings, conditions: checked };
}

async function take(context: Context, call: ReviewCall): Promise<ReviewView> {
  const { reviewId, proposalId } = await context.database.transaction((rows) => moveReview(rows, context.own, call));
  const { rows } = context.database;
  const [reviews = []] = await readReviews(rows, [proposalId]);
  const [view] = await viewsOf(
    reviews.filter(({ id }) => id === reviewId),
    { rows, now: call.now },
    context,
  );
  if (!view) throw new Error(`the review ${reviewId} is gone`);
  return view;
}
