import { defineEntity, p, type EntitySchema } from '@mikro-orm/core';
import { fieldsOf, type Field, type FieldName, type KindName } from '@plumbline/connector';
import { columnOf, columnsOf, type Column, type ColumnType } from './columns.ts';
import type { Listable } from './listable.ts';
import { pascalCase, snakeCase } from './names.ts';

/** Names of connectors, best first. A connector that is not named ranks behind those that are. */
type Authority = readonly string[];

export interface KindOptions<Name extends KindName> {
  /** Fields that lists are filtered or ordered by often enough to pay for an index. */
  indexed: readonly FieldName<Name>[];
  /** The field that says since when its source has it: it existed then, however late the hub first saw it. */
  born?: FieldName<Name>;
  /** Whose word counts, best first. */
  authority: Authority;
  /** Fields where another order holds. */
  fieldAuthority?: { readonly [Field in FieldName<Name>]?: Authority };
  /** What a room adds to the type and computes of these fields, so that lists read them for it. */
  derived?: Readonly<Record<string, readonly FieldName<Name>[]>>;
}

/** A kind as the hub keeps it: the contract's fields, its table, and who is right about it. */
export interface Kind extends Listable {
  readonly name: KindName;
  /** Columns of the fields, in order. */
  readonly columns: readonly Column[];
  readonly authority: Authority;
  readonly fieldAuthority: Readonly<Record<string, Authority | undefined>>;
  readonly entity: EntitySchema;
}

export function defineKind<Name extends KindName>(name: Name, options: KindOptions<Name>): Kind {
  const fields = fieldsOf(name);
  const columns = Object.entries(fields).flatMap(([field, definition]) => columnsOf(field, definition));
  const table = snakeCase(name);
  return {
    name,
    typeName: pascalCase(name),
    table,
    fields,
    mortal: true,
    born: options.born,
    derived: options.derived ?? {},
    columns,
    authority: options.authority,
    fieldAuthority: (options.fieldAuthority ?? {}) as Readonly<Record<string, Authority | undefined>>,
    entity: tableOf({
      name: pascalCase(name),
      table,
      columns,
      indexed: options.indexed.map((field) => columnOf(field, fields[field] as Field)),
    }),
  };
}

function tableOf(input: {
  name: string;
  table: string;
  columns: readonly Column[];
  indexed: readonly string[];
}): EntitySchema {
  const properties = Object.fromEntries([
    ['id', p.uuid().primary()],
    ...input.columns.map((column) => [column.name, builderOf(column.type).nullable()] as const),
    ['custom_fields', p.json().default('{}')],
    ['first_seen_at', builderOf('timestamptz')],
    ['changed_at', builderOf('timestamptz')],
    ['deleted_at', builderOf('timestamptz').nullable()],
  ]);
  return defineEntity({
    name: input.name,
    tableName: input.table,
    properties,
    indexes: input.indexed.map((column) => ({
      name: `${input.table}_${column}_idx`,
      properties: [column, 'id'],
    })),
  }) as unknown as EntitySchema;
}

function builderOf(type: ColumnType) {
  switch (type) {
    case 'uuid':
      return p.uuid();
    case 'jsonb':
      return p.json();
    case 'timestamptz':
      return p.string().columnType('timestamptz');
    case 'text':
      return p.text();
    default:
      return p.string().columnType(type);
  }
}
