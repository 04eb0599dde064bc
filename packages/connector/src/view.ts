import type { Field, FieldType, JsonValue } from './fields.ts';
import type { FieldName, KindName, kinds } from './kinds.ts';

/** A field of a view: any value, but no reference. */
export type ViewField<Value = unknown> = Field<Value, Exclude<FieldType, 'choice' | 'ref' | 'refs'>>;
type PlainFields = Readonly<Record<string, ViewField>>;
type PlainValues<Fields extends PlainFields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends Field<infer Value> ? Value | null : never;
};

/** A list of things that have fields of their own, such as the boards of a project. */
export interface ViewItems<Fields extends PlainFields = PlainFields> {
  readonly type: 'items';
  /** What one of them is called, such as "board". */
  readonly item: string;
  readonly description: string;
  readonly fields: Fields;
}

/** Such a list; null, unlike an empty one, says that it is not known. */
export function viewItems<const Fields extends PlainFields>(of: Omit<ViewItems<Fields>, 'type'>): ViewItems<Fields> {
  return { type: 'items', ...of };
}

/** The names of a kind's fields that refer to one other entity. */
type ReferenceOf<Kind extends KindName> = {
  [Name in FieldName<Kind>]: (typeof kinds)[Kind][Name] extends Field<unknown, 'ref'> ? Name : never;
}[FieldName<Kind>];

/** Records of their own at the vendor, such as the line items of a deal: those of the same source that refer to this one. */
export interface ViewRecords {
  readonly type: 'records';
  readonly description: string;
  /** The kind of these records, which the connector shows by a view of its own. */
  readonly of: KindName;
  /** Their field that refers to this record. */
  readonly by: string;
}

/** Such a list, found by the hub when somebody asks; null as long as their streams were never read to the end. */
export function viewRecords<const Kind extends KindName>(
  list: Omit<ViewRecords, 'type' | 'of' | 'by'> & { of: Kind; by: ReferenceOf<Kind> },
): ViewRecords {
  return { type: 'records', ...list };
}

type ViewFields = Readonly<Record<string, ViewField | ViewItems | ViewRecords>>;
type ViewValues<Fields extends ViewFields> = {
  readonly [Name in keyof Fields as Fields[Name] extends ViewRecords ? never : Name]: Fields[Name] extends ViewItems<
    infer Plain
  >
    ? readonly PlainValues<Plain>[] | null
    : Fields[Name] extends Field<infer Value>
      ? Value | null
      : never;
};

/**
 * What a connector shows in the graph beside the unified fields: every entity that one of the stream's records describes
 * gets a field with the connector's name, such as `project.jira { key url }`. It is read out of the stored payload when
 * somebody asks, so it wants no column, no mapping and no new sync.
 */
export interface View<Raw, Config> {
  /** The kind whose entities show it. */
  readonly on: KindName;
  /** One sentence: what it is at the vendor. */
  readonly description: string;
  readonly fields: ViewFields;
  /** Pure: no I/O, no clock. Null for what the payload does not say. */
  read(raw: Raw, config: Config): Readonly<Record<string, JsonValue>>;
}

/** Has the compiler check that `read` gives every field, of its type; lists of other records are none of its business. */
export function view<Raw, Config, const Fields extends ViewFields>(
  of: Omit<View<Raw, Config>, 'fields' | 'read'> & {
    fields: Fields;
    read(raw: Raw, config: Config): ViewValues<Fields>;
  },
): View<Raw, Config> {
  return of as View<Raw, Config>;
}

/** A view as the engine sees it, bound to one source's configuration. */
export interface BoundView extends Omit<View<unknown, unknown>, 'read'> {
  /** Of a stored payload; throws where the stream's `raw` does not accept it. */
  read(payload: unknown): Readonly<Record<string, JsonValue>>;
}
