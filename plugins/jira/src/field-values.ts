import { HubError, type JsonValue, type MoneyValue } from '@plumbline/connector';
import { adfText } from './adf-text.ts';
import type { CurrencySource, EffortField, MoneyField, ProbabilityField } from './config.ts';

/** The fields of an issue, custom ones included, as Jira sent them. */
export type Fields = Readonly<Record<string, unknown>>;

/** A number field as plain decimal text; null when empty. Throws an error that names the field. */
export function decimalField(fields: Fields, fieldId: string): string | null {
  return decimalOf(chosen(fields[fieldId]), fieldId);
}

export function integerField(fields: Fields, fieldId: string): number | null {
  const text = decimalField(fields, fieldId);
  if (text === null) return null;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw unreadable(fieldId, 'a whole number', text);
}

/** Null when the amount is empty, and also when its currency is: an amount without a currency is no money. */
export function moneyField(fields: Fields, { field, currency }: MoneyField): MoneyValue | null {
  return moneyOf(decimalField(fields, field), currencyOf(fields, currency));
}

export function moneyOf(amount: string | null, currency: string | null): MoneyValue | null {
  return amount === null || currency === null ? null : { amount, currency };
}

export function currencyOf(fields: Fields, source: CurrencySource): string | null {
  if ('fixed' in source) return source.fixed;
  const text = textOf(fields[source.field])?.trim().toUpperCase() ?? '';
  if (text === '') return null;
  if (/^[A-Z]{3}$/.test(text)) return text;
  throw unreadable(source.field, 'an ISO 4217 code such as "EUR"', text);
}

export function effortField(fields: Fields, source: EffortField): number | null {
  return effortOf(decimalField(fields, source.field), source);
}

/** Seconds of an amount in the configured unit. */
export function effortOf(amount: string | null, { field, unit, hoursPerDay }: EffortField): number | null {
  if (amount === null) return null;
  const perUnit = { seconds: 1, hours: 3_600, days: hoursPerDay * 3_600 }[unit];
  const seconds = Math.round(Number(amount) * perUnit);
  if (Number.isSafeInteger(seconds)) return seconds;
  throw unreadable(field, 'an effort', amount);
}

export function probabilityField(fields: Fields, source: ProbabilityField): string | null {
  return probabilityOf(chosen(fields[source.field]), source);
}

/** 0 to 1, on the configured scale. */
export function probabilityOf(value: unknown, { field, scale }: ProbabilityField): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof scale === 'object') {
    const found = scale[String(value)];
    if (found !== undefined) return plainNumber(found);
    throw unreadable(field, `one of ${Object.keys(scale).slice(0, 15).join(', ')}`, value);
  }
  const text = decimalOf(value, field);
  if (text === null) return null;
  const ratio = scale === 'percent' ? hundredth(text) : text;
  if (Number(ratio) >= 0 && Number(ratio) <= 1) return ratio;
  throw unreadable(field, scale === 'percent' ? 'a number from 0 to 100' : 'a number from 0 to 1', text);
}

export function dateField(fields: Fields, fieldId: string): string | null {
  const value = fields[fieldId];
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value)) return value.slice(0, 10);
  throw unreadable(fieldId, 'a date such as "2026-03-01"', value);
}

export function textField(fields: Fields, fieldId: string): string | null {
  return textOf(fields[fieldId]);
}

/** One line for people: of a text, document, option, person, version, sprint, or list of these. */
function textOf(value: unknown): string | null {
  const plain = plainValue(value);
  if (plain === null || plain === '') return null;
  if (Array.isArray(plain)) return plain.length === 0 ? null : plain.map((each) => textOf(each) ?? '').join(', ');
  return typeof plain === 'object' ? JSON.stringify(plain) : String(plain);
}

/** A field's value without Jira's wrapping: documents as text, options and people by what names them. */
export function plainValue(value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object') return null;
  const wrapped = value as Record<string, unknown>;
  if (wrapped['type'] === 'doc') return adfText(value);
  if (typeof wrapped['accountId'] === 'string') return `jira-account:${wrapped['accountId']}`;
  if (wrapped['value'] !== undefined) {
    const option = plainValue(wrapped['value']);
    // A cascading select has its second choice within the first.
    return wrapped['child'] ? [option, plainValue(wrapped['child'])] : option;
  }
  const name = wrapped['name'] ?? wrapped['key'] ?? wrapped['id'];
  if (typeof name === 'string' || typeof name === 'number') return name;
  return Object.fromEntries(Object.entries(wrapped).map(([member, each]) => [member, plainValue(each)]));
}

/** An option's value, where the field is a select. */
function chosen(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
}

/** Plain decimal text of a number, or of a text that is one. */
export function decimalOf(value: unknown, fieldId: string): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number' && Number.isFinite(value)) return plainNumber(value);
  if (typeof value === 'string') {
    const text = value.trim();
    if (/^-?\d{1,30}(\.\d{1,18})?$/.test(text)) return text;
    if (/^-?\d+(\.\d+)?[eE][+-]?\d+$/.test(text)) return plainNumber(Number(text));
  }
  throw unreadable(fieldId, 'a number', value);
}

/** Shortest decimal text that reads back as the same number, never with an exponent. */
export function plainNumber(value: number): string {
  const text = String(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!parts) return text;
  const [, sign = '', first = '', rest = '', exponent = '0'] = parts;
  const shift = Number(exponent);
  const digits = first + rest;
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${digits}`;
  return sign + digits.padEnd(shift + 1, '0');
}

/** Moves the decimal point by two, on the text: exact. */
function hundredth(text: string): string {
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const padded = whole.padStart(3, '0');
  const digits = `${padded.slice(0, -2)}.${padded.slice(-2)}${fraction}`;
  return (negative ? '-' : '') + digits.replace(/^0+(?=\d)/, '').replace(/\.?0+$/, '');
}

function unreadable(fieldId: string, wanted: string, value: unknown): HubError {
  const got = JSON.stringify(value) ?? typeof value;
  return new HubError({
    code: 'BAD_RECORD',
    message: `${fieldId}: wants ${wanted}, got ${got.slice(0, 60)}.`,
    remedy: `Correct the value in Jira, or the configuration that names ${fieldId}.`,
  });
}
