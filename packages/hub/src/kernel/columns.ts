import type { Field, JsonValue, MoneyValue } from '@plumbline/connector';
import { snakeCase } from './names.ts';

/** A database row as both drivers give it: dates, instants and decimals as text, documents parsed. */
export type Row = Readonly<Record<string, unknown>>;

export type ColumnType = 'text' | 'jsonb' | 'numeric' | 'bigint' | 'timestamptz' | 'date' | 'boolean' | 'uuid';

export interface Column {
  name: string;
  type: ColumnType;
}

const columnTypes = {
  text: 'text',
  texts: 'jsonb',
  money: 'numeric',
  decimal: 'numeric',
  integer: 'bigint',
  seconds: 'bigint',
  instant: 'timestamptz',
  localDate: 'date',
  flag: 'boolean',
  choice: 'text',
  ref: 'uuid',
} as const;

/** The columns a field is kept in; none for `refs`, which are rows of their own. */
export function columnsOf(name: string, field: Field): readonly Column[] {
  if (field.type === 'refs') return [];
  const column = { name: columnOf(name, field), type: columnTypes[field.type] };
  return field.type === 'money' ? [column, { name: currencyColumn(name), type: 'text' }] : [column];
}

/** The field's first column: `client_id` for a reference, the field's own name otherwise. */
export function columnOf(name: string, field: Pick<Field, 'type'>): string {
  return field.type === 'ref' ? `${snakeCase(name)}_id` : snakeCase(name);
}

export function currencyColumn(name: string): string {
  return `${snakeCase(name)}_currency`;
}

/** Reads the field's value out of a row, in the same JSON-safe form that connectors write. Made once, used for every row. */
export function readerOf(name: string, field: Field): (row: Row) => JsonValue {
  const column = columnOf(name, field);
  const currency = currencyColumn(name);
  const convert = converterOf(field);
  return (row) => {
    const value = row[column];
    if (value === null || value === undefined) return null;
    if (field.type === 'money') return { amount: String(value), currency: String(row[currency]) };
    return convert(value);
  };
}

function converterOf(field: Field): (value: unknown) => JsonValue {
  switch (field.type) {
    case 'integer':
    case 'seconds':
      return Number;
    case 'instant':
      return instantText;
    default:
      return (value) => value as JsonValue;
  }
}

const UTC_TEXT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00$/;

/**
 * An instant as the API writes it. Connections speak UTC, so most often the server's text only wants other separators;
 * joined and not concatenated, since JSON.stringify has to flatten concatenated texts first, which takes longer than
 * writing them.
 */
export function instantText(value: unknown): string {
  if (typeof value === 'string' && UTC_TEXT.test(value))
    return [value.slice(0, 10), 'T', value.slice(11, -3), 'Z'].join('');
  return Temporal.Instant.from(value instanceof Date ? value.toISOString() : String(value)).toString();
}

/** Equal for people: decimals by their number, documents whatever the order of their members. */
export function sameValue(field: Field | null, left: JsonValue, right: JsonValue): boolean {
  if (left === right) return true;
  if (left === null || right === null) return false;
  if (field?.type === 'decimal') return trimDecimal(String(left)) === trimDecimal(String(right));
  if (field?.type === 'money') {
    const [a, b] = [left, right] as unknown as [MoneyValue, MoneyValue];
    return a.currency === b.currency && trimDecimal(a.amount) === trimDecimal(b.amount);
  }
  return typeof left === 'object' && typeof right === 'object' && canonical(left) === canonical(right);
}

function trimDecimal(text: string): string {
  if (!text.includes('.')) return text === '-0' ? '0' : text;
  const trimmed = text.replace(/0+$/, '').replace(/\.$/, '');
  return trimmed === '-0' ? '0' : trimmed;
}

/** JSON with the members of every object in order, so that equal documents are equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
