import type { Field, JsonValue } from '@plumbline/connector';
import { sql, type RawBuilder } from 'kysely';
import { InputError } from './api-error.ts';
import type { Asked } from './asked.ts';
import { columnOf, readerOf, type Row } from './columns.ts';
import type { Rows } from './database.ts';
import { compileFilter, type FilterInput } from './filter.ts';
import type { Listable } from './listable.ts';
import { unnest } from './unnest.ts';

export interface ListArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: FilterInput | null | undefined;
  orderBy?: { field: string; direction: 'ASC' | 'DESC' } | null | undefined;
  includeDeleted?: boolean | null | undefined;
  /** A past instant; the rows as they were then. */
  asOf?: string | null | undefined;
}

/** A list that was asked for, checked and ready to run: over a whole kind, or once for every parent. */
export interface ListPlan {
  of: Listable;
  where: RawBuilder<unknown>;
  order: { name: string; field: Field; column: string; direction: 'ASC' | 'DESC' } | null;
  limit: number;
  /** Read from the end: rows come reversed and are turned round. */
  backward: boolean;
  cursor: RawBuilder<unknown> | null;
  cursorGiven: boolean;
  asked: Asked;
}

export interface ListPage {
  rows: Row[];
  /** Whether rows follow; known where `pageInfo` is asked for. */
  hasMore: boolean;
  /** Rows of the whole list, where the page was read together with them. */
  total: number | null;
}

const DEFAULT_PAGE = 25;
const LARGEST_PAGE = 100;

/** Checks the arguments; throws InputError that names the wrong one. Nothing is capped silently. */
export function planList(of: Listable, given: ListArguments, asked: Asked): ListPlan {
  const limit = pageSize(given);
  const backward = given.last !== null && given.last !== undefined;
  const order = orderOf(of, given.orderBy);
  const cursorText = backward ? given.before : given.after;
  if (backward && given.after)
    throw new InputError('after', '`after` goes with `first`, not with `last`.', 'Use `before`.');
  if (!backward && given.before)
    throw new InputError('before', '`before` goes with `last`, not with `first`.', 'Use `after`.');
  const alive = !of.mortal || given.includeDeleted ? sql`true` : sql`entity.deleted_at is null`;
  const filter = given.filter ? compileFilter(of, given.filter) : sql`true`;
  return {
    of,
    where: sql`${alive} and ${filter}`,
    order,
    limit,
    backward,
    cursor: cursorText ? behind(order, decodeCursor(cursorText, order), backward) : null,
    cursorGiven: Boolean(cursorText),
    asked,
  };
}

/** How many rows are asked for; throws InputError. */
export function pageSize(given: Pick<ListArguments, 'first' | 'last'>): number {
  const { first, last } = given;
  if (first !== null && first !== undefined && last !== null && last !== undefined) {
    throw new InputError('last', '`first` and `last` exclude each other.', 'Give one of them.');
  }
  const [name, size] = last !== null && last !== undefined ? ['last', last] : ['first', first ?? DEFAULT_PAGE];
  if (typeof size === 'number' && size >= 0 && size <= LARGEST_PAGE) return size;
  throw new InputError(
    String(name),
    `\`${name}\` is ${size}; a page has 0 to ${LARGEST_PAGE} rows.`,
    'Page on with `after`.',
  );
}

function orderOf(of: Listable, orderBy: ListArguments['orderBy']): ListPlan['order'] {
  if (!orderBy) return null;
  const field = of.fields[orderBy.field];
  if (!field) throw new InputError('orderBy.field', `${of.typeName} has no field ${orderBy.field}.`, 'See the schema.');
  return { name: orderBy.field, field, column: columnOf(orderBy.field, field), direction: orderBy.direction };
}

/** Rows after the cursor in the direction of reading; empty values come last in either direction. */
function behind(
  order: ListPlan['order'],
  at: { value: JsonValue; id: string },
  backward: boolean,
): RawBuilder<unknown> {
  const idBehind = backward ? sql`entity.id < ${at.id}::uuid` : sql`entity.id > ${at.id}::uuid`;
  if (!order) return idBehind;
  const column = sql.ref(`entity.${order.column}`);
  const value = sql`${at.value === null ? null : orderValue(at.value)}::${sql.raw(sqlType(order.field))}`;
  const ascending = (order.direction === 'ASC') !== backward;
  const further = ascending ? sql`${column} > ${value}` : sql`${column} < ${value}`;
  if (at.value === null)
    return backward ? sql`(${column} is not null or ${idBehind})` : sql`(${column} is null and ${idBehind})`;
  if (backward) return sql`(${further} or (${column} = ${value} and ${idBehind}))`;
  return sql`(${further} or ${column} is null or (${column} = ${value} and ${idBehind}))`;
}

function orderValue(value: JsonValue): string {
  return typeof value === 'object' && value !== null && 'amount' in value ? String(value.amount) : String(value);
}

function sqlType(field: Field): string {
  const types: Partial<Record<Field['type'], string>> = {
    money: 'numeric',
    decimal: 'numeric',
    integer: 'bigint',
    seconds: 'bigint',
    instant: 'timestamptz',
    localDate: 'date',
    flag: 'boolean',
  };
  return types[field.type] ?? 'text';
}

export function encodeCursor(plan: Pick<ListPlan, 'order'>, row: Row): string {
  const { order } = plan;
  const value = order ? readerOf(order.name, order.field)(row) : null;
  return Buffer.from(JSON.stringify([order ? `${order.name} ${order.direction}` : '', value, row['id']])).toString(
    'base64url',
  );
}

function decodeCursor(text: string, order: ListPlan['order']): { value: JsonValue; id: string } {
  const wrong = new InputError(
    'after',
    'The cursor is not one of this list.',
    'Use `pageInfo.endCursor` of the page before, with the same `orderBy`.',
  );
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw wrong;
  }
  if (!Array.isArray(parts) || parts.length !== 3) throw wrong;
  const [by, value, id] = parts as [unknown, JsonValue, unknown];
  if (by !== (order ? `${order.name} ${order.direction}` : '')) throw wrong;
  if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id)) throw wrong;
  return { value, id };
}

function orderSql(plan: ListPlan, alias: string): RawBuilder<unknown> {
  const id = sql.raw(`${alias}.id ${plan.backward ? 'desc' : 'asc'}`);
  if (!plan.order) return id;
  const ascending = (plan.order.direction === 'ASC') !== plan.backward;
  return sql`${sql.ref(`${alias}.${plan.order.column}`)} ${sql.raw(`${ascending ? 'asc' : 'desc'} nulls ${plan.backward ? 'first' : 'last'}`)}, ${id}`;
}

function columnsSql({ asked: { columns } }: ListPlan): RawBuilder<unknown> {
  return columns ? sql.join(columns.map((column) => sql.ref(`entity.${column}`))) : sql`entity.*`;
}

/** The page of a list over the whole kind. */
export async function readList(rows: Rows, plan: ListPlan): Promise<ListPage> {
  const { rows: found } = await sql<Row>`
    select ${columnsSql(plan)} from ${sql.table(plan.of.table)} as entity
    where ${plan.where} and ${plan.cursor ?? sql`true`}
    order by ${orderSql(plan, 'entity')} limit ${plan.limit + (plan.asked.pageInfo ? 1 : 0)}`.execute(rows);
  return pageOf(plan, found);
}

export async function countList(rows: Rows, plan: ListPlan): Promise<number> {
  const { rows: found } = await sql<{ n: string | number }>`
    select count(*) as n from ${sql.table(plan.of.table)} as entity where ${plan.where}`.execute(rows);
  return Number(found[0]?.n ?? 0);
}

/** How rows of a kind belong to a parent: a condition over `entity` and `parent.id`. */
export type Belonging = RawBuilder<unknown>;

/** The same page for many parents in one statement; each has its own limit, and its total where that is asked for. */
export async function readListOfEach(
  rows: Rows,
  input: { plan: ListPlan; belonging: Belonging; parents: readonly string[] },
): Promise<ListPage[]> {
  const { plan } = input;
  const parents = unnest('parent', input.parents, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const page = sql`lateral (
      select ${columnsSql(plan)} from ${sql.table(plan.of.table)} as entity
      where ${input.belonging} and ${plan.where} and ${plan.cursor ?? sql`true`}
      order by ${orderSql(plan, 'entity')} limit ${plan.limit + (plan.asked.pageInfo ? 1 : 0)}
    ) as child`;
  const { rows: found } = plan.asked.total
    ? await sql<Row>`
    select parent.id as parent_id, counted.total as list_total, child.* from ${parents}
    cross join lateral (
      select count(*) as total from ${sql.table(plan.of.table)} as entity where ${input.belonging} and ${plan.where}
    ) as counted left join ${page} on true
    order by parent.id, ${orderSql(plan, 'child')}`.execute(rows)
    : await sql<Row>`
    select parent.id as parent_id, child.* from ${parents} cross join ${page}
    order by parent.id, ${orderSql(plan, 'child')}`.execute(rows);
  const byParent = Map.groupBy(found, (row) => row['parent_id']);
  return input.parents.map((id) => {
    const own = byParent.get(id) ?? [];
    if (!plan.asked.total) return pageOf(plan, own);
    return { ...pageOf(plan, own[0]?.['id'] === null ? [] : own), total: Number(own[0]?.['list_total'] ?? 0) };
  });
}

function pageOf(plan: ListPlan, found: readonly Row[]): ListPage {
  const rows = found.slice(0, plan.limit);
  return { rows: plan.backward ? rows.toReversed() : rows, hasMore: found.length > plan.limit, total: null };
}
