import { sql, type RawBuilder } from 'kysely';

/** One column of a set that is sent to the database as an array. */
interface SetColumn<Item> {
  name: string;
  /** A column type. For `json` and `jsonb`, `value` gives JSON text; its NULL arrives as the JSON value null. */
  type: string;
  value(item: Item): unknown;
}

/**
 * A list of items as a table: `unnest($1::text[], $2::uuid[]) as name(a, b)`. One parameter a column whatever the
 * number of items, so statements stay the same and are planned once.
 *
 * A column of documents travels as one JSON array instead of an array of texts: quoting documents into an array
 * literal, and reading that, costs as much again as storing them.
 *
 * To look rows up, put the table into `cross join lateral (select … where … offset 0)`: an index lookup for each item,
 * whatever the planner believes. A plain join reads the whole table for every page for as long as the table has no
 * statistics, which is just while the first sync fills it.
 */
export function unnest<Item>(
  name: string,
  items: readonly Item[],
  columns: readonly SetColumn<Item>[],
): RawBuilder<unknown> {
  const plain = columns.filter((column) => !isDocument(column));
  const documents = columns.filter(isDocument);
  const arrays = plain.map(
    (column) => sql`${items.map((item) => toParameter(column.value(item)))}::${sql.raw(`${column.type}[]`)}`,
  );
  const names = sql.raw([...plain, ...documents].map((column) => `"${column.name}"`).join(', '));
  const set = sql`unnest(${sql.join(arrays)})`;
  if (documents.length === 0) return sql`${set} as ${sql.raw(name)}(${names})`;
  const lists = documents.map(
    ({ type, value }) =>
      sql`${sql.raw(type)}_array_elements(${`[${items.map((item) => value(item) ?? 'null').join(',')}]`}::${sql.raw(type)})`,
  );
  return sql`rows from (${sql.join([set, ...lists])}) as ${sql.raw(name)}(${names})`;
}

function isDocument(column: { type: string }): boolean {
  return column.type === 'json' || column.type === 'jsonb';
}

function toParameter(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
