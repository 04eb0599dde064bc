import type { OpenOpportunity, Suggestion, UnlinkedProject } from './project-link.store.ts';

const LEAST_SCORE = 0.5;
const LEAST_LIKENESS = 0.25;

/**
 * Pairs of an unlinked project and an unlinked opportunity that look like one job: similar names, the same client, work
 * that starts near the close date. Each project gets at most its best three. Pure.
 */
export function suggestLinks(
  projects: readonly UnlinkedProject[],
  opportunities: readonly OpenOpportunity[],
): Suggestion[] {
  const sought = projects.map((project) => ({
    project,
    grams: trigrams(project.name ?? ''),
    best: [] as Suggestion[],
  }));
  // Opportunities go by one after the other: there may be tens of thousands, and few projects without a link.
  for (const opportunity of opportunities) {
    const possible = sought.filter(({ project }) => mayBeOneClient(project, opportunity));
    if (possible.length === 0) continue;
    const others = trigrams(opportunity.name ?? '');
    for (const each of possible) {
      const names = likeness(each.grams, others);
      if (names < LEAST_LIKENESS) continue;
      const suggestion = score({ project: each.project, opportunity, names });
      if (suggestion.score >= LEAST_SCORE) each.best = bestThree([...each.best, suggestion]);
    }
  }
  return sought.flatMap(({ best }) => best);
}

function bestThree(suggestions: readonly Suggestion[]): Suggestion[] {
  return suggestions.toSorted((a, b) => b.score - a.score || (a.opportunityId < b.opportunityId ? -1 : 1)).slice(0, 3);
}

type Clients = Pick<UnlinkedProject, 'client_id'>;

function mayBeOneClient(project: Clients, opportunity: Clients): boolean {
  return project.client_id === null || opportunity.client_id === null || project.client_id === opportunity.client_id;
}

function score(pair: { project: UnlinkedProject; opportunity: OpenOpportunity; names: number }): Suggestion {
  const { project, opportunity, names } = pair;
  const sameClient = project.client_id !== null && project.client_id === opportunity.client_id;
  const days = daysBetween(opportunity.close_date, project.start);
  const near = days !== null && Math.abs(days) <= 45;
  const total = 0.6 * names + (sameClient ? 0.25 : 0) + (near ? 0.15 : 0);
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
  let shared = 0;
  for (const gram of a) if (b.has(gram)) shared += 1;
  return (2 * shared) / (a.size + b.size);
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
