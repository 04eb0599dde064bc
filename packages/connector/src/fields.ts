import { z } from 'zod';

/** A key names a thing in the world: `email:ada@example.com`, `hubspot-deal:9001`. Equal keys of one kind are one entity. */
export type Key = `${string}:${string}`;

/** An exact amount: decimal digits as text, and an ISO 4217 currency. */
export interface MoneyValue {
  amount: string;
  currency: string;
}

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export const fieldTypes = [
  'text',
  'texts',
  'money',
  'decimal',
  'integer',
  'seconds',
  'instant',
  'localDate',
  'flag',
  'choice',
  'ref',
  'refs',
] as const;
export type FieldType = (typeof fieldTypes)[number];

/** One field of a kind: its type, its meaning with units, and how its values are checked. Values are JSON-safe. */
export interface Field<Value = unknown, Type extends FieldType = FieldType> {
  readonly type: Type;
  readonly description: string;
  readonly schema: z.ZodType<Value>;
  /** For `ref` and `refs`: the kind that is meant. */
  readonly target?: string;
  /** For `choice`: every allowed value. */
  readonly options?: readonly string[];
}

const decimalText = z.string().regex(/^-?\d{1,30}(\.\d{1,18})?$/, 'wants a plain decimal number such as "1250.50"');
const currencyText = z.string().regex(/^[A-Z]{3}$/, 'wants an ISO 4217 code such as "EUR"');
const keyText = z.templateLiteral([z.string().min(1), ':', z.string().min(1)]);

const instantText = z.string().transform((text, context) => {
  try {
    return Temporal.Instant.from(text).toString();
  } catch {
    context.addIssue(`wants an instant with its offset such as "2026-03-01T09:30:00Z", got "${text.slice(0, 60)}"`);
    return z.NEVER;
  }
});

const localDateText = z.string().transform((text, context) => {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString();
  } catch {
    context.addIssue(`wants a calendar date such as "2026-03-01", got "${text.slice(0, 60)}"`);
    return z.NEVER;
  }
});

function field<Value, Type extends FieldType>(
  type: Type,
  description: string,
  schema: z.ZodType<Value>,
): Field<Value, Type> {
  return { type, description, schema };
}

export const text = (description: string) => field('text', description, z.string().max(1_000_000));
export const texts = (description: string) =>
  field('texts', description, z.array(z.string().max(10_000)).max(1_000).readonly());
export const money = (description: string) =>
  field<MoneyValue, 'money'>('money', description, z.object({ amount: decimalText, currency: currencyText }));
export const decimal = (description: string) => field('decimal', description, decimalText);
export const integer = (description: string) => field('integer', description, z.number().int().safe());
export const seconds = (description: string) => field('seconds', description, z.number().int().safe());
export const instant = (description: string) => field<string, 'instant'>('instant', description, instantText);
export const localDate = (description: string) => field<string, 'localDate'>('localDate', description, localDateText);
export const flag = (description: string) => field('flag', description, z.boolean());

export function choice<const Options extends readonly [string, ...string[]]>(
  options: Options,
  description: string,
): Field<Options[number], 'choice'> & { readonly options: Options } {
  return { ...field<Options[number], 'choice'>('choice', description, z.enum(options)), options };
}

/** A reference to one other entity, by any of its keys; it may arrive before the entity does. */
export function ref<const Target extends string>(
  target: Target,
  description: string,
): Field<Key, 'ref'> & { readonly target: Target } {
  return { ...field<Key, 'ref'>('ref', description, keyText as z.ZodType<Key>), target };
}

/** References to several other entities. */
export function refs<const Target extends string>(
  target: Target,
  description: string,
): Field<readonly Key[], 'refs'> & { readonly target: Target } {
  return {
    ...field<readonly Key[], 'refs'>(
      'refs',
      description,
      z
        .array(keyText as z.ZodType<Key>)
        .max(1_000)
        .readonly(),
    ),
    target,
  };
}
