import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { snakeCase } from '../kernel/names.ts';
import { unnest } from '../kernel/unnest.ts';
import { openPointKinds, type OpenPointKind } from './open-point.rules.ts';
import type { Subject } from './subject.ts';

/** An obstacle or a need that is open. */
export interface OpenPoint {
  kind: OpenPointKind;
  id: string;
  title: string | null;
  raised_at: string | null;
  due: string | null;
  owner_id: string | null;
}

/** What is open of each subject, the first due first; in one statement. */
export async function readOpenPoints(
  rows: Rows,
  kind: Subject['kind'],
  ids: readonly string[],
): Promise<OpenPoint[][]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<OpenPoint & { asked_id: string }>`
    select asked.id as asked_id, point.* from ${asked} cross join lateral (
      ${sql.join(
        openPointKinds.map((each) => openOf(each, kind)),
        sql` union all `,
      )}
    ) as point order by asked.id, due nulls last, point.id`.execute(rows);
  const bySubject = Map.groupBy(found, (row) => row.asked_id);
  return ids.map((id) => bySubject.get(id) ?? []);
}

function openOf(kind: OpenPointKind, subject: Subject['kind']): RawBuilder<unknown> {
  return sql`select ${sql.lit(kind)} as kind, id, title, raised_at, due, owner_id from ${sql.table(snakeCase(kind))}
    where ${sql.ref(`${subject}_id`)} = asked.id and coalesce(status, 'OPEN') = 'OPEN' and deleted_at is null`;
}
