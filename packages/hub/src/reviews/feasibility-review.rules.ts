/** What a review looks at, in this order. */
export const reviewAspects = ['scope', 'timeline', 'resources', 'estimate'] as const;
export type ReviewAspect = (typeof reviewAspects)[number];

/** The best first. */
export const verdicts = ['FEASIBLE', 'CONDITIONAL', 'NOT_FEASIBLE'] as const;
export type Verdict = (typeof verdicts)[number];

export const reviewStates = ['REQUESTED', 'IN_REVIEW', ...verdicts, 'STALE', 'EXPIRED'] as const;
export type ReviewState = (typeof reviewStates)[number];

/** A verdict on one aspect, and why. */
export interface Finding {
  verdict: Verdict;
  note: string | null;
}

export type Findings = Readonly<Record<ReviewAspect, Finding>>;

/** What a review says, beside who says it. */
export interface ReviewedTerms {
  contentHash: string;
  startedAt: string | null;
  decidedAt: string | null;
  findings: Findings | null;
}

/** The verdict on the whole: the worst on any aspect. */
export function overallVerdict(findings: Findings): Verdict {
  return (
    verdicts.findLast((verdict) => reviewAspects.some((aspect) => findings[aspect].verdict === verdict)) ?? 'FEASIBLE'
  );
}

/**
 * Where a review stands: STALE as soon as the terms are others than those it is about, whatever it says; EXPIRED when its
 * verdict is older than so many days. Pure.
 */
export function reviewStateOf(
  review: ReviewedTerms,
  now: { contentHash: string | null; instant: string; reviewDays: number },
): ReviewState {
  if (review.contentHash !== now.contentHash) return 'STALE';
  if (review.findings === null || review.decidedAt === null)
    return review.startedAt === null ? 'REQUESTED' : 'IN_REVIEW';
  const until = expiresAt(review.decidedAt, now.reviewDays);
  return Temporal.Instant.compare(now.instant, until) > 0 ? 'EXPIRED' : overallVerdict(review.findings);
}

/** The last instant at which a verdict counts. */
export function expiresAt(decidedAt: string, reviewDays: number): string {
  return Temporal.Instant.from(decidedAt)
    .add({ hours: 24 * reviewDays })
    .toString();
}
