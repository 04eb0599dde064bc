import { HubError, type Check } from '@plumbline/connector';
import type { Hub, MappingReport } from '@plumbline/hub';

const MOST_OFFERED = 15;

/** What a source's mapping misses: where it has drifted from the account, as checks, and what nobody maps. */
export interface MappingFindings {
  checks: readonly Check[];
  unmapped: readonly { list: string; id: string; name: string; type: string | null }[];
}

/** Compares a source's mapping with its account; nothing is found of an account that cannot be asked. */
export async function mappingFindings(
  hub: Hub,
  source: { sourceId: string; checks: readonly Check[] },
  accept: boolean,
): Promise<MappingFindings> {
  const { sourceId, checks } = source;
  // Why it cannot be asked is among its checks already.
  if (checks.some(({ ok, subject }) => !ok && ['credentials', 'connection'].includes(subject)))
    return { checks: [], unmapped: [] };
  const report = await compared(hub, { sourceId, accept });
  return {
    // What is gone is among the checks as well.
    checks: report.drift
      .filter(({ problem }) => problem !== 'GONE')
      .map(({ path, message, remedy }) => ({ subject: path, ok: false, message, remedy })),
    unmapped: report.unmapped.map(({ list, item: { id, name, type } }) => ({ list, id, name, type })),
  };
}

async function compared(hub: Hub, request: { sourceId: string; accept: boolean }): Promise<MappingReport> {
  try {
    return await hub.compareMapping(request);
  } catch (error) {
    // A list that is hidden from the account is a failed check, too.
    if (error instanceof HubError) return { sourceId: request.sourceId, drift: [], unmapped: [] };
    throw error;
  }
}

/** One line for each list that has something nobody maps. */
export function offersOf({ unmapped }: MappingFindings): string[] {
  const lists = [...new Set(unmapped.map(({ list }) => list))];
  return lists.map((list) => {
    const items = unmapped.filter((each) => each.list === list);
    const shown = items.slice(0, MOST_OFFERED).map(({ id, name, type }) => {
      const about = [...(id === name ? [] : [id]), ...(type === null ? [] : [type])].join(', ');
      return about === '' ? name : `${name} (${about})`;
    });
    const more = items.length > shown.length ? ` and ${items.length - shown.length} more` : '';
    return `nobody maps the ${list}${items.length === 1 ? '' : 's'} ${shown.join('; ')}${more}`;
  });
}
