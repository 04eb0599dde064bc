import type { Field } from '@plumbline/connector';

/** What can be listed, filtered, ordered and paged through: a table with an `id`, and the fields people see. */
export interface Listable {
  readonly typeName: string;
  readonly table: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Whether rows have a `deleted_at`, and lists leave the deleted ones out unless asked. */
  readonly mortal: boolean;
}
