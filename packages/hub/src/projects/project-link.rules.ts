import type { OpenOpportunity, Suggestion, UnlinkedProject } from './project-link.store.ts';

const LEAST_SCORE = 0.5;

/**
 * Pairs of an unlinked project and an unlinked opportunity that look like one job: similar names, the same client, work
 * that starts near the close date. Each project gets at most its best three. Pure.
 */
export function suggestLinks(
  projects: readonly UnlinkedProject[],
  opportunities: readonly OpenOpportunity[],
): Suggestion[] {
  const candidates = opportunities.map((opportunity) => ({ opportunity, grams: trigrams(opportunity.name ?? '') }));
  return projects.flatMap((project) => {
    const grams = trigrams(project.name ?? '');
    return candidates
      .map(({ opportunity, grams: others }) => score({ project, opportunity, likeness: likeness(grams, others) }))
      .filter((suggestion) => suggestion.score >= LEAST_SCORE)
      .toSorted((a, b) => b.score - a.score || (a.opportunityId < b.opportunityId ? -1 : 1))
      .slice(0, 3);
  });
}

function score(pair: { project: UnlinkedProject; opportunity: OpenOpportunity; likeness: number }): Suggestion {
  const { project, opportunity, likeness: names } = pair;
  const sameClient = project.client_id !== null && project.client_id === opportunity.client_id;
  const otherClient = project.client_id !== null && opportunity.client_id !== null && !sameClient;
  const days = daysBetween(opportunity.close_date, project.start);
  const near = days !== null && Math.abs(days) <= 45;
  const total = otherClient || names < 0.25 ? 0 : 0.6 * names + (sameClient ? 0.25 : 0) + (near ? 0.15 : 0);
  const reasons = [
    `The names are ${Math.round(names * 100)} % alike.`,
    ...(sameClient ? ['Both are for the same client.'] : []),
    ...(near && days !== null
      ? [`The project starts ${Math.abs(days)} days ${days < 0 ? 'before' : 'after'} the close date.`]
      : []),
  ];
  return { opportunityId: opportunity.id, projectId: project.id, score: Math.round(total * 100) / 100, reasons };
}

function daysBetween(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null;
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).total('days');
}

/** Dice's coefficient over trigrams, 0 to 1. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  return (2 * a.intersection(b).size) / (a.size + b.size);
}

function trigrams(name: string): Set<string> {
  const padded = `  ${name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
  const grams = new Set<string>();
  for (let index = 0; index + 3 <= padded.length; index += 1) grams.add(padded.slice(index, index + 3));
  return grams;
}
