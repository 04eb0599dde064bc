import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { readerOf, type Row } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import type { ChangeOperation } from '../kernel/history.ts';
import type { Kind } from '../kernel/kind.ts';
import { snapshotColumns, snapshotText } from '../kernel/snapshot.ts';
import { unnest } from '../kernel/unnest.ts';

/** An entity as it stands: its values with references as ids. */
export interface EntityState {
  values: Record<string, JsonValue>;
  customFields: Record<string, JsonValue>;
  deleted: boolean;
}

export async function readEntities(rows: Rows, kind: Kind, ids: readonly string[]): Promise<Map<string, EntityState>> {
  if (ids.length === 0) return new Map();
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<Row>`
    select entity.* from ${asked} join ${sql.table(kind.table)} as entity on entity.id = asked.id`.execute(rows);
  const readers = Object.entries(kind.fields).map(([name, field]) => [name, readerOf(name, field)] as const);
  const states = new Map(
    found.map((row) => [
      String(row['id']),
      {
        values: Object.fromEntries(readers.map(([name, read]) => [name, read(row)])),
        customFields: row['custom_fields'] as Record<string, JsonValue>,
        deleted: row['deleted_at'] !== null,
      },
    ]),
  );
  await readManyReferences(rows, kind, states);
  return states;
}

async function readManyReferences(rows: Rows, kind: Kind, states: Map<string, EntityState>): Promise<void> {
  const names = manyFields(kind);
  if (names.length === 0 || states.size === 0) return;
  const asked = unnest('asked', [...states.keys()], [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<{ entity_id: string; field: string; target_id: string }>`
    select entity_id, field, target_id from ${asked} join many_reference on entity_id = asked.id
    order by target_id`.execute(rows);
  for (const state of states.values()) for (const name of names) state.values[name] = [];
  for (const row of found) (states.get(row.entity_id)?.values[row.field] as string[] | undefined)?.push(row.target_id);
}

function manyFields(kind: Kind): string[] {
  return Object.entries(kind.fields).flatMap(([name, field]) => (field.type === 'refs' ? [name] : []));
}

export interface EntityChange {
  id: string;
  operation: ChangeOperation;
  state: EntityState;
  changed: readonly string[];
  validFrom: string;
  sourceId: string | null;
}

/**
 * Writes entities and their versions; every change is an event of the same transaction. The entity's columns are read
 * out of its version's snapshot, so the values travel once and the two cannot differ.
 */
export async function writeEntities(
  rows: Rows,
  input: { kind: Kind; changes: readonly EntityChange[]; now: string; runId: string | null },
): Promise<void> {
  const { kind, changes, now } = input;
  if (changes.length === 0) return;
  const given = unnest('given', changes, [
    { name: 'id', type: 'uuid', value: (change) => change.id },
    { name: 'operation', type: 'text', value: (change) => change.operation },
    { name: 'valid_from', type: 'timestamptz', value: (change) => change.validFrom },
    { name: 'source_id', type: 'text', value: (change) => change.sourceId },
    { name: 'deleted', type: 'boolean', value: (change) => change.state.deleted },
    { name: 'changed', type: 'jsonb', value: (change) => JSON.stringify(change.changed) },
    { name: 'snapshot', type: 'jsonb', value: ({ state }) => snapshotText(state) },
  ]);
  const columns = Object.entries(kind.fields).flatMap(([name, field]) => snapshotColumns(name, field));
  const list = sql.join(columns.map((column) => sql.ref(column.name)));
  const picked = sql.join(columns.map((column) => column.expression));
  const updates = sql.join(columns.map(({ name }) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`));
  await sql`
    with given as materialized (select * from ${given}),
    entity as (
      insert into ${sql.table(kind.table)} (id, ${list}, custom_fields, first_seen_at, changed_at, deleted_at)
      select id, ${picked}, snapshot -> 'customFields', ${now}::timestamptz, ${now}::timestamptz, case when deleted then ${now}::timestamptz end
      from given
      on conflict (id) do update set ${updates}, custom_fields = excluded.custom_fields, changed_at = excluded.changed_at, deleted_at = excluded.deleted_at
    )
    insert into version (kind, entity_id, operation, valid_from, seen_at, changed, snapshot, source_id, run_id)
    select ${kind.name}, id, operation, valid_from, ${now}::timestamptz, changed, snapshot, source_id, ${input.runId}::uuid
    from given`.execute(rows);
  await writeManyReferences(rows, kind, changes);
}

async function writeManyReferences(rows: Rows, kind: Kind, changes: readonly EntityChange[]): Promise<void> {
  const touched = changes.filter((change) => manyFields(kind).some((name) => change.changed.includes(name)));
  if (touched.length === 0) return;
  const ids = unnest('given', touched, [{ name: 'id', type: 'uuid', value: (change) => change.id }]);
  await sql`delete from many_reference using ${ids} where entity_id = given.id`.execute(rows);
  const members = touched.flatMap((change) =>
    manyFields(kind).flatMap((field) =>
      (change.state.values[field] as readonly string[]).map((target) => ({ id: change.id, field, target })),
    ),
  );
  if (members.length === 0) return;
  const given = unnest('given', members, [
    { name: 'id', type: 'uuid', value: (member) => member.id },
    { name: 'field', type: 'text', value: (member) => member.field },
    { name: 'target', type: 'uuid', value: (member) => member.target },
  ]);
  await sql`
    insert into many_reference (kind, entity_id, field, target_id) select ${kind.name}, id, field, target from ${given}
    on conflict do nothing`.execute(rows);
}
