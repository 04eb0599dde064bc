import { hash } from 'node:crypto';
import { canonical } from './columns.ts';

/** A short text that is equal for equal documents, whatever the order of their members. */
export function fingerprint(value: unknown): string {
  return hash('sha256', canonical(value)).slice(0, 32);
}

/** Half of a SHA-512/256 over a payload's text; SHA-256 takes half as long again on 64-bit machines. */
export function hashText(text: string): string {
  return hash('sha512-256', text).slice(0, 32);
}

const UNSTORABLE = /\\u0000|\\ud[89a-f]/i;

/**
 * A payload as PostgreSQL can keep it, as text and parsed: the NUL character and halves of surrogate pairs, which it
 * refuses, become U+FFFD.
 */
export function storable(payload: unknown): { text: string; value: unknown } {
  const text = JSON.stringify(payload ?? null);
  if (!text.includes('\\u') || !UNSTORABLE.test(text)) return { text, value: payload };
  const value = clean(payload);
  return { text: JSON.stringify(value), value };
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD').toWellFormed();
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [clean(name), clean(member)]));
}
