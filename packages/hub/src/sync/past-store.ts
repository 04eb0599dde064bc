import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import type { PastFields } from '../kernel/history.ts';
import { spanOf } from '../kernel/history.rules.ts';
import type { Kind } from '../kernel/kind.ts';
import { unnest } from '../kernel/unnest.ts';

/** What sources remember of an entity now. */
export interface EntityPast {
  id: string;
  past: PastFields;
  /** Whether there may be a past of it in the database. */
  known: boolean;
}

/** Replaces what is kept of each entity's past; writes nothing that is there already. */
export async function writePasts(rows: Rows, kind: Kind, pasts: readonly EntityPast[]): Promise<void> {
  const kept = pasts.flatMap(({ id, past }) => {
    const span = spanOf(past);
    return span ? [{ id, past, ...span }] : [];
  });
  const left = pasts.filter(({ past, known }) => known && spanOf(past) === null).map(({ id }) => id);
  if (left.length > 0) await deletePasts(rows, left);
  if (kept.length === 0) return;
  const given = unnest('given', kept, [
    { name: 'id', type: 'uuid', value: (each) => each.id },
    { name: 'since', type: 'timestamptz', value: (each) => each.since },
    { name: 'until', type: 'timestamptz', value: (each) => each.until },
    { name: 'fields', type: 'jsonb', value: (each) => JSON.stringify(each.past) },
  ]);
  await sql`
    insert into past (entity_id, kind, since, until, fields) select id, ${kind.name}, since, until, fields from ${given}
    on conflict (entity_id) do update set since = excluded.since, until = excluded.until, fields = excluded.fields
    where past.fields is distinct from excluded.fields`.execute(rows);
}

export async function deletePasts(rows: Rows, ids: readonly string[]): Promise<void> {
  const gone = unnest('gone', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  await sql`delete from past using ${gone} where entity_id = gone.id`.execute(rows);
}
