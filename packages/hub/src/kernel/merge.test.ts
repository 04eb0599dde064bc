import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeRequest } from '../change-requests/change-request.ts';
import { opportunity } from '../opportunities/opportunity.ts';
import { rankBy } from './authority.ts';
import { mergeFacets, type FacetView } from './merge.ts';

const connectorOf = (sourceId: string): string =>
  sourceId.split('-')[0] === 'sheets' ? 'google-sheets' : (sourceId.split('-')[0] ?? '');
const rank = rankBy({}, connectorOf);
const facet = (
  id: string,
  sourceId: string,
  fields: FacetView['fields'],
  changedAt: string | null = null,
): FacetView => ({ id, sourceId, fields, customFields: {}, changedAt });

test('the master of a field wins, and what it does not know comes from the next', () => {
  const merged = mergeFacets(
    opportunity,
    [
      facet('1', 'sheets-1', { name: 'Sheet', nextStep: 'Call' }),
      facet('2', 'hubspot-1', { name: 'Deal', nextStep: null }),
    ],
    rank,
  );
  expect(merged.fields).toMatchObject({ name: 'Deal', nextStep: 'Call', amount: null });
});

test('a site may decide otherwise for one field, by connector or by source', () => {
  const own = rankBy({ opportunity: { name: ['sheets-1'] } }, connectorOf);
  const facets = [
    facet('1', 'sheets-1', { name: 'Sheet', stage: 'a' }),
    facet('2', 'hubspot-1', { name: 'Deal', stage: 'b' }),
  ];
  expect(mergeFacets(opportunity, facets, own).fields).toMatchObject({ name: 'Sheet', stage: 'b' });
});

test('what is decided in the hub counts before the sources that a site ranks, unless it names the hub', () => {
  const facets = [
    facet('1', 'jira-1', { state: 'IMPLEMENTING', title: 'Jira' }),
    facet('2', 'plumbline', { state: 'REJECTED', title: 'Hub' }),
  ];
  const ranked = rankBy({ changeRequest: { '*': ['jira', 'google-sheets'] } }, connectorOf);
  expect(mergeFacets(changeRequest, facets, ranked).fields).toMatchObject({ state: 'REJECTED', title: 'Jira' });
  const named = rankBy({ changeRequest: { state: ['jira', 'plumbline'] } }, connectorOf);
  expect(mergeFacets(changeRequest, facets, named).fields).toMatchObject({ state: 'IMPLEMENTING' });
});

test('among equals the one that changed last wins', () => {
  const facets = [
    facet('1', 'hubspot-1', { name: 'Old' }, '2026-01-01T00:00:00Z'),
    facet('2', 'hubspot-2', { name: 'New' }, '2026-02-01T00:00:00Z'),
  ];
  expect(mergeFacets(opportunity, facets, rank).fields['name']).toBe('New');
});

test('references to many are those of all sources together', () => {
  const facets = [
    facet('1', 'hubspot-1', { projects: ['p:2', 'p:1'] }),
    facet('2', 'sheets-1', { projects: ['p:1', 'p:3'] }),
  ];
  expect(mergeFacets(opportunity, facets, rank).fields['projects']).toEqual(['p:1', 'p:2', 'p:3']);
});

test('the order in which facets are read never matters', () => {
  const some = fc.record({
    source: fc.constantFrom('hubspot-1', 'hubspot-2', 'sheets-1', 'jira-1'),
    name: fc.option(fc.constantFrom('a', 'b', 'c')),
    at: fc.option(fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z')),
  });
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 6 }), (list) => {
      const facets = list.map((each, index) => facet(`${index}`, each.source, { name: each.name }, each.at));
      expect(mergeFacets(opportunity, facets.toReversed(), rank)).toEqual(mergeFacets(opportunity, facets, rank));
    }),
  );
});
