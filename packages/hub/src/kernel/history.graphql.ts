import type { JsonValue, KindName } from '@plumbline/connector';
import type { ObjectRef } from '@pothos/core';
import { sql } from 'kysely';
import { InputError } from './api-error.ts';
import type { Builder, SchemaTypes } from './builder.ts';
import { instantText, type Row } from './columns.ts';
import type { Context } from './context.ts';
import { encodeId } from './global-id.ts';
import type { Graph } from './graph.ts';
import { compareEntries, type FieldChange, type HistoryEntry } from './history.entries.ts';
import { readHistories } from './history.store.ts';
import { changeOperations } from './history.ts';
import type { Kind } from './kind.ts';
import { pageSize, type ListArguments } from './list.ts';
import { pascalCase } from './names.ts';
import { personOfKey } from './person-of-key.ts';
import { unnest } from './unnest.ts';

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;
type EntryRef = ReturnType<typeof addHistory>;

/** The types that say what changed when. */
export function addHistory({ builder, typeOf }: Pick<Graph, 'builder' | 'typeOf'>) {
  const operation = builder.enumType('ChangeOperation', {
    description: 'What happened to an entity.',
    values: changeOperations,
  });
  const change = builder.objectRef<FieldChange>('FieldChange').implement({
    description: 'One field that changed. References are global ids.',
    fields: (t) => ({
      field: t.exposeString('field', { nullable: false, description: 'The field.' }),
      before: t.expose('before', { type: 'JSON', description: 'What it was; null for nothing.' }),
      after: t.expose('after', { type: 'JSON', description: 'What it became; null for nothing.' }),
      person: t.field({
        type: typeOf('person').ref,
        description: 'Who changed it; null where its source does not say, or names somebody nobody knows.',
        resolve: ({ by }, _, context: Context) => (by === undefined ? null : personOfKey(context, by)),
      }),
    }),
  });
  const entry = builder.objectRef<HistoryEntry>('HistoryEntry').implement({
    description: 'One moment of an entity’s history.',
    fields: (t) => ({
      validFrom: t.field({
        type: 'Instant',
        nullable: false,
        description: 'From when on it was so: the source’s own time where it is known, else when the hub saw it.',
        resolve: (of) => of.validFrom.toString(),
      }),
      seenAt: t.field({
        type: 'Instant',
        description: 'When the hub saw it; null for what came and went before, which only its source remembers.',
        resolve: (of) => of.seenAt,
      }),
      operation: t.field({
        type: operation,
        nullable: false,
        description: 'What happened.',
        resolve: (of) => of.operation,
      }),
      source: t.exposeString('sourceId', { description: 'The source it came from; null where it was none.' }),
      changes: t.field({
        type: [change],
        nullable: false,
        complexity: { field: 1, multiplier: 3 },
        description: 'The fields that changed.',
        resolve: (of) => of.changes,
      }),
    }),
  });
  const connection = builder.connectionObject(
    { type: entry, name: 'HistoryConnection', description: 'A page of a history, and how to page on.' },
    { name: 'HistoryEdge', description: 'A moment and its cursor.' },
  );
  return { entry, connection };
}

/** `history` and `knownSince` on a kind. */
export function addHistoryOf(
  builder: Builder,
  input: { kind: Kind; ref: ObjectRef<Types, Row>; history: EntryRef },
): void {
  const { kind, history } = input;
  builder.objectField(input.ref, 'knownSince', (t) =>
    t.field({
      type: 'Instant',
      nullable: false,
      complexity: 2,
      description:
        'From this instant on its past values are known. Before, only fields whose source keeps a history are; a list `asOf` an earlier instant shows the others as they were here.',
      resolve: (row, _, context: Context) =>
        context.load.batch('known since', String(row['id']), (ids) => readBeginnings(context, ids)),
    }),
  );
  builder.objectField(input.ref, 'history', (t) =>
    t.connection(
      {
        type: history.entry,
        nullable: false,
        description: 'What changed when, newest first, with what its sources remember of before the hub first saw it.',
        complexity: (args) => ({ field: 5, multiplier: Math.max(1, args.last ?? args.first ?? 25) }),
        async resolve(row, args, context: Context) {
          pageSize(args);
          const entries = await context.load.batch(`history ${kind.name}`, String(row['id']), async (ids) =>
            (await readHistories(context.rows, kind, ids)).map((each) => each.map((entry) => withIds(kind, entry))),
          );
          return pageOf(entries, args);
        },
      },
      history.connection,
    ),
  );
}

async function readBeginnings(context: Context, ids: readonly string[]): Promise<string[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows } = await sql<{ id: string; valid_from: string }>`
    select asked.id, first.valid_from from ${asked} cross join lateral (
      select valid_from from version where entity_id = asked.id order by seq limit 1
    ) as first`.execute(context.rows);
  const byId = new Map(rows.map((row) => [row.id, instantText(row.valid_from)]));
  return ids.map((id) => byId.get(id) ?? '');
}

function withIds(kind: Kind, entry: HistoryEntry): HistoryEntry {
  return { ...entry, changes: entry.changes.map((change) => withGlobalIds(kind, change)) };
}

/** The change as the API shows it. */
export function withGlobalIds(kind: Kind, change: FieldChange): FieldChange {
  const target = kind.fields[change.field]?.target as KindName | undefined;
  if (target === undefined) return change;
  const globalId = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return encodeId(pascalCase(target), value);
    return Array.isArray(value) ? value.map(globalId) : value;
  };
  return { ...change, before: globalId(change.before), after: globalId(change.after) };
}

function pageOf(entries: readonly HistoryEntry[], args: ListArguments) {
  const behind = args.after ? positionOf(entries, args.after, 'after') : null;
  const ahead = args.before ? positionOf(entries, args.before, 'before') : null;
  const rest = entries.slice(behind ? behind.next : 0, ahead ? ahead.at : entries.length);
  const size = pageSize(args);
  const backward = args.last !== null && args.last !== undefined;
  const nodes = backward ? rest.slice(Math.max(0, rest.length - size)) : rest.slice(0, size);
  const edges = nodes.map((node) => ({ node, cursor: cursorOf(node) }));
  const hidden = rest.length > nodes.length;
  return {
    edges,
    count: () => entries.length,
    pageInfo: {
      hasNextPage: backward ? ahead !== null : hidden,
      hasPreviousPage: backward ? hidden : behind !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function cursorOf(of: HistoryEntry): string {
  return Buffer.from(JSON.stringify([of.validFrom.toString(), of.seq, of.sourceId])).toString('base64url');
}

/** Where an entry lies, or would; a history only grows, so a cursor goes on meaning the same place. */
function positionOf(entries: readonly HistoryEntry[], cursor: string, name: string): { at: number; next: number } {
  const place = placeOf(cursor, name);
  const at = entries.findIndex((entry) => compareEntries(entry, place) >= 0);
  const next = entries.findIndex((entry) => compareEntries(entry, place) > 0);
  return { at: at < 0 ? entries.length : at, next: next < 0 ? entries.length : next };
}

function placeOf(cursor: string, name: string): Pick<HistoryEntry, 'validFrom' | 'seq' | 'sourceId'> {
  try {
    const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, unknown, string | null];
    return { validFrom: Temporal.Instant.from(parts[0]), seq: Number(parts[1]), sourceId: parts[2] };
  } catch {
    throw new InputError(
      name,
      'The cursor is not one of this history.',
      'Use `pageInfo.endCursor` of the page before.',
    );
  }
}
