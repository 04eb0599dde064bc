import type { Field, JsonValue } from '@plumbline/connector';
import { sql, type RawBuilder } from 'kysely';
import { columnsOf } from './columns.ts';

/** An entity's values without the empty ones, as a version keeps them. */
export function snapshotText(of: {
  values: Readonly<Record<string, JsonValue>>;
  customFields: Readonly<Record<string, JsonValue>>;
}): string {
  const snapshot: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(of.values)) if (value !== null) snapshot[name] = value;
  return JSON.stringify({ ...snapshot, customFields: of.customFields });
}

/** Where each of a field's columns is found in a document called `snapshot`. */
export function snapshotColumns(name: string, field: Field): { name: string; expression: RawBuilder<unknown> }[] {
  const member = sql.lit(name);
  return columnsOf(name, field).map((column, part) => {
    if (field.type === 'money') {
      const expression = sql`(snapshot -> ${member} ->> ${sql.lit(part === 0 ? 'amount' : 'currency')})`;
      return { name: column.name, expression: sql`${expression}::${sql.raw(column.type)}` };
    }
    if (column.type === 'jsonb') return { name: column.name, expression: sql`snapshot -> ${member}` };
    return { name: column.name, expression: sql`(snapshot ->> ${member})::${sql.raw(column.type)}` };
  });
}
