import type { Api } from '@plumbline/hub';
import { ask } from './ask.ts';

const lists = [
  ['clients', 'clients'],
  ['people', 'people'],
  ['opportunities', 'opportunities'],
  ['proposals', 'proposals'],
  ['projects', 'projects'],
  ['changeRequests', 'change requests'],
  ['workItems', 'work items'],
  ['timeEntries', 'time entries'],
  ['milestones', 'milestones'],
  ['risks', 'risks'],
  ['rates', 'rates'],
  ['budgets', 'budgets'],
  ['quotas', 'quotas'],
  ['capacities', 'capacities'],
  ['allocations', 'allocations'],
  ['exchangeRates', 'exchange rates'],
  ['lineItems', 'line items'],
] as const;

export interface Total {
  /** The list's name in the API. */
  list: (typeof lists)[number][0];
  /** For people. */
  name: string;
  count: number;
}

/** How many of each kind there are now. */
export async function countAll(api: Pick<Api, 'query'>): Promise<Total[]> {
  const fields = lists.map(([list]) => `${list}(first: 1) { totalCount }`).join(' ');
  const counted = await ask<Record<string, { totalCount: number }>>(api, `{ ${fields} }`);
  return lists.map(([list, name]) => ({ list, name, count: counted[list]?.totalCount ?? 0 }));
}
