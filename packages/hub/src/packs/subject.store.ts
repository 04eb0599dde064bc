import { sql } from 'kysely';
import { InputError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { isOpen } from '../opportunities/pipeline.store.ts';
import { dealsInScope, looksAt, projectsInScope, type ReviewLens, type ReviewScope } from './review-scope.ts';

/** As many deals as one review goes through; figures are of all of them. */
const MOST_DEALS = 500;
/** As many projects as the figures of one review are of. */
const MOST_PROJECTS = 500;

/** What a review goes through: open deals, those that are to close first coming first, and projects under way. */
export interface Subjects {
  opportunityIds: string[];
  /** How many deals are open, listed or not. */
  openDeals: number;
  projectIds: string[];
}

/** Throws InputError where there are more projects than figures can be of. */
export async function readSubjects(
  rows: Rows,
  { scope, lens }: { scope: ReviewScope; lens: ReviewLens },
): Promise<Subjects> {
  const deals = looksAt(lens, 'SALES') ? await readDeals(rows, scope) : [];
  const projects = looksAt(lens, 'DELIVERY') ? await readProjects(rows, scope) : [];
  if (projects.length > MOST_PROJECTS)
    throw new InputError(
      'scope',
      `More than ${MOST_PROJECTS} projects are under way there.`,
      'Review them by team, person or client.',
    );
  return {
    opportunityIds: deals.map(({ id }) => id),
    openDeals: Number(deals[0]?.total ?? 0),
    projectIds: projects.map(({ id }) => id),
  };
}

async function readDeals(rows: Rows, scope: ReviewScope): Promise<{ id: string; total: string | number }[]> {
  const { rows: found } = await sql<{ id: string; total: string | number }>`
    select id, count(*) over () as total from opportunity
    where deleted_at is null and ${isOpen} and ${dealsInScope(scope)}
    order by close_date nulls last, id limit ${MOST_DEALS}`.execute(rows);
  return found;
}

async function readProjects(rows: Rows, scope: ReviewScope): Promise<{ id: string }[]> {
  const { rows: found } = await sql<{ id: string }>`
    select id from project where deleted_at is null and status in ('ACTIVE', 'ON_HOLD') and ${projectsInScope(scope)}
    order by id limit ${MOST_PROJECTS + 1}`.execute(rows);
  return found;
}
