import type { ObjectRef } from '@pothos/core';
import type { SchemaTypes } from '../kernel/builder.ts';
import type { Context } from '../kernel/context.ts';
import { encodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import {
  expiresAt,
  overallVerdict,
  reviewAspects,
  reviewStates,
  verdicts,
  type Finding,
  type ReviewAspect,
  type ReviewState,
} from './feasibility-review.rules.ts';
import type { Review } from './feasibility-review.store.ts';
import type { ProposalPolicy } from './proposal.settings.ts';

declare module '../kernel/context.ts' {
  interface Context {
    proposals: ProposalPolicy;
  }
}

/** A review as it stands. */
export interface ReviewView extends Review {
  state: ReviewState;
}

export type ReviewRef = ObjectRef<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>, ReviewView>;

/** The type of a feasibility review, and the input of a verdict. Called once, by the schema. */
export function addFeasibilityReview({ builder, typeOf }: Graph) {
  const state = builder.enumType('ReviewState', {
    values: reviewStates,
    description:
      'REQUESTED, then IN_REVIEW, then its verdict. STALE when the terms are not those that were reviewed, EXPIRED when the verdict is too old.',
  });
  const verdict = builder.enumType('Verdict', { values: verdicts, description: 'Whether it can be delivered.' });
  const aspect = builder.enumType('ReviewAspect', {
    values: Object.fromEntries(reviewAspects.map((name) => [name.toUpperCase(), { value: name }])) as Record<
      Uppercase<ReviewAspect>,
      { value: ReviewAspect }
    >,
    description: 'What a review looks at.',
  });
  const finding = builder.objectRef<Finding & { aspect: ReviewAspect }>('ReviewFinding').implement({
    description: 'The verdict on one aspect.',
    fields: (t) => ({
      aspect: t.expose('aspect', { type: aspect, nullable: false, description: 'What was looked at.' }),
      verdict: t.expose('verdict', { type: verdict, nullable: false, description: 'Whether it can be delivered.' }),
      note: t.exposeString('note', { description: 'Why.' }),
    }),
  });
  const review: ReviewRef = builder.objectRef<ReviewView>('FeasibilityReview').implement({
    description: 'Whether a proposal can be delivered, said by somebody who does not sell it.',
    fields: (t) => ({
      id: t.id({
        nullable: false,
        description: 'Id of the review.',
        resolve: ({ id }) => encodeId('FeasibilityReview', id),
      }),
      proposal: t.field({
        type: typeOf('proposal').ref,
        description: 'What is reviewed.',
        resolve: ({ proposalId }, _, { load }: Context) => load.entity('proposal', proposalId),
      }),
      state: t.expose('state', { type: state, nullable: false, description: 'Where it stands now.' }),
      contentHash: t.exposeString('contentHash', {
        nullable: false,
        description: 'Fingerprint of the terms that are reviewed.',
      }),
      verdict: t.field({
        type: verdict,
        description: 'The verdict: the worst of its findings, whether or not it still counts; null before.',
        resolve: ({ findings }) => findings && overallVerdict(findings),
      }),
      findings: t.field({
        type: [finding],
        nullable: false,
        description: 'The verdict on scope, timeline, resources and estimate; empty before.',
        resolve: ({ findings }) => (findings ? reviewAspects.map((name) => ({ aspect: name, ...findings[name] })) : []),
      }),
      conditions: t.stringList({
        nullable: false,
        description: 'What a CONDITIONAL verdict depends on.',
        resolve: ({ conditions }) => [...conditions],
      }),
      requestedAt: t.expose('requestedAt', { type: 'Instant', nullable: false, description: 'When it was asked for.' }),
      requestedBy: t.exposeString('requestedBy', { nullable: false, description: 'The key that asked.' }),
      requester: t.field({
        type: typeOf('person').ref,
        description: 'Who asked, where the graph knows them.',
        resolve: ({ requesterId }, _, { load }: Context) =>
          requesterId === null ? null : load.entity('person', requesterId),
      }),
      startedAt: t.expose('startedAt', { type: 'Instant', description: 'When somebody took it up; null before.' }),
      reviewedBy: t.exposeString('reviewedBy', { description: 'The key that said who reviews; null before.' }),
      reviewer: t.field({
        type: typeOf('person').ref,
        description: 'Who reviews, where the graph knows them.',
        resolve: ({ reviewerId }, _, { load }: Context) =>
          reviewerId === null ? null : load.entity('person', reviewerId),
      }),
      decidedAt: t.expose('decidedAt', { type: 'Instant', description: 'When it came to its verdict; null before.' }),
      expiresAt: t.field({
        type: 'Instant',
        description: 'Until when its verdict counts, by `reviewDays` of the settings; null before.',
        resolve: ({ decidedAt }, _, { proposals }: Context) => decidedAt && expiresAt(decidedAt, proposals.reviewDays),
      }),
    }),
  });
  const findingInput = builder
    .inputRef<{ verdict: Finding['verdict']; note?: string | null }>('FindingInput')
    .implement({
      description: 'The verdict on one aspect.',
      fields: (t) => ({
        verdict: t.field({ type: verdict, required: true, description: 'Whether it can be delivered.' }),
        note: t.string({ description: 'Why; wanted for anything but FEASIBLE.' }),
      }),
    });
  return { review, findingInput };
}
