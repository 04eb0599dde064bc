import { sound, type Found, type Get, type Habits } from '../ledger-connector.ts';

/** A connector with one fault, the checks that have to find it, and what they have to say. */
export interface Broken {
  fault: string;
  habits: Partial<Habits>;
  found: readonly string[];
  saying: RegExp;
}

export const END: Found = { entries: [], next: null };

/** Pages by position in the list, whatever moves in it. */
export async function byOffset(get: Get, { from, next }: { from: string | null; next: string | null }): Promise<Found> {
  const offset = Number(next ?? 0);
  const query = new URLSearchParams({ limit: '200', offset: String(offset), ...(from === null ? {} : { from }) });
  const found = (await sound.parse(await get(`/entries?${query}`))) as Found;
  return { entries: found.entries, next: found.next === null ? null : String(offset + found.entries.length) };
}

/** What there is; nothing when it cannot be had. */
export const listedOrNone: Habits['census'] = (get, since) => sound.census(get, since).catch(() => []);
