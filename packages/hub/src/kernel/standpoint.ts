import { requirePast } from './as-of.ts';
import type { Context } from './context.ts';
import type { Rows } from './database.ts';
import { readAsOf } from './past-tables.ts';

/** From where something is looked at: what is read, and which instant is its now. */
export interface Standpoint {
  rows: Rows;
  now: string;
}

/** Now, or a past instant. Throws InputError for one that is still to come. */
export function standpointOf(context: Context, asOf: string | null | undefined): Standpoint {
  if (!asOf) return { rows: context.rows, now: context.clock.now().toString() };
  requirePast(asOf, context.clock);
  return { rows: readAsOf(context.rows, context.past, asOf), now: Temporal.Instant.from(asOf).toString() };
}
