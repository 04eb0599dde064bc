import type { Listed } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import type { RecordState } from './record.ts';

/** Which stream of which source. */
export interface StreamId {
  sourceId: string;
  stream: string;
}

export interface KnownRecord {
  id: string;
  external_id: string;
  hash: string;
  changed_at: string | null;
  mapping: string;
  state: RecordState;
  quarantined: boolean;
}

export interface StoredRecord {
  id: string;
  externalId: string;
  hash: string;
  changedAt: string | null;
  surroundings: string | null;
  payload: string;
}

export async function findRecords(rows: Rows, of: StreamId, externalIds: readonly string[]): Promise<KnownRecord[]> {
  if (externalIds.length === 0) return [];
  const asked = unnest('asked', externalIds, [{ name: 'external_id', type: 'text', value: (id) => id }]);
  const { rows: found } = await sql<KnownRecord>`
    select known.* from ${asked} cross join lateral (
      select record.id, record.external_id, hash, changed_at, mapping, state,
        exists (select from quarantine where quarantine.id = record.id) as quarantined
      from record
      where record.source_id = ${of.sourceId} and record.stream = ${of.stream} and record.external_id = asked.external_id
      offset 0
    ) as known`.execute(rows);
  return found;
}

export async function storeRecords(
  rows: Rows,
  input: StreamId & { records: readonly StoredRecord[]; seenAt: string; mapping: string },
): Promise<void> {
  if (input.records.length === 0) return;
  const given = unnest('given', input.records, [
    { name: 'id', type: 'uuid', value: (record) => record.id },
    { name: 'external_id', type: 'text', value: (record) => record.externalId },
    { name: 'hash', type: 'text', value: (record) => record.hash },
    { name: 'changed_at', type: 'timestamptz', value: (record) => record.changedAt },
    { name: 'surroundings', type: 'text', value: (record) => record.surroundings },
  ]);
  await sql`
    insert into record (id, source_id, stream, external_id, hash, changed_at, surroundings, seen_at, mapping, state)
    select id, ${input.sourceId}, ${input.stream}, external_id, hash, changed_at, surroundings, ${input.seenAt}::timestamptz, ${input.mapping}, 'PRESENT'
    from ${given}
    on conflict (id) do update set
      hash = excluded.hash, changed_at = excluded.changed_at, surroundings = excluded.surroundings, seen_at = excluded.seen_at, mapping = excluded.mapping, state = 'PRESENT'`.execute(
    rows,
  );
}

/** The payloads of records that are stored already. */
export async function storePayloads(rows: Rows, records: readonly StoredRecord[]): Promise<void> {
  if (records.length === 0) return;
  const payloads = unnest('given', records, [
    { name: 'id', type: 'uuid', value: (record) => record.id },
    { name: 'payload', type: 'json', value: (record) => record.payload },
  ]);
  await sql`
    insert into record_payload (record_id, payload) select id, payload from ${payloads}
    on conflict (record_id) do update set payload = excluded.payload`.execute(rows);
}

/** Marks records and returns the ids of those whose state was another one. */
export async function setRecordState(
  rows: Rows,
  of: StreamId,
  externalIds: readonly string[],
  state: RecordState,
): Promise<string[]> {
  if (externalIds.length === 0) return [];
  const asked = unnest('asked', externalIds, [{ name: 'external_id', type: 'text', value: (id) => id }]);
  const { rows: changed } = await sql<{ id: string }>`
    update record set state = ${state} from ${asked}
    where record.source_id = ${of.sourceId} and record.stream = ${of.stream}
      and record.external_id = asked.external_id and record.state <> ${state}
    returning record.id`.execute(rows);
  return changed.map((row) => row.id);
}

/** A record that counts as there, as it was when it was looked up. */
export interface HeldRecord {
  externalId: string;
  seenAt: string;
}

/** Records of a stream that count as there: all of them, or those with these ids. */
export async function heldRecords(rows: Rows, of: StreamId, ids?: readonly string[]): Promise<HeldRecord[]> {
  if (ids?.length === 0) return [];
  const asked = ids && unnest('asked', ids, [{ name: 'external_id', type: 'text', value: (id) => id }]);
  const { rows: found } = await sql<HeldRecord>`
    select record.external_id as "externalId", seen_at::text as "seenAt"
    from ${asked ? sql`${asked} join record on record.external_id = asked.external_id` : sql`record`}
    where source_id = ${of.sourceId} and stream = ${of.stream} and state in ('PRESENT', 'MISSING')`.execute(rows);
  return found;
}

/** The ids of those that are held in an older version than the vendor has by now, or with other surroundings. */
export async function outdated(
  rows: Rows,
  of: StreamId,
  listed: readonly Exclude<Listed, string>[],
): Promise<string[]> {
  if (listed.length === 0) return [];
  const given = unnest('given', listed, [
    { name: 'external_id', type: 'text', value: ({ id }) => id },
    { name: 'changed_at', type: 'timestamptz', value: ({ changedAt }) => changedAt },
    { name: 'surroundings', type: 'text', value: ({ surroundings }) => surroundings ?? null },
  ]);
  const { rows: found } = await sql<{ external_id: string }>`
    select given.external_id from ${given} join record on record.external_id = given.external_id
    where source_id = ${of.sourceId} and stream = ${of.stream} and state = 'PRESENT'
      and (record.changed_at < given.changed_at or record.surroundings <> given.surroundings)`.execute(rows);
  return found.map((row) => row.external_id);
}

/** The ids of those that nobody has stored or marked since they were looked up. */
export async function untouched(rows: Rows, of: StreamId, held: readonly HeldRecord[]): Promise<string[]> {
  const before = new Map(held.map(({ externalId, seenAt }) => [externalId, seenAt]));
  const now = await heldRecords(rows, of, [...before.keys()]);
  return now.flatMap(({ externalId, seenAt }) => (before.get(externalId) === seenAt ? [externalId] : []));
}

export async function setMapping(rows: Rows, recordIds: readonly string[], mapping: string): Promise<void> {
  if (recordIds.length === 0) return;
  const given = unnest('given', recordIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  await sql`update record set mapping = ${mapping} from ${given} where record.id = given.id`.execute(rows);
}

export interface Rejected {
  recordId: string;
  externalId: string;
  error: string;
}

export async function quarantine(
  rows: Rows,
  input: StreamId & { rejected: readonly Rejected[]; now: string },
): Promise<void> {
  if (input.rejected.length === 0) return;
  const given = unnest('given', input.rejected, [
    { name: 'id', type: 'uuid', value: (each) => each.recordId },
    { name: 'external_id', type: 'text', value: (each) => each.externalId },
    { name: 'error', type: 'text', value: (each) => each.error },
  ]);
  await sql`
    insert into quarantine (id, source_id, stream, external_id, error, since, last_seen_at)
    select id, ${input.sourceId}, ${input.stream}, external_id, error, ${input.now}::timestamptz, ${input.now}::timestamptz from ${given}
    on conflict (id) do update set error = excluded.error, last_seen_at = excluded.last_seen_at`.execute(rows);
}

/** Lets go of records that are good again; says how many there were. */
export async function release(rows: Rows, recordIds: readonly string[]): Promise<number> {
  if (recordIds.length === 0) return 0;
  const given = unnest('given', recordIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: released } = await sql`
    delete from quarantine using ${given} where quarantine.id = given.id returning quarantine.id`.execute(rows);
  return released.length;
}
