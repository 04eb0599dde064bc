import { z } from 'zod';
import { lowerBound, type ObjectVersion } from './object-table.ts';
import { Refusal } from './operations.ts';
import { pageSize, type PortalState } from './portal-state.ts';
import { valueOf } from './render.ts';
import type { HubSpotObjectType } from './seed.ts';

const operators = [
  'EQ',
  'NEQ',
  'GT',
  'GTE',
  'LT',
  'LTE',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
] as const;

const filterSchema = z.object({
  propertyName: z.string(),
  operator: z.enum(operators),
  value: z.coerce.string().optional(),
  highValue: z.coerce.string().optional(),
  values: z.array(z.coerce.string()).optional(),
});
type Filter = z.output<typeof filterSchema>;

const sortSchema = z.union([
  z.string(),
  z.object({ propertyName: z.string(), direction: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING') }),
]);

export const searchSchema = z.object({
  filterGroups: z.array(z.object({ filters: z.array(filterSchema) })).default([]),
  sorts: z.array(sortSchema).default([]),
  query: z.string().optional(),
  properties: z.array(z.string()).default([]),
  limit: z.coerce.number().int().default(10),
  after: z.coerce.number().int().nonnegative().default(0),
});
export type Search = z.output<typeof searchSchema>;

const LAST_RESULT = 10_000;

/** One page of what the index shows now, under the limits of HubSpot's search. */
export function searchObjects(
  state: PortalState,
  type: HubSpotObjectType,
  search: Search,
): { total: number; page: readonly ObjectVersion[]; after: number | null } {
  checkLimits(search);
  const matches = matching(state, type, search);
  const end = search.after + pageSize(state, search.limit);
  return {
    total: matches.length,
    page: matches.slice(search.after, end),
    after: end < matches.length ? end : null,
  };
}

function checkLimits({ filterGroups, sorts, limit, after }: Search): void {
  const filters = filterGroups.reduce((sum, group) => sum + group.filters.length, 0);
  if (filterGroups.length > 5 || filters > 18 || filterGroups.some((group) => group.filters.length > 6)) {
    throw invalid('Too many filters: 5 groups, 6 filters in each, 18 in all.');
  }
  if (sorts.length > 1) throw invalid('Only one sort is supported.');
  if (limit < 1 || limit > 200) throw invalid(`limit must be between 1 and 200, was ${limit}`);
  if (after + limit > LAST_RESULT) {
    throw invalid(`Search results are limited to ${LAST_RESULT}: after ${after} with limit ${limit} is beyond them.`);
  }
}

function matching(state: PortalState, type: HubSpotObjectType, search: Search): readonly ObjectVersion[] {
  const all = state.tables[type].searchable(state.clock.now().epochMilliseconds);
  const sort = sortOf(search);
  const filters = search.filterGroups[0]?.filters ?? [];
  const plain =
    search.filterGroups.length <= 1 && !search.query && sort?.name === 'hs_lastmodifieddate' && !sort.descending;
  const [only] = filters;
  if (plain && filters.length === 0) return all;
  // The question that a reader of changes asks on every page is answered without looking at every record.
  if (plain && filters.length === 1 && only?.propertyName === 'hs_lastmodifieddate' && only.operator === 'GTE') {
    return all.slice(lowerBound(all, comparable(only.value ?? '') as number, ({ updated }) => updated));
  }
  const found = all.filter((version) => isMatch(state, type, version, search));
  if (!sort || (sort.name === 'hs_lastmodifieddate' && !sort.descending)) return found;
  const value = (version: ObjectVersion): number | string =>
    comparable(searched(state, type, version, sort.name) ?? '');
  return found.sort((a, b) => (sort.descending ? compare(value(b), value(a)) : compare(value(a), value(b))));
}

function sortOf({ sorts }: Search): { name: string; descending: boolean } | undefined {
  const [sort] = sorts;
  if (sort === undefined) return undefined;
  if (typeof sort !== 'string') return { name: sort.propertyName, descending: sort.direction === 'DESCENDING' };
  return { name: sort.replace(/^-/, ''), descending: sort.startsWith('-') };
}

function isMatch(state: PortalState, type: HubSpotObjectType, version: ObjectVersion, search: Search): boolean {
  if (search.query) {
    const text = Object.values(version.properties).join('\n').toLowerCase();
    if (!text.includes(search.query.toLowerCase())) return false;
  }
  return (
    search.filterGroups.length === 0 ||
    search.filterGroups.some(({ filters }) =>
      filters.every((filter) => holds(filter, searched(state, type, version, filter.propertyName))),
    )
  );
}

/** Moments are compared in milliseconds anyway, and this one is asked for most. */
function searched(state: PortalState, type: HubSpotObjectType, version: ObjectVersion, name: string): string | null {
  return name === 'hs_lastmodifieddate' ? String(version.updated) : valueOf(state, type, version, name);
}

function holds(filter: Filter, present: string | null): boolean {
  if (filter.operator === 'HAS_PROPERTY') return present !== null;
  if (filter.operator === 'NOT_HAS_PROPERTY') return present === null;
  if (present === null) return filter.operator === 'NEQ' || filter.operator === 'NOT_IN';
  const wanted = filter.value ?? '';
  const order = compare(comparable(present), comparable(wanted));
  switch (filter.operator) {
    case 'EQ':
      return order === 0;
    case 'NEQ':
      return order !== 0;
    case 'GT':
      return order > 0;
    case 'GTE':
      return order >= 0;
    case 'LT':
      return order < 0;
    case 'LTE':
      return order <= 0;
    case 'BETWEEN':
      return order >= 0 && compare(comparable(present), comparable(filter.highValue ?? '')) <= 0;
    case 'IN':
      return (filter.values ?? []).includes(present);
    case 'NOT_IN':
      return !(filter.values ?? []).includes(present);
    case 'CONTAINS_TOKEN':
      return present.toLowerCase().split(/\W+/).includes(wanted.toLowerCase());
  }
}

/** Numbers, and moments in either spelling, compare as numbers; everything else as text. */
function comparable(text: string): number | string {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^\d{4}-\d{2}-\d{2}(T|$)/.test(text)) return Date.parse(text);
  return text.toLowerCase();
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}

function invalid(message: string): Refusal {
  return new Refusal(400, 'VALIDATION_ERROR', message);
}
