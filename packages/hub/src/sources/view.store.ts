import { HubError, type BoundView, type JsonValue, type KindName, type ViewRecords } from '@plumbline/connector';
import { sql, type RawBuilder } from 'kysely';
import { columnOf } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { unnest } from '../kernel/unnest.ts';
import type { InstalledSource } from './installed-source.ts';
import { readStreamReads } from './source-freshness.store.ts';

/** What one record of a source shows of its payload. */
export interface Shown {
  entityId: string;
  recordId: string;
  sourceId: string;
  values: Readonly<Record<string, JsonValue>>;
}

interface PayloadRow {
  entity_id: string;
  record_id: string;
  source_id: string;
  stream: string;
  external_id: string;
  payload: unknown;
}

/** What the records of these entities show; an Error for an entity that has one which cannot be read. */
export async function readShown(
  context: Context,
  of: { ids: readonly string[]; connector: string; on: KindName },
): Promise<(Shown[] | Error)[]> {
  const sources = sourcesOf(context, of.connector);
  const { rows } = await sql<PayloadRow>`
    select distinct on (asked.id, ${order}) ${columns}
    from ${asked(of.ids)} join facet on facet.entity_id = asked.id and facet.deleted_at is null and facet.kind = ${of.on}
    join record on record.id = facet.record_id join record_payload on record_payload.record_id = record.id
    where ${among(sources)}
    order by asked.id, ${order}`.execute(context.rows);
  const byEntity = Map.groupBy(rows, (row) => row.entity_id);
  return of.ids.map((id) => orError(() => showAll(byEntity.get(id) ?? [], { sources, on: of.on })));
}

/**
 * By the id of each record of these entities what the records of its own source show that refer to it; an Error for one
 * to which a record refers that cannot be read.
 */
export async function readReferring(
  context: Context,
  of: { ids: readonly string[]; connector: string; on: KindName; list: ViewRecords },
): Promise<Map<string, Shown[] | Error>[]> {
  const { list } = of;
  const sources = sourcesOf(context, of.connector);
  const { table } = context.kinds[list.of];
  const { rows } = await sql<PayloadRow & { referred_id: string }>`
    select distinct on (asked.id, referred.record_id, ${order}) ${columns}, referred.record_id as referred_id
    from ${asked(of.ids)}
    join facet as referred on referred.entity_id = asked.id and referred.deleted_at is null and referred.kind = ${of.on}
    join ${sql.table(table)} as entity on entity.${sql.ref(columnOf(list.by, { type: 'ref' }))} = asked.id
    join facet on facet.entity_id = entity.id and facet.deleted_at is null and facet.kind = ${list.of}
      and facet.source_id = referred.source_id
      and facet.fields ->> ${list.by}::text in (select json_array_elements_text(referred.keys))
    join record on record.id = facet.record_id join record_payload on record_payload.record_id = record.id
    where ${among(sources)}
    order by asked.id, referred.record_id, ${order}`.execute(context.rows);
  const byEntity = Map.groupBy(rows, (row) => row.entity_id);
  return of.ids.map((id) => {
    const byReferred = Map.groupBy(byEntity.get(id) ?? [], (row) => row.referred_id);
    return new Map(
      [...byReferred].map(([record, own]) => [record, orError(() => showAll(own, { sources, on: list.of }))]),
    );
  });
}

/** Whether every stream that brings such records was read to its end once: what has not been read is not known. */
export async function readWhetherWhole(
  context: Context,
  of: { sourceIds: readonly string[]; kind: KindName },
): Promise<boolean[]> {
  const reads = await readStreamReads(
    context.rows,
    context.sources.filter(({ id }) => of.sourceIds.includes(id)),
  );
  return of.sourceIds.map((id) => {
    const own = reads.filter(({ source, kinds }) => source === id && kinds.includes(of.kind));
    return own.length > 0 && own.every(({ readAt }) => readAt !== null);
  });
}

const columns = sql`asked.id as entity_id, record.id as record_id, record.source_id, record.stream, record.external_id, record_payload.payload`;

/** By the vendors' ids, of which those that are numbers stand as numbers. */
const order = sql`record.source_id, record.stream, length(record.external_id), record.external_id collate "C"`;

type Sources = ReadonlyMap<string, InstalledSource>;

function sourcesOf(context: Context, connector: string): Sources {
  const own = context.sources.filter((source) => source.connector.name === connector);
  return new Map(own.map((source) => [source.id, source]));
}

const asked = (ids: readonly string[]) => unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);

function among(sources: Sources): RawBuilder<unknown> {
  return sql`record.source_id in (select unnest(${[...sources.keys()]}::text[]))`;
}

function orError<Value>(read: () => Value): Value | Error {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function showAll(rows: readonly PayloadRow[], { sources, on }: { sources: Sources; on: BoundView['on'] }): Shown[] {
  return rows.flatMap((row) => show(row, { source: sources.get(row.source_id), on }));
}

/** Nothing for a record of a stream that is not read any more, or that shows nothing. */
function show(row: PayloadRow, of: { source: InstalledSource | undefined; on: BoundView['on'] }): Shown[] {
  const stream = of.source?.connector.streams.find(({ name }) => name === row.stream);
  const view = stream?.views.find(({ on }) => on === of.on);
  if (!view) return [];
  try {
    const values = view.read(row.payload);
    return [{ entityId: row.entity_id, recordId: row.record_id, sourceId: row.source_id, values }];
  } catch (error) {
    throw new HubError(
      {
        code: 'BAD_RECORD',
        message: `${row.source_id}: the record ${row.external_id} of "${row.stream}" cannot be read.`,
        remedy: 'The quarantine says why; repaired in its source, it is shown again.',
      },
      { cause: error },
    );
  }
}
