import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { isOpen } from '../opportunities/pipeline.store.ts';
import { dealsInScope, looksAt, projectsInScope, type ReviewLens, type ReviewScope } from './review-scope.ts';

/** As many deals as one review goes through; figures are of all of them. */
const MOST_DEALS = 500;
/** As many projects as one review goes through; figures are of all of them. */
const MOST_PROJECTS = 500;

/** What a review goes through: open deals, those that are to close first coming first, and projects under way. */
export interface Subjects {
  opportunityIds: string[];
  /** How many deals are open, listed or not. */
  openDeals: number;
  projectIds: string[];
  /** All projects that are under way, listed or not. */
  allProjectIds: string[];
}

export async function readSubjects(
  rows: Rows,
  { scope, lens }: { scope: ReviewScope; lens: ReviewLens },
): Promise<Subjects> {
  const deals = looksAt(lens, 'SALES') ? await readDeals(rows, scope) : [];
  const projects = looksAt(lens, 'DELIVERY') ? await readProjects(rows, scope) : [];
  const allProjectIds = projects.map(({ id }) => id);
  return {
    opportunityIds: deals.map(({ id }) => id),
    openDeals: Number(deals[0]?.total ?? 0),
    projectIds: allProjectIds.slice(0, MOST_PROJECTS),
    allProjectIds,
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
    order by id`.execute(rows);
  return found;
}
