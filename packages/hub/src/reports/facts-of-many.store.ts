import type { Context } from '../kernel/context.ts';
import { inTurn } from '../kernel/in-turn.ts';
import { workStandpointOf } from '../time/worked.past.ts';
import type { LocalPeriod } from '../time/worked.store.ts';
import { readProjectFacts, type ProjectFacts } from './project-facts.store.ts';

/**
 * Of how many projects one statement reads all that was worked on them: it has only so much time, and the past is put
 * together out of versions first, which takes five times as long.
 */
export function projectsAtOnce(asOf: string | null | undefined): number {
  return asOf ? 20 : 100;
}

/** What the figures of projects are computed of, in their order: four statements for so many. Null for one that there is not. */
export function readFactsOfMany(
  context: Context,
  {
    projectIds,
    asOf,
    period,
  }: { projectIds: readonly string[]; asOf: string | null | undefined; period?: LocalPeriod | null },
): Promise<(ProjectFacts | null)[]> {
  return inTurn(projectIds, projectsAtOnce(asOf), async (some) => {
    const { rows, now } = await workStandpointOf(context, asOf, some);
    return readProjectFacts(rows, { projectIds: some, now, settings: context, period });
  });
}
