import type { FieldType, JsonValue, MoneyValue } from '@plumbline/connector';
import type { SchemaTypes } from './builder.ts';

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;

/** A field of the API for a value of one of the contract's types; null where there is none. */
export function valueField<Parent>(
  t: PothosSchemaTypes.ObjectFieldBuilder<Types, Parent>,
  of: { type: FieldType; description: string; read(parent: Parent): JsonValue },
) {
  const { description, read } = of;
  switch (of.type) {
    case 'texts':
      return t.stringList({ description, resolve: (parent) => read(parent) as string[] | null });
    case 'money':
      return t.field({ type: 'Money', description, resolve: (parent) => read(parent) as unknown as MoneyValue | null });
    case 'decimal':
      return t.field({ type: 'Decimal', description, resolve: (parent) => read(parent) as string | null });
    case 'integer':
      return t.int({ description, resolve: (parent) => read(parent) as number | null });
    case 'seconds':
      return t.field({ type: 'Duration', description, resolve: (parent) => read(parent) as number | null });
    case 'instant':
      return t.field({ type: 'Instant', description, resolve: (parent) => read(parent) as string | null });
    case 'localDate':
      return t.field({ type: 'LocalDate', description, resolve: (parent) => read(parent) as string | null });
    case 'flag':
      return t.boolean({ description, resolve: (parent) => read(parent) as boolean | null });
    default:
      return t.string({ description, resolve: (parent) => read(parent) as string | null });
  }
}
