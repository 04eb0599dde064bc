import type { Field, KindName } from '@plumbline/connector';

/** What can be listed, filtered, ordered and paged through: a table with an `id`, and the fields people see. */
export interface Listable {
  readonly typeName: string;
  readonly table: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Whether rows have a `deleted_at`, and lists leave the deleted ones out unless asked. */
  readonly mortal: boolean;
  /** For a kind, whose versions tell what its rows were at any time: its name. */
  readonly name?: KindName;
  /** The field that says since when its source has it. */
  readonly born?: string | undefined;
  /** What a room adds to the type and computes of these fields of the same row. */
  readonly derived?: Readonly<Record<string, readonly string[]>>;
}
