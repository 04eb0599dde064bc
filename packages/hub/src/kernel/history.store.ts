import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { instantText } from './columns.ts';
import type { Rows } from './database.ts';
import { historyOf, type HistoryEntry, type VersionChange } from './history.entries.ts';
import type { PastFields } from './history.ts';
import type { Kind } from './kind.ts';
import { unnest } from './unnest.ts';

interface VersionRow {
  entity_id: string;
  seq: string | number;
  valid_from: string;
  seen_at: string;
  operation: VersionChange['operation'];
  source_id: string | null;
  after: Record<string, JsonValue>;
  before: Record<string, JsonValue>;
}

/** What changed when, newest first, with what the sources remember; references are ids. Two statements for all entities. */
export async function readHistories(rows: Rows, kind: Kind, ids: readonly string[]): Promise<HistoryEntry[][]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const picked = (snapshot: string) =>
    sql`(select coalesce(jsonb_object_agg(name, ${sql.raw(snapshot)} -> name), '{}') from jsonb_array_elements_text(changed) as each(name))`;
  const { rows: found } = await sql<VersionRow>`
    select entity_id, seq, valid_from, seen_at, operation, source_id, ${picked('snapshot')} as after, ${picked('previous')} as before
    from (
      select version.*, lag(snapshot) over (partition by entity_id order by seq) as previous
      from ${asked} join version on version.entity_id = asked.id
    ) as version order by entity_id, seq`.execute(rows);
  const { rows: pasts } = await sql<{ entity_id: string; fields: PastFields }>`
    select entity_id, fields from ${asked} join past on past.entity_id = asked.id`.execute(rows);
  const versions = Map.groupBy(found, (row) => row.entity_id);
  const pastOf = new Map(pasts.map((row) => [row.entity_id, row.fields]));
  return ids.map((id) => historyOf(kind, (versions.get(id) ?? []).map(toChange), pastOf.get(id) ?? {}));
}

function toChange(row: VersionRow): VersionChange {
  return {
    seq: Number(row.seq),
    validFrom: instantText(row.valid_from),
    seenAt: instantText(row.seen_at),
    operation: row.operation,
    sourceId: row.source_id,
    changes: Object.keys(row.after).map((field) => ({
      field,
      before: row.before[field] ?? null,
      after: row.after[field] ?? null,
    })),
  };
}
