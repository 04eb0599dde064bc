import type { HubSpotApis } from './client.ts';
import { epochOf, isoOf, memoryReaches, remember, type Memory } from './cursor.ts';
import { listObjects, pagesOf, type ObjectType } from './requests.ts';

export interface Deletion {
  id: string;
  at: string | null;
}

export interface ArchivedPage {
  deletes: Deletion[];
  /** On the last page: what to remember, and what was archived and is so no longer. */
  end: { memory: Memory; returned: string[] } | null;
}

/**
 * The archived records that were not reported yet. Search does not know archived records and the list has no order of
 * time, so the whole list is read, which HubSpot keeps for 90 days; what the memory knows is passed over.
 */
export async function* readArchived(apis: HubSpotApis, type: ObjectType, memory: Memory): AsyncGenerator<ArchivedPage> {
  const reach = memoryReaches(memory);
  const seen = new Map<string, number>();
  for await (const listing of pagesOf((after) => listObjects(apis, type, { after, archived: true }))) {
    const deletes: Deletion[] = [];
    for (const object of listing.objects) {
      const at = epochOf(object['archivedAt']);
      seen.set(object.id, at ?? 0);
      const known = memory[object.id] === (at ?? 0) || (at !== null && at < reach);
      if (!known) deletes.push({ id: object.id, at: at === null ? null : isoOf(at) });
    }
    if (listing.after !== null) {
      if (deletes.length > 0) yield { deletes, end: null };
      continue;
    }
    const returned = Object.keys(memory).filter((id) => !seen.has(id));
    yield { deletes, end: { memory: remember({}, seen), returned } };
  }
}
