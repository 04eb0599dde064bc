import type { Page, Presence, RawRecord } from '@plumbline/connector';
import { z } from 'zod';
import type { JiraContext } from './jira-client.ts';

/** Lists without a change feed are read whole each time: there is nothing to remember. */
export const fullListCursor = z.strictObject({});

/** Everything a list holds, in pieces. */
export type FullList = (context: JiraContext) => AsyncIterable<readonly RawRecord[]>;

export const fullListWorth = { granularityMs: 0, lagMs: 0, zone: 'none', tieBreaker: 'id' } as const;

/**
 * The three readings of a list that shows only what exists: all of it, its ids, and which of some ids are in it. `ids` is for
 * lists whose ids alone cost less; `absent` is what one is that is not in it.
 */
export function fullList(
  read: FullList,
  {
    ids: readIds = idsOf(read),
    absent = 'ABSENT',
  }: {
    ids?: (context: JiraContext) => AsyncIterable<readonly string[]>;
    absent?: Extract<Presence['state'], 'ABSENT' | 'INVISIBLE'>;
  } = {},
): {
  poll(context: JiraContext): AsyncIterable<Page>;
  census(context: JiraContext): AsyncIterable<readonly string[]>;
  confirm(context: JiraContext, ids: readonly string[]): Promise<readonly Presence[]>;
} {
  return {
    async *poll(context) {
      let pending: readonly RawRecord[] | null = null;
      for await (const records of read(context)) {
        if (pending) yield { records: pending, cursor: {}, complete: false };
        pending = records;
      }
      yield { records: pending ?? [], cursor: {}, complete: true };
    },
    census: readIds,
    async confirm(context, ids) {
      const present = new Set<string>();
      for await (const found of readIds(context)) for (const id of found) present.add(id);
      return ids.map((id) => ({ id, state: present.has(id) ? 'PRESENT' : absent }));
    },
  };
}

function idsOf(read: FullList): (context: JiraContext) => AsyncIterable<readonly string[]> {
  return async function* (context) {
    for await (const records of read(context)) yield records.map(({ id }) => id);
  };
}
