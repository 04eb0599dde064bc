import type { Field } from '@plumbline/connector';
import { sql, type RawBuilder } from 'kysely';
import { InputError } from './api-error.ts';
import { columnOf, currencyColumn } from './columns.ts';
import { decodeId } from './global-id.ts';
import type { Listable } from './listable.ts';

/** `{ and: […], or: […], not: {…}, field: { operator: value } }`, as the schema's filter types allow it. */
export interface FilterInput {
  readonly [name: string]: unknown;
}

const MOST_LEAVES = 50;

/** A filter as SQL over `entity`. Throws InputError when it is too large or compares what cannot be compared. */
export function compileFilter(of: Listable, filter: FilterInput): RawBuilder<unknown> {
  const count = { leaves: 0 };
  return compile(of, filter, { count, path: 'filter' });
}

interface Place {
  count: { leaves: number };
  path: string;
}

function compile(of: Listable, filter: FilterInput, place: Place): RawBuilder<unknown> {
  const parts = Object.entries(filter).flatMap(([name, value]) => {
    if (value === null || value === undefined) return [];
    const path = `${place.path}.${name}`;
    if (name === 'and' || name === 'or') {
      const members = (value as FilterInput[]).map((member) => compile(of, member, { ...place, path }));
      if (members.length === 0) return [name === 'and' ? sql`true` : sql`false`];
      return [sql`(${sql.join(members, name === 'and' ? sql` and ` : sql` or `)})`];
    }
    if (name === 'not') return [sql`not coalesce(${compile(of, value as FilterInput, { ...place, path })}, false)`];
    const field = of.fields[name];
    if (!field) throw new InputError(path, `${of.typeName} has no field ${name}.`, 'See the schema.');
    if (field.type === 'money') requireCurrency(value as FilterInput, path);
    return Object.entries(value as FilterInput).flatMap(([operator, operand]) => {
      if (operand === undefined || (operand === null && operator !== 'currency')) return [];
      place.count.leaves += 1;
      if (place.count.leaves > MOST_LEAVES) {
        throw new InputError(
          'filter',
          `The filter has more than ${MOST_LEAVES} conditions.`,
          'Use `in` for many values of one field, or ask in several queries.',
        );
      }
      return [condition({ name, field, operator, operand, path: `${path}.${operator}` })];
    });
  });
  return parts.length === 0 ? sql`true` : sql`(${sql.join(parts, sql` and `)})`;
}

function requireCurrency(conditions: FilterInput, path: string): void {
  const bounded = Object.keys(comparisons).some((operator) => (conditions[operator] ?? null) !== null);
  if (bounded && !conditions['currency']) {
    throw new InputError(path, 'Amounts of different currencies do not compare.', 'Give `currency` beside the bound.');
  }
}

const comparisons: Readonly<Record<string, string>> = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' };

function condition(input: {
  name: string;
  field: Field;
  operator: string;
  operand: unknown;
  path: string;
}): RawBuilder<unknown> {
  const { field, operator, operand } = input;
  const column = sql.ref(`entity.${columnOf(input.name, field)}`);
  if (operator === 'isNull') return operand ? sql`${column} is null` : sql`${column} is not null`;
  if (operator === 'currency') return sql`${sql.ref(`entity.${currencyColumn(input.name)}`)} = ${operand}`;
  if (field.type === 'texts') return sql`${column} ? ${operand}`;
  if (field.type === 'ref') {
    const ids = (operator === 'in' ? (operand as string[]) : [operand as string]).map((id) =>
      decodeId(id, field.target ?? '', input.path),
    );
    return sql`${column} = any(${ids}::uuid[])`;
  }
  if (operator === 'contains') return sql`${column} ilike ${`%${escapeLike(String(operand))}%`}`;
  if (operator === 'startsWith') return sql`${column} ilike ${`${escapeLike(String(operand))}%`}`;
  if (operator === 'in')
    return sql`${column} = any(${(operand as unknown[]).map(String)}::${sql.raw(castOf(field))}[])`;
  const sign = comparisons[operator];
  if (sign === undefined) throw new InputError(input.path, `There is no operator ${operator}.`, 'See the schema.');
  return sql`${column} ${sql.raw(sign)} ${String(operand)}::${sql.raw(castOf(field))}`;
}

function castOf(field: Field): string {
  switch (field.type) {
    case 'money':
    case 'decimal':
      return 'numeric';
    case 'integer':
    case 'seconds':
      return 'bigint';
    case 'instant':
      return 'timestamptz';
    case 'localDate':
      return 'date';
    case 'flag':
      return 'boolean';
    default:
      return 'text';
  }
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
