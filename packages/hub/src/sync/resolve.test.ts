import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolve, type Claim, type Known } from './resolve.ts';

function ids(): () => string {
  let next = 0;
  return () => `new-${(next += 1)}`;
}

const nothing: Known = { identity: new Map(), facets: new Map() };
const claim = (facetId: string, keys: string[], before: string | null = null): Claim => ({ facetId, keys, before });

test('facets that share a key, directly or through others, are one entity', () => {
  const { entityOf } = resolve(
    [claim('a', ['k:1']), claim('b', ['k:2']), claim('c', ['k:1', 'k:2']), claim('d', ['k:3'])],
    nothing,
    ids(),
  );
  expect(new Set([entityOf.get('a'), entityOf.get('b'), entityOf.get('c')]).size).toBe(1);
  expect(entityOf.get('d')).not.toBe(entityOf.get('a'));
});

test('what arrives takes the id that a reference has reserved', () => {
  const known = { identity: new Map([['k:1', 'reserved']]), facets: new Map() };
  expect(resolve([claim('a', ['k:1'])], known, ids()).entityOf.get('a')).toBe('reserved');
});

test('two entities that turn out to be one keep the older id', () => {
  const known: Known = {
    identity: new Map([
      ['k:1', 'e1'],
      ['k:2', 'e2'],
    ]),
    facets: new Map([
      ['e1', [{ facetId: 'x', keys: ['k:1'] }]],
      ['e2', [{ facetId: 'y', keys: ['k:2'] }]],
    ]),
  };
  const resolution = resolve([claim('a', ['k:1', 'k:2'])], known, ids());
  expect(resolution.entityOf.get('a')).toBe('e1');
  expect([...resolution.merged]).toEqual([['e2', 'e1']]);
  expect(resolution.identity.get('k:2')).toBe('e1');
});

test('a facet whose key was wrong leaves the entity it was taken for', () => {
  const known: Known = {
    identity: new Map([
      ['row:1', 'e1'],
      ['email:ada', 'e1'],
      ['email:bob', 'e2'],
    ]),
    facets: new Map([
      [
        'e1',
        [
          { facetId: 'row', keys: ['row:1', 'email:bob'] },
          { facetId: 'ada', keys: ['email:ada'] },
        ],
      ],
      ['e2', [{ facetId: 'bob', keys: ['email:bob'] }]],
    ]),
  };
  const resolution = resolve([claim('row', ['row:1', 'email:bob'], 'e1')], known, ids());
  expect(resolution.entityOf.get('row')).toBe('e2');
  expect([...resolution.merged]).toEqual([]);
  expect(resolution.identity.get('row:1')).toBe('e2');
});

test('a key that nobody claims any more goes to whoever claims it now', () => {
  const known: Known = {
    identity: new Map([['key:ABC-1', 'e1']]),
    facets: new Map([['e1', [{ facetId: 'moved', keys: ['key:XYZ-9'] }]]]),
  };
  const resolution = resolve([claim('fresh', ['key:ABC-1'])], known, ids());
  expect(resolution.entityOf.get('fresh')).toBe('new-1');
  expect(resolution.identity.get('key:ABC-1')).toBe('new-1');
});

const keys = fc.uniqueArray(fc.constantFrom('k:1', 'k:2', 'k:3', 'k:4', 'k:5'), { minLength: 1, maxLength: 3 });

test('whatever comes: equal keys are one entity, and the order of a page does not matter', () => {
  fc.assert(
    fc.property(fc.array(keys, { minLength: 1, maxLength: 8 }), fc.integer(), (lists, seed) => {
      const claims = lists.map((list, index) => claim(`f${index}`, list));
      const { entityOf, identity } = resolve(claims, nothing, ids());
      for (const one of claims) for (const key of one.keys) expect(identity.get(key)).toBe(entityOf.get(one.facetId));
      const shuffled = claims
        .map((each, index) => ({ each, at: Math.imul(index + 1, seed | 1) }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ each }) => each);
      const again = resolve(shuffled, nothing, ids()).entityOf;
      const groups = (map: Map<string, string>): string =>
        JSON.stringify(claims.map((a) => claims.map((b) => map.get(a.facetId) === map.get(b.facetId))));
      expect(groups(again)).toBe(groups(entityOf));
    }),
  );
});
