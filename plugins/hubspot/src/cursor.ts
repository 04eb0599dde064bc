import { createHash } from 'node:crypto';
import { z } from 'zod';

/** How late a change may show in HubSpot's search; HubSpot says "a few moments". */
export const LAG_MS = 5 * 60_000;

/**
 * How old the newest change must be when it is read for nothing before it to be still on its way into search: the lag,
 * and as much again as our clock and HubSpot's may differ.
 */
export const SETTLED_MS = 60 * 60_000;

/** How many records a cursor remembers by name: more than that within the lag are fetched twice, to the same effect. */
const REMEMBERED = 1_000;

/** Epoch milliseconds by record id. */
const memorySchema = z.record(z.string(), z.number());
export type Memory = z.output<typeof memorySchema>;

export const changeCursorSchema = z.object({
  /** Fingerprint of what is asked for and of what goes into payloads besides the record; another one reads all again. */
  shape: z.string(),
  /** The newest change read so far. */
  since: z.string().optional(),
  /** Present while one millisecond with many changes is being read: the last id of it. */
  tie: z.string().optional(),
  /** Present when everything up to `since` was read after it had settled: the next poll need not read any of it again. */
  settled: z.literal(true).optional(),
  /** What was read of the time that the next poll reads again: of the last millisecond, or of the lag before it. */
  recent: memorySchema,
  /** The newest archived records, already reported. */
  archived: memorySchema,
});
export type ChangeCursor = z.output<typeof changeCursorSchema>;

/** Part of the shape of what has surroundings: records that were read before they had any are read again. */
export const RECORD_FORM = 2;

/** A short fingerprint of any JSON value. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

export function isoOf(epochMilliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMilliseconds).toString();
}

/** Milliseconds of a moment in any of HubSpot's spellings; null when it is none. */
export function epochOf(value: unknown): number | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value);
  if (/^-?\d+$/.test(text)) return Number(text);
  const at = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** Keeps the newest of both, at most as many as a cursor should carry. */
export function remember(
  memory: Memory,
  more: Iterable<readonly [string, number]>,
  from: number = Number.NEGATIVE_INFINITY,
): Memory {
  const all = Object.entries({ ...memory, ...Object.fromEntries(more) }).filter(([, at]) => at >= from);
  const newest = all.sort((a, b) => b[1] - a[1] || Number(b[0]) - Number(a[0])).slice(0, REMEMBERED);
  return Object.fromEntries(newest);
}

export function isFull(memory: Memory): boolean {
  return Object.keys(memory).length >= REMEMBERED;
}

/** Before which time everything counts as remembered: a full memory has dropped what is older. */
export function memoryReaches(memory: Memory): number {
  const times = Object.values(memory);
  return isFull(memory) ? Math.min(...times) - LAG_MS : Number.NEGATIVE_INFINITY;
}
