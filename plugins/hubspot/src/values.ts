import { HubError, type JsonValue, type Key, type MoneyValue } from '@plumbline/connector';
import { z } from 'zod';
import type { CustomFieldType, HubSpotConfig } from './config.ts';
import { epochOf, isoOf } from './cursor.ts';

const valueSchema = z.union([z.string(), z.null(), z.number().transform(String), z.boolean().transform(String)]);

/** HubSpot's number of somebody who may log in, which is another one than an owner's; anything else is nobody's. */
export const userIdSchema = z.int().positive().nullish().catch(null);
export const userKey = (userId: number): Key => `hubspot-user:${userId}`;

/** One entry of a property's history, as it comes. */
const historyEntrySchema = z.looseObject({
  value: valueSchema.optional(),
  timestamp: z.string(),
  sourceType: z.string().optional().catch(undefined),
  updatedByUserId: userIdSchema,
});

/** A CRM object as far as mapping needs it. Properties are text or null; what was not asked for is absent. */
export const objectSchema = z.looseObject({
  id: z.string().min(1),
  properties: z.record(z.string(), valueSchema),
  propertiesWithHistory: z.record(z.string(), z.array(historyEntrySchema)).nullish(),
  createdAt: z.string().nullish(),
  url: z.string().nullish(),
});
export type CrmObject = z.output<typeof objectSchema>;

/** Where a value stands, so that a message can name it. */
export interface Place {
  what: string;
  id: string;
  property: string;
}

const MOST_SHOWN = 60;
const CUSTOM_SCALE = 10;

export function badValue(place: Place, wants: string, value: string): HubError {
  const shown = value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}…` : value;
  return new HubError({
    code: 'BAD_RECORD',
    message: `hubspot ${place.what} ${place.id}: property ${place.property} wants ${wants}, got "${shown}".`,
    remedy: 'Correct the value in HubSpot, or map another property in the source’s configuration.',
  });
}

/**
 * A plain decimal text with at most `scale` digits behind the point, half away from zero. HubSpot's computed numbers
 * carry the dust of binary fractions ("6000.00000000000033306…") and large ones may come as "1.5E7".
 */
export function decimalOf(place: Place, value: string, scale: number): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(value.trim());
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || whole + fraction === '') throw badValue(place, 'a decimal number', value);
  const shift = scale - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction);
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : halfUp(digits, 10n ** BigInt(-shift));
  const text = String(scaled).padStart(scale + 1, '0');
  const plain = scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`.replace(/\.?0+$/, '');
  return sign === '-' && plain !== '0' ? `-${plain}` : plain;
}

function halfUp(digits: bigint, divisor: bigint): bigint {
  return (digits * 2n + divisor) / (divisor * 2n);
}

export function moneyOf(place: Place, value: string, currency: { code: string; place: Place }, finer = 0): MoneyValue {
  return { amount: decimalOf(place, value, scaleOf(currency) + finer), currency: currency.code };
}

/** Asking the runtime costs a hundred times what the rest of an amount does, and there are few currencies. */
const scales = new Map<string, number>();

/** How many decimals a currency has: 2 for EUR, 0 for JPY, 3 for KWD. */
function scaleOf({ code, place }: { code: string; place: Place }): number {
  const known = scales.get(code);
  if (known !== undefined) return known;
  if (!/^[A-Z]{3}$/.test(code)) throw badValue(place, 'an ISO 4217 code such as EUR', code);
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: code });
  const scale = format.resolvedOptions().maximumFractionDigits ?? 2;
  scales.set(code, scale);
  return scale;
}

export function instantOf(place: Place, value: string): string {
  const at = epochOf(value);
  if (at !== null) return isoOf(at);
  throw badValue(place, 'a moment such as 2026-03-01T09:30:00Z', value);
}

/** The calendar day of a date, or of a moment where the portal is. */
export function localDateOf(place: Place, value: string, timeZone: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    try {
      return Temporal.PlainDate.from(value, { overflow: 'reject' }).toString();
    } catch {
      throw badValue(place, 'a date such as 2026-03-01', value);
    }
  }
  const at = epochOf(value);
  if (at === null) throw badValue(place, 'a date such as 2026-03-01', value);
  // A property of the type `date` may come as the midnight of UTC in milliseconds: that is a day, not a moment.
  const zone = /^-?\d+$/.test(value) && at % 86_400_000 === 0 ? 'UTC' : timeZone;
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** An empty text clears a property in HubSpot, so it means the same as null. */
export function given(value: string | null | undefined): string | null | undefined {
  return value === '' ? null : value;
}

/** Reads one property: undefined when it was not sent, null when it is empty. */
export function readProperty<Value>(
  { what, object, property }: { what: string; object: CrmObject; property: string },
  convert: (value: string, place: Place) => Value,
): Value | null | undefined {
  const value = given(object.properties[property]);
  return value === null || value === undefined ? value : convert(value, { what, id: object.id, property });
}

/** Parts of a multi-valued text, without empty ones. */
export function listOf(value: string, separators: RegExp = /;/): string[] {
  return value
    .split(separators)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function customFieldsOf(
  what: string,
  object: CrmObject,
  options: { fields: HubSpotConfig['deals']['customFields']; timeZone: string },
): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(options.fields).flatMap(([name, { property, type }]) => {
      const value = given(object.properties[property]);
      if (value === undefined) return [];
      const place = { what, id: object.id, property };
      return [[name, value === null ? null : customValue(place, value, { type, timeZone: options.timeZone })]];
    }),
  );
}

function customValue(
  place: Place,
  value: string,
  { type, timeZone }: { type: CustomFieldType; timeZone: string },
): JsonValue {
  switch (type) {
    case 'text':
      return value;
    case 'number':
      return decimalOf(place, value, CUSTOM_SCALE);
    case 'date':
      return localDateOf(place, value, timeZone);
    case 'instant':
      return instantOf(place, value);
    case 'flag':
      return value === 'true';
    case 'list':
      return listOf(value);
  }
}
