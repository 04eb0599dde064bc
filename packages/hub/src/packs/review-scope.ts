import { sql, type RawBuilder } from 'kysely';

export const reviewLenses = ['SALES', 'DELIVERY', 'BOTH'] as const;
export type ReviewLens = (typeof reviewLenses)[number];

/** Of whom a review is. */
export type ReviewScope =
  | { kind: 'PERSON' | 'CLIENT'; id: string; team: null }
  | { kind: 'TEAM'; id: null; team: string }
  | { kind: 'PORTFOLIO'; id: null; team: null };

export const reviewScopeKinds = [
  'PERSON',
  'TEAM',
  'CLIENT',
  'PORTFOLIO',
] as const satisfies readonly ReviewScope['kind'][];

/** Whether a review through this lens looks at what is sold, or at what is delivered. */
export function looksAt(lens: ReviewLens, side: 'SALES' | 'DELIVERY'): boolean {
  return lens === 'BOTH' || lens === side;
}

/** Rows of the scope, by the columns that say whose they are and for which client. */
function inScope(scope: ReviewScope, columns: { person: string; client: string }): RawBuilder<unknown> {
  const whose = sql.ref(columns.person);
  switch (scope.kind) {
    case 'PERSON':
      return sql`${whose} = ${scope.id}::uuid`;
    case 'TEAM':
      return sql`${whose} in (select id from person where deleted_at is null and team = ${scope.team})`;
    case 'CLIENT':
      return sql`${sql.ref(columns.client)} = ${scope.id}::uuid`;
    case 'PORTFOLIO':
      return sql`true`;
  }
}

/** Deals that somebody of the scope sells, or that its client may buy. */
export function dealsInScope(scope: ReviewScope): RawBuilder<unknown> {
  return inScope(scope, { person: 'opportunity.owner_id', client: 'opportunity.client_id' });
}

/** Projects for clients that somebody of the scope leads, or that are for its client. */
export function projectsInScope(scope: ReviewScope): RawBuilder<unknown> {
  return sql`project.client_id is not null and ${inScope(scope, { person: 'project.manager_id', client: 'project.client_id' })}`;
}
