/** When each record last changed, in epoch milliseconds, for those so new that the next poll will meet them again. */
export type Seen = Readonly<Record<string, number>>;

/** What is not remembered is merely read again. Between pages little is kept, since every page writes its cursor. */
export const mostSeen = { betweenPages: 250, atTheEnd: 2_000 } as const;

/** The newest of the sightings that the next poll, which reads from `fromMs` on, will meet again. */
export function recentlySeen(sightings: Iterable<readonly [string, number]>, fromMs: number, most: number): Seen {
  const latest = new Map<string, number>();
  for (const [id, at] of sightings) {
    if (at >= fromMs && at >= (latest.get(id) ?? 0)) latest.set(id, at);
  }
  const newestFirst = [...latest].sort(([idA, a], [idB, b]) => b - a || (idA < idB ? -1 : 1));
  return Object.fromEntries(newestFirst.slice(0, most));
}
