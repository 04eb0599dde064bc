import type { Api } from '@plumbline/hub';
import { ask } from './ask.ts';

/** What was promised and who looks after it, as far as it is kept in the hub. */
export interface PromisesSummary {
  /** Deals before a client whose offer is in terms of which no review counts, among the first hundred offers. */
  unreviewed: number;
  /** Promises that a client has accepted and no work keeps; 100 at most. */
  unplanned: number;
  /** Open obstacles and needs beyond their day. */
  overdue: number;
  /** Reports that a statement of work promises and that are late, by project. */
  reportsMissed: number;
  /** Reports that were taken, and that nobody says were sent by the day that a statement of work promises, by project. */
  reportsNotSent: number;
}

interface Answer {
  offers: { nodes: { opportunity: { id: string } | null }[] };
  promisedNotPlanned: readonly unknown[];
  reportsMissed: readonly unknown[];
  reportsNotSent: readonly unknown[];
  obstacles: { totalCount: number };
  closeNeeds: { totalCount: number };
}

/** `today` is the calendar day that counts. */
export async function findPromises(api: Pick<Api, 'query'>, today: string): Promise<PromisesSummary> {
  const { offers, promisedNotPlanned, reportsMissed, reportsNotSent, obstacles, closeNeeds } = await ask<Answer>(
    api,
    `query ($today: LocalDate!) {
      offers: proposals(first: 100, filter: { state: { in: [DRAFT, IN_REVIEW, INTERNALLY_APPROVED, SUBMITTED] } }) { nodes { opportunity { id } } }
      promisedNotPlanned { id }
      reportsMissed(first: 100) { dueOn }
      reportsNotSent(first: 100) { dueOn }
      obstacles(first: 1, filter: { status: { eq: OPEN }, due: { lt: $today } }) { totalCount }
      closeNeeds(first: 1, filter: { status: { eq: OPEN }, due: { lt: $today } }) { totalCount }
    }`,
    { today },
  );
  return {
    unreviewed: await countUnreviewed(api, [
      ...new Set(offers.nodes.flatMap(({ opportunity }) => opportunity?.id ?? [])),
    ]),
    unplanned: promisedNotPlanned.length,
    overdue: obstacles.totalCount + closeNeeds.totalCount,
    reportsMissed: reportsMissed.length,
    reportsNotSent: reportsNotSent.length,
  };
}

/** Asks about these deals alone: what is asked about projects reads all that was worked on them. */
async function countUnreviewed(api: Pick<Api, 'query'>, opportunities: readonly string[]): Promise<number> {
  if (opportunities.length === 0) return 0;
  const { questions } = await ask<{ questions: readonly unknown[] }>(
    api,
    'query ($opportunities: [ID!]) { questions(first: 100, opportunities: $opportunities, rules: [NOT_REVIEWED]) { rule } }',
    { opportunities },
  );
  return questions.length;
}
