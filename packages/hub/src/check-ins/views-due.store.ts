import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { isOpen } from '../opportunities/pipeline.store.ts';
import type { Subject } from './subject.ts';
import type { Perspective } from './opportunity-view.ts';

/** Somebody whose view of something is old. */
export interface ViewDue {
  subject_kind: Subject['kind'];
  subject_id: string;
  /** The seller or the manager; null where nobody is. */
  owner_id: string | null;
  /** From whose side it is due. */
  perspective: Perspective;
  /** Of when the last one speaks; null where there never was one. */
  as_of: string | null;
  /** Whole days since then, or since the subject is known. */
  days: number;
}

/**
 * For a `from`, `due`: open opportunities without a view of their seller for so many days, and ACTIVE projects without one
 * of operations, with `as_of` of the last one and `seen_at`, from when on days are counted. That somebody checked in
 * counts, whoever may read what they said.
 */
export function viewsDue({
  ownerId,
  days,
  now,
}: {
  ownerId: string | null;
  days: number;
  now: string;
}): RawBuilder<unknown> {
  return sql`(
    with wanted as (
      select 'opportunity' as subject_kind, id as subject_id, owner_id, 'SELLER' as perspective, coalesce(created_at, first_seen_at) as begun_at
      from opportunity where deleted_at is null and ${isOpen} and (${ownerId}::uuid is null or owner_id = ${ownerId}::uuid)
      union all
      select 'project', id, manager_id, 'OPERATIONS', first_seen_at
      from project where deleted_at is null and status = 'ACTIVE' and (${ownerId}::uuid is null or manager_id = ${ownerId}::uuid)
    )
    select wanted.subject_kind, wanted.subject_id, wanted.owner_id, wanted.perspective, told.as_of, coalesce(told.as_of, begun_at) as seen_at
    from wanted cross join lateral (
      select max(as_of) as as_of from (
        select wanted.subject_id as id union all select id from merged_entity where survivor_id = wanted.subject_id
      ) as known join opportunity_view on opportunity_view.subject_id = known.id
      where opportunity_view.perspective = wanted.perspective
    ) as told
    where coalesce(told.as_of, begun_at) < ${now}::timestamptz - make_interval(days => ${days})
  ) as due`;
}

/** Whose view is due, the oldest first; in one statement. */
export async function readViewsDue(
  rows: Rows,
  { ownerId, days, now, limit }: { ownerId: string | null; days: number; now: string; limit: number },
): Promise<ViewDue[]> {
  const { rows: found } = await sql<ViewDue & { days: string | number }>`
    select subject_kind, subject_id, owner_id, perspective, as_of,
      floor(extract(epoch from ${now}::timestamptz - seen_at) / 86400)::int as days
    from ${viewsDue({ ownerId, days, now })} order by seen_at, subject_id limit ${limit}`.execute(rows);
  return found.map((row) => ({ ...row, days: Number(row.days) }));
}
