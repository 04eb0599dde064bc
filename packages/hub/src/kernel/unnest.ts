import { sql, type RawBuilder } from 'kysely';

/** One column of a set that is sent to the database as an array. */
export interface SetColumn<Item> {
  name: string;
  type: string;
  value(item: Item): unknown;
}

/**
 * A list of items as a table: `unnest($1::text[], $2::uuid[]) as name(a, b)`. One parameter a column whatever the
 * number of items, so statements stay the same and are planned once.
 */
export function unnest<Item>(
  name: string,
  items: readonly Item[],
  columns: readonly SetColumn<Item>[],
): RawBuilder<unknown> {
  const arrays = columns.map(
    (column) => sql`${items.map((item) => toParameter(column.value(item)))}::${sql.raw(arrayType(column.type))}`,
  );
  return sql`unnest(${sql.join(arrays)}) as ${sql.raw(name)}(${sql.raw(columns.map((column) => `"${column.name}"`).join(', '))})`;
}

/** Arrays of bigint, numeric and jsonb travel as text: the drivers disagree about how to write their members. */
function arrayType(type: string): string {
  return `${type}[]`;
}

function toParameter(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
