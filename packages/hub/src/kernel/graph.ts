import type { JsonValue, KindName } from '@plumbline/connector';
import type { InputRef, ObjectRef } from '@pothos/core';
import { createAbsence } from './absence.graphql.ts';
import { askedOf } from './asked.ts';
import type { Builder, SchemaTypes } from './builder.ts';
import { columnOf, instantText, readerOf, type Row } from './columns.ts';
import { connectAll, connectLoaded } from './connection.ts';
import type { Context } from './context.ts';
import type { FilterInput } from './filter.ts';
import { addInputs, type Inputs } from './inputs.graphql.ts';
import type { Kind } from './kind.ts';
import type { Belonging, ListArguments } from './list.ts';
import type { Listable } from './listable.ts';
import { spokenName } from './names.ts';
import { standpointOf } from './standpoint.ts';
import { valueField } from './value-field.graphql.ts';

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;
type RowRef = ObjectRef<Types, Row>;

/** A type that can be listed, with the inputs its lists take. */
export interface ListedType {
  of: Listable;
  ref: RowRef;
  filter: InputRef<FilterInput>;
  order: InputRef<{ field: string; direction: 'ASC' | 'DESC' }>;
  connection: ReturnType<typeof makeConnection>;
}

/** The graph under construction: what every room adds its types and fields to. */
export interface Graph {
  builder: Builder;
  inputs: Inputs;
  /** Makes an object type out of a kind's fields, with its filter, order, connection, node and root list. */
  addKind(kind: Kind, options: { plural: string; description: string }): ListedType;
  /** The same for a table that is not a kind; the caller adds the node and the root list. */
  addListable(of: Listable, description: string): ListedType;
  addRootList(type: ListedType, name: string, description: string): void;
  /** A list field on a kind: rows of another kind that belong to it. `belonging` speaks of `entity` and `parent.id`. */
  addList(on: Kind, field: { name: string; to: KindName; description: string; belonging: Belonging }): void;
  typeOf(kind: KindName): ListedType;
}

function makeConnection(builder: Builder, ref: RowRef, name: string) {
  return builder.connectionObject(
    { type: ref, name: `${name}Connection`, description: `A page of a list, and how to page on.` },
    { name: `${name}Edge`, description: 'A row and its cursor.' },
  );
}

export function createGraph(builder: Builder): Graph {
  const inputs = addInputs(builder);
  const addAbsence = createAbsence(builder);
  const types = new Map<KindName, ListedType>();

  function addListable(of: Listable, description: string): ListedType {
    const ref = builder.objectRef<Row>(of.typeName);
    const type = {
      of,
      ref,
      filter: inputs.filterOf(of),
      order: inputs.orderOf(of),
      connection: makeConnection(builder, ref, of.typeName),
    };
    builder.objectType(ref, { description });
    addFields(builder, { of, ref, inputs, typeOf: (kind) => typeOf(kind) });
    return type;
  }

  function typeOf(kind: KindName): ListedType {
    const type = types.get(kind);
    if (!type) throw new Error(`the room of ${kind} is not wired yet`);
    return type;
  }

  const graph: Graph = {
    builder,
    inputs,
    addListable,
    typeOf,
    addRootList(type, name, description) {
      builder.queryField(name, (t) =>
        t.connection(
          {
            type: type.ref,
            nullable: false,
            description,
            args: listArguments(builder, type),
            complexity: listCost,
            resolve: (_, args, context: Context, info) => {
              const given = args as ListArguments;
              const { rows } = standpointOf(context, given.asOf);
              const asked = askedOf(type.of, info, given.orderBy?.field);
              return connectAll(rows, { of: type.of, arguments: given, asked });
            },
          },
          type.connection,
        ),
      );
    },
    addKind(kind, options) {
      const ref = builder.objectRef<Row>(kind.typeName);
      const type = {
        of: kind,
        ref,
        filter: inputs.filterOf(kind),
        order: inputs.orderOf(kind),
        connection: makeConnection(builder, ref, kind.typeName),
      };
      types.set(kind.name, type);
      builder.node(ref, {
        description: options.description,
        id: {
          resolve: (row) => String(row['id']),
          description: 'Global id; stays the same for as long as the entity lives.',
        },
        loadManyWithoutCache: (ids: string[], context: Context) =>
          Promise.all(ids.map((id) => (isUuid(id) ? context.load.entity(kind.name, id) : null))),
      });
      addFields(builder, { of: kind, ref, inputs, typeOf });
      addLife(builder, ref);
      addAbsence(ref);
      graph.addRootList(
        type,
        options.plural,
        `Every ${spokenName(kind.name)}; those deleted in their source only when asked for.`,
      );
      return type;
    },
    addList(on, field) {
      const target = typeOf(field.to);
      builder.objectField(typeOf(on.name).ref, field.name, (t) =>
        t.connection(
          {
            type: target.ref,
            nullable: false,
            description: field.description,
            args: listArguments(builder, target),
            complexity: listCost,
            resolve(row, args, context: Context, info) {
              const given = args as ListArguments;
              return connectLoaded(
                context.load.list({
                  rows: standpointOf(context, given.asOf).rows,
                  kind: field.to,
                  name: `${on.name}.${field.name}`,
                  parentId: String(row['id']),
                  belonging: field.belonging,
                  arguments: given,
                  info,
                }),
              );
            },
          },
          target.connection,
        ),
      );
    },
  };
  return graph;
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/** Arguments of a list beside Relay's own. */
function listArguments(builder: Builder, type: ListedType) {
  return builder.args((t) => ({
    filter: t.field({ type: type.filter, description: 'Which rows.' }),
    orderBy: t.field({ type: type.order, description: 'In which order; by id when absent.' }),
    ...(type.of.mortal
      ? {
          includeDeleted: t.boolean({ description: 'Also what was deleted in its source or merged into another.' }),
          asOf: t.field({
            type: 'Instant',
            description:
              'The list as it was at this past instant: fields whose source keeps a history as they were, the others back to `knownSince` and the earliest known value before. What rows refer to is shown as it is now. A list within takes an `asOf` of its own.',
          }),
        }
      : {}),
  }));
}

/** A past list has to be put together first. */
function listCost(args: { first?: number | null; last?: number | null; asOf?: string | null }) {
  return { field: args.asOf ? 20 : 2, multiplier: Math.max(1, args.last ?? args.first ?? 25) };
}

function addFields(
  builder: Builder,
  input: { of: Listable; ref: RowRef; inputs: Inputs; typeOf(kind: KindName): ListedType },
): void {
  const { of, ref, inputs } = input;
  for (const [name, field] of Object.entries(of.fields)) {
    if (field.type === 'refs') continue;
    const { description } = field;
    const read = readerOf(name, field);
    builder.objectField(ref, name, (t) => {
      switch (field.type) {
        case 'choice':
          return t.field({ type: inputs.enumOf(of, name, field), description, resolve: (row) => read(row) as never });
        case 'ref':
          return t.field({
            type: input.typeOf(field.target as KindName).ref,
            description,
            resolve: (row, _, context) => {
              const id = row[columnOf(name, field)];
              return typeof id === 'string' ? context.load.entity(field.target as KindName, id) : null;
            },
          });
        default:
          return valueField(t, { type: field.type, description, read });
      }
    });
  }
}

/** When the hub first saw an entity, when it last changed, and whether it is gone. */
function addLife(builder: Builder, ref: RowRef): void {
  const instant = (column: string) => (row: Row) => (row[column] === null ? null : instantText(row[column]));
  builder.objectFields(ref, (t) => ({
    customFields: t.field({
      type: 'JSON',
      nullable: false,
      description: 'What the site keeps beside the fields of the graph, by the names its mapping gives.',
      resolve: (row) => row['custom_fields'] as JsonValue,
    }),
    firstSeenAt: t.field({
      type: 'Instant',
      nullable: false,
      description: 'When the hub first saw it.',
      resolve: (row) => instant('first_seen_at')(row) ?? '',
    }),
    changedAt: t.field({
      type: 'Instant',
      nullable: false,
      description: 'When the hub last saw it change.',
      resolve: (row) => instant('changed_at')(row) ?? '',
    }),
    deletedAt: t.field({
      type: 'Instant',
      description: 'When the hub saw that its sources no longer have it; null while they do.',
      resolve: instant('deleted_at'),
    }),
  }));
}
