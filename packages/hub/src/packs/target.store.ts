import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import type { ReviewScope } from './review-scope.ts';

/**
 * What figures are to reach on a day, by their names: what the scope itself is to reach, and where nobody says that, what
 * the firm is. Of several for one figure the one that began last.
 */
export async function readTargets(
  rows: Rows,
  { scope, day }: { scope: ReviewScope; day: string },
): Promise<Map<string, string>> {
  const personId = scope.kind === 'PERSON' ? scope.id : null;
  const clientId = scope.kind === 'CLIENT' ? scope.id : null;
  const { rows: found } = await sql<{ metric: string; value: string }>`
    select distinct on (metric) metric, value from target
    where deleted_at is null and metric is not null and value is not null
      and (period_start is null or period_start <= ${day}::date) and (period_end is null or period_end >= ${day}::date)
      and ((person_id is null and team is null and client_id is null)
        or (person_id is not distinct from ${personId}::uuid and team is not distinct from ${scope.team}::text
          and client_id is not distinct from ${clientId}::uuid))
    order by metric, (person_id is null and team is null and client_id is null), period_start desc nulls last, id`.execute(
    rows,
  );
  return new Map(found.map(({ metric, value }) => [metric, value]));
}
