import type { JsonValue } from '@plumbline/connector';
import type { Database } from '@plumbline/hub';
import { sql } from 'kysely';

/** What the graph says of one record of a stream. */
export interface Shown {
  label: string | null;
  /** The entity it became. */
  entity: string;
  /** False once no source has it any more. */
  alive: boolean;
  versions: number;
  /** When the vendor says the record last changed. */
  changedAt: string | null;
}

export interface Place {
  sourceId: string;
  stream: string;
  kind: string;
  table: string;
  column: string;
}

/** Every record of a stream that became an entity, by the record's id. */
export async function readShown(database: Database, of: Place): Promise<Map<string, Shown>> {
  const { rows } = await sql<Shown & { id: string }>`
    select record.external_id as id, entity.${sql.ref(of.column)} as label, entity.id as entity,
      facet.deleted_at is null and entity.deleted_at is null as alive,
      (select count(*)::int from version where version.entity_id = entity.id) as versions,
      record.changed_at::text as "changedAt"
    from record
    join facet on facet.record_id = record.id and facet.kind = ${of.kind}
    join ${sql.table(of.table)} as entity on entity.id = facet.entity_id
    where record.source_id = ${of.sourceId} and record.stream = ${of.stream}`.execute(database.rows);
  return new Map(rows.map(({ id, ...shown }) => [id, shown]));
}

/**
 * What a field of a record's entity says, in every way a connector could have mapped it: the value, or each key of what
 * a reference means.
 */
export async function readField(
  database: Database,
  of: Place,
  at: { id: string; field: string },
): Promise<JsonValue[]> {
  const { rows } = await sql<{ value: JsonValue }>`
    with latest as (
      select version.snapshot::jsonb -> ${at.field}::text as value
      from record
      join facet on facet.record_id = record.id and facet.kind = ${of.kind}
      join version on version.entity_id = facet.entity_id
      where record.source_id = ${of.sourceId} and record.stream = ${of.stream} and record.external_id = ${at.id}
      order by version.seq desc limit 1
    )
    select value from latest where value is not null
    union all
    select to_jsonb(replace(identity.key, ${`@${of.sourceId}:`}::text, ':'))
    from latest join identity on identity.entity_id::text = latest.value #>> '{}'`.execute(database.rows);
  return rows.map(({ value }) => value);
}

/** Ids of the records that stand in quarantine. */
export async function readQuarantine(database: Database, of: Place): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select external_id as id from quarantine where source_id = ${of.sourceId} and stream = ${of.stream}`.execute(
    database.rows,
  );
  return new Set(rows.map(({ id }) => id));
}

/** The saved cursor as text that is equal for equal cursors; null before the first page. */
export async function readCursorText(database: Database, of: Place): Promise<string | null> {
  const { rows } = await sql<{ cursor: string }>`
    select cursor::text as cursor from stream_cursor where source_id = ${of.sourceId} and stream = ${of.stream}`.execute(
    database.rows,
  );
  return rows[0]?.cursor ?? null;
}

/** As after a change of the mapping: everything that is stored is to be mapped anew. */
export async function forgetMappings(database: Database, of: Place): Promise<void> {
  await sql`
    update record set mapping = '' where source_id = ${of.sourceId} and stream = ${of.stream} and state <> 'ERASED'`.execute(
    database.rows,
  );
}
