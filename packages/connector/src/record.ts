import { z } from 'zod';
import type { FieldName, FieldValues, KindName } from './kinds.ts';
import { kinds } from './kinds.ts';
import { instant, type Field, type JsonValue, type Key } from './fields.ts';

/** A value a field had from an instant on, where the source itself keeps the history. */
export interface PastValue {
  field: string;
  at: string;
  value: JsonValue;
  /** Who made it so, where the source says it: a key of a person. Left out for what a program did, and where nobody is named. */
  by?: Key;
}

/** What one source says of one entity. Partial by nature: each source fills what it knows. */
export interface UnifiedRecord<Kind extends KindName = KindName> {
  kind: Kind;
  /** Unique among the records of this kind within one stream; stable for as long as the record lives. */
  id: string;
  /** Everything this entity is known by; at least one. Records of one kind that share a key are one entity. */
  keys: readonly Key[];
  fields: FieldValues<Kind>;
  customFields?: Readonly<Record<string, JsonValue>>;
  /** Oldest first, where the source keeps it; for each field named, all it ever was. */
  history?: readonly PastValue[];
}

export type AnyRecord = { [Kind in KindName]: UnifiedRecord<Kind> }[KindName];

const keySchema = z.templateLiteral([z.string().min(1), ':', z.string().min(1)]);
const json = z.json();
const pastInstant = instant('When the value began.').schema;

const schemas = Object.fromEntries(
  Object.entries(kinds).map(([kind, fields]) => [kind, recordSchema(kind, fields)]),
) as Record<KindName, z.ZodType>;

function recordSchema(kind: string, fields: Record<string, Field>): z.ZodType {
  const shape = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, field.schema.nullable().optional()]),
  );
  return z.object({
    kind: z.literal(kind),
    id: z.string().min(1).max(500),
    keys: z.array(keySchema).min(1).max(100),
    fields: z.strictObject(shape),
    customFields: z.record(z.string(), json).optional(),
    history: z.array(z.discriminatedUnion('field', pastSchemas(fields))).optional(),
  });
}

/** A past value is checked like a present one. */
function pastSchemas(fields: Record<string, Field>) {
  const schemas = Object.entries(fields).map(([name, field]) => pastSchema(name, field));
  return schemas as [PastSchema, ...PastSchema[]];
}

type PastSchema = ReturnType<typeof pastSchema>;

function pastSchema(name: string, field: Field) {
  return z.object({
    field: z.literal(name),
    at: pastInstant,
    value: field.schema.nullable(),
    by: keySchema.optional(),
  });
}

/** Checks and normalises a mapped record; throws a ZodError that names the field. */
export function parseRecord(record: UnifiedRecord): AnyRecord {
  return schemas[record.kind].parse(record) as AnyRecord;
}

/** Writes a record with its kind's fields checked by the compiler. */
export function record<Kind extends KindName>(unified: UnifiedRecord<Kind>): UnifiedRecord<Kind> {
  return unified;
}

/** The fields of a kind, by name, without the compiler's knowledge of which kind it is. */
export function fieldsOf(kind: KindName): Readonly<Record<string, Field>> {
  return kinds[kind];
}

export function isFieldOf<Kind extends KindName>(kind: Kind, name: string): name is FieldName<Kind> {
  return Object.hasOwn(kinds[kind], name);
}
