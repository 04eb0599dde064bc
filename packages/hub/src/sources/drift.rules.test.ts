import type { Inventory, Item } from '@plumbline/connector';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareMapping, unmappedItems, wasThere, type Accepted, type DriftFinding } from './drift.rules.ts';

type Mapping = Pick<Inventory, 'named' | 'mapped'>;

const field = (id: string, type: string | null = 'string', more: Partial<Item> = {}): Item => ({
  id,
  name: id,
  type,
  custom: true,
  ...more,
});
const named = (id: string, means: string | null = null): Mapping['named'][number] => ({
  path: `fields.${id}`,
  list: 'field',
  id,
  stream: 'deals',
  means,
});
const mapping: Mapping = {
  named: [named('region'), named('team')],
  mapped: [{ path: 'states', list: 'status', ids: ['Open'], stream: 'issues', otherwise: 'it has no state' }],
};
const status = (id: string, name: string): Item => field(id, null, { name, spellings: [name], custom: false });

function look(of: Mapping, lists: Record<string, readonly Item[]>, known: Accepted = {}) {
  return compareMapping(of, new Map(Object.entries(lists)), known);
}

const problems = (findings: readonly DriftFinding[]): string[] =>
  findings.map(({ path, problem }) => `${problem} ${path}`);

const whole = { field: [field('region'), field('team')], status: [status('1', 'OPEN'), status('2', 'Done')] };
const { accepted } = look(mapping, whole);

test('what is there at the first look is what the mapping was made for', () => {
  expect(look(mapping, whole).findings).toEqual([]);
  expect(look(mapping, whole, accepted)).toEqual({ findings: [], accepted });
});

test('what vanishes is told until it is back, and what was never there is told in other words', () => {
  const gone = look(mapping, { ...whole, field: [field('team')] }, accepted);
  expect(gone.findings).toEqual([
    {
      path: 'fields.region',
      stream: 'deals',
      problem: 'GONE',
      message:
        'fields.region names the field "region", which the account no longer has: what is read now comes without it.',
      remedy: 'Map another one, or bring it back; `plumbline doctor` lists what there is.',
    },
  ]);
  expect(wasThere(mapping, 'fields.region', gone.accepted)).toBe(true);
  expect(look(mapping, whole, gone.accepted)).toEqual({ findings: [], accepted });
  const never = look(mapping, { ...whole, field: [field('team')] });
  expect(never.findings[0]?.message).toContain('which the account does not have');
  expect(wasThere(mapping, 'fields.region', never.accepted)).toBe(false);
});

test('for what vanished it names what there is like it and nobody maps: it may have been renamed', () => {
  const renamed = ['notes', 'regions', 'area', 'sales region', 'zone'].map((id) => field(id));
  expect(look(mapping, { ...whole, field: [...renamed, field('team')] }, accepted).findings[0]?.remedy).toBe(
    'Map another one (like it: "regions", "sales region"), or bring it back; `plumbline doctor` lists what there is.',
  );
});

test('a changed type is told until it is as before, is accepted, or the mapping says something else of it', () => {
  const changed = { ...whole, field: [field('region', 'number'), field('team')] };
  const found = look(mapping, changed, accepted);
  expect(found.findings[0]?.message).toBe(
    'fields.region names the field "region", whose type was string and is now number.',
  );
  expect(problems(look(mapping, changed, found.accepted).findings)).toEqual(['TYPE fields.region']);
  expect(look(mapping, changed, {}).findings).toEqual([]);
  const remapped = { ...mapping, named: [named('region', 'number'), named('team')] };
  expect(look(remapped, changed, found.accepted).findings).toEqual([]);
});

test('a type that the vendor does not tell is no change, and is compared once it is known', () => {
  const unknown = look(mapping, { ...whole, field: [field('region', null), field('team')] });
  const first = look(mapping, whole, unknown.accepted);
  expect(first.findings).toEqual([]);
  const other = look(mapping, { ...whole, field: [field('region', 'date'), field('team')] }, first.accepted);
  expect(problems(other.findings)).toEqual(['TYPE fields.region']);
});

test('a new item of a mapped list is told until it is mapped or gone; another id of a known name is nothing new', () => {
  const more = { ...whole, status: [...whole.status, status('3', 'Legal review'), status('9', 'done')] };
  const found = look(mapping, more, accepted);
  expect(found.findings.map(({ message }) => message)).toEqual([
    'states says nothing of the status "Legal review" (3), which is new: it has no state.',
  ]);
  expect(look(mapping, whole, found.accepted).findings).toEqual([]);
  const mapped = { ...mapping, mapped: mapping.mapped.map((list) => ({ ...list, ids: ['Open', 'legal review'] })) };
  expect(look(mapped, more, found.accepted).findings).toEqual([]);
});

test('what nobody maps is what the account added and the configuration does not name', () => {
  const items = [field('region'), field('industry'), field('amount', 'number', { custom: false })];
  expect(unmappedItems(mapping, new Map([['field', items]])).map(({ item }) => item.id)).toEqual(['industry']);
});

test('however an account changes: told is exactly what differs from the first look, and never twice', () => {
  const items = fc.uniqueArray(
    fc.record({ id: fc.constantFrom('region', 'team', 'size'), type: fc.constantFrom('string', 'number', 'date') }),
    { selector: ({ id }) => id },
  );
  fc.assert(
    fc.property(fc.array(items, { minLength: 1, maxLength: 6 }), (looks) => {
      let known: Accepted = {};
      const first = new Map<string, string>();
      for (const there of looks) {
        const found = look({ ...mapping, mapped: [] }, { field: there.map(({ id, type }) => field(id, type)) }, known);
        known = found.accepted;
        const expected = ['region', 'team'].flatMap((id) => {
          const type = there.find((each) => each.id === id)?.type;
          if (type === undefined) return [`GONE fields.${id}`];
          if (!first.has(id)) first.set(id, type);
          return first.get(id) === type ? [] : [`TYPE fields.${id}`];
        });
        expect(problems(found.findings)).toEqual(expected);
      }
    }),
  );
});
