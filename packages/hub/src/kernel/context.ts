import type { Clock, KindName } from '@plumbline/connector';
import type { Database, Rows } from './database.ts';
import type { Freshness } from './freshness.ts';
import type { Kind } from './kind.ts';
import type { Loaders } from './loaders.ts';
import type { Rank } from './merge.ts';
import type { PastTable } from './past-tables.ts';

/** What every resolver of one request shares. Rooms add what they need by `declare module`. */
export interface Context {
  /** For reading. */
  rows: Rows;
  database: Database;
  load: Loaders;
  kinds: Readonly<Record<KindName, Kind>>;
  /** The tables that can be read as they were. */
  past: readonly PastTable[];
  /** Since when all is known of entities of these kinds; null where not all of their sources have been read once. */
  knownSince(kinds: readonly KindName[]): Promise<string | null>;
  /** How fresh what is read of these kinds is by now; read once for a request, whoever asks. */
  freshnessOf(kinds: readonly KindName[]): Promise<Freshness>;
  rank: Rank;
  clock: Clock;
  /** Who asks: the name of an API key, or `local` on loopback without keys. */
  actor: string;
}
