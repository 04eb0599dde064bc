import { nothingToCount } from '../projects/earned-value.rules.ts';
import type { LocalPeriod } from '../time/worked.store.ts';
import type { ProjectFacts } from './project-facts.store.ts';
import { basisOf, type Basis } from './project-metrics.rules.ts';

/** A project that is in no figure of several. */
export interface LeftOut {
  projectId: string;
  reason: string;
}

/** What can be added up of these projects, and what cannot; `worths` are what units of their currencies are worth. Pure. */
export function addable(
  ids: readonly string[],
  facts: readonly (ProjectFacts | null)[],
  worths: ReadonlyMap<string, string>,
): { bases: readonly Basis[]; leftOut: readonly LeftOut[] } {
  const bases: Basis[] = [];
  const leftOut: LeftOut[] = [];
  for (const [index, projectId] of ids.entries()) {
    const fact = facts[index];
    if (!fact) continue;
    const own = fact.plan.currency;
    const worth = own === null ? undefined : worths.get(own);
    if (worth === undefined) {
      leftOut.push({
        projectId,
        reason: own === null ? 'It has no currency.' : `No rate of exchange is known from ${own} today.`,
      });
      continue;
    }
    const basis = basisOf(fact, worth);
    const missing = missingIn(basis, fact.period);
    if (missing) leftOut.push({ projectId, reason: missing });
    else bases.push(basis);
  }
  return { bases, leftOut };
}

function missingIn(basis: Basis, period: LocalPeriod | null): string | null {
  if (basis.contractValue === null) return 'Nobody says what the client agreed to pay.';
  if (basis.plannedCost === null) return 'Nobody says what it was planned to cost.';
  if (basis.actualCost === null) return 'Some of its work has no cost rate, or one that cannot be converted.';
  if (basis.earnedValue === null) return basis.methods.map((method) => nothingToCount[method]).join(' ');
  if (basis.plannedValue === null) return 'It has no planned start or end.';
  if (period !== null) return null;
  return basis.costAtCompletion === null ? 'Nothing is done yet, so nobody knows what it will cost in the end.' : null;
}
