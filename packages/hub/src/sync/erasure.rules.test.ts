import { expect, test } from 'vitest';
import { opportunity } from '../opportunities/opportunity.ts';
import { person } from '../people/person.ts';
import { changedBetween, sayingWithout, stillSaid, veilBy, withKeys, withoutWords, wordsFor } from './erasure.rules.ts';

const veil = veilBy('a secret');
const ada = wordsFor(
  {
    keys: ['email:ada@x.com', 'jira-account:5b10ac8d82e05b22', 'owner:77'],
    names: ['Ada Lovelace', 'Ada'],
    emails: [],
  },
  veil,
);

const lovelace = ada.find(({ text }) => text === 'Ada Lovelace')?.instead;

test('two people who were erased are two still, and each is one, however their name is written', () => {
  const called = (name: string) => wordsFor({ keys: [], names: [name], emails: [] }, veil)[0]?.instead;
  expect(called('Ada Lovelace')).toMatch(/^erased person [0-9a-f]{8}$/);
  expect(called('ADA LOVELACE')).toBe(lovelace);
  expect(called('Grace Hopper')).not.toBe(lovelace);
});

test('an id is veiled alike every time, by each secret otherwise, and an address stays of the form of one', () => {
  expect(veil.key('email:Ada@x.com')).toBe(veil.key('email:ada@x.com'));
  expect(veil.key('email:ada@x.com')).toMatch(/^email:erased-\w{32}@erased\.invalid$/);
  expect(veil.key('owner:77')).toMatch(/^owner:erased-\w{32}$/);
  expect(veilBy('another').key('owner:77')).not.toBe(veil.key('owner:77'));
  expect(veil.key(veil.key('owner:77'))).toBe(veil.key('owner:77'));
  // A row of a table that is keyed by the address, as another table that refers to it would say it.
  expect(veil.key('row:people/Ada@x.com')).toBe(`row:people/${veil.id('ada@x.com')}`);
  expect(veil.key(veil.key('row:people/ada@x.com'))).toBe(veil.key('row:people/ada@x.com'));
  expect(veil.addresses(`${'ada@x.com'}|2026, o'neil@x.com`)).toBe(
    `${veil.id('ada@x.com')}|2026, ${veil.id("o'neil@x.com")}`,
  );
  expect(veil.record({ sourceId: 'a', stream: 'b' }, '1')).not.toBe(veil.record({ sourceId: 'a', stream: 'c' }, '1'));
});

test('what a facet says loses the words, and what leads somewhere does not', () => {
  const facet = {
    kind: 'opportunity' as const,
    keys: ['row:deals/Ada Lovelace'] as const,
    fields: { name: 'For Ada Lovelace', client: 'row:clients/Ada Lovelace' },
    history: [
      { field: 'client', at: '2026-01-01T00:00:00Z', value: 'row:clients/Ada Lovelace' },
      { field: 'name', at: '2026-01-01T00:00:00Z', value: 'Ada Lovelace', by: 'row:people/Ada Lovelace' as const },
    ],
  };
  expect(sayingWithout(facet, ada)).toEqual({
    ...facet,
    fields: { ...facet.fields, name: `For ${lovelace}` },
    history: [facet.history[0], { ...facet.history[1], value: lovelace }],
  });
});

test('an address that is known only by the key of a row is looked for by itself, too', () => {
  const words = wordsFor({ keys: ['row:people/ada@x.com'], names: [], emails: [] }, veil);
  expect(withoutWords('Ask ada@x.com', words)).toBe(`Ask ${veil.id('ada@x.com')}`);
});

test.each([
  ['Ada Lovelace said so.', `${lovelace} said so.`],
  ['ADA LOVELACE', lovelace],
  // A single word may be anybody's name, or a team's.
  ['Ada', 'Ada'],
  ['Ada and Bob', 'Ada and Bob'],
  ['Lovelace Road', 'Lovelace Road'],
  ['hilada@x.com, ada@x.com.au, z.ada@x.com', 'hilada@x.com, ada@x.com.au, z.ada@x.com'],
  ['owner 77', 'owner 77'],
  ['?accountId=5b10ac8d82e05b22', `?accountId=${veil.id('5b10ac8d82e05b22')}`],
  ['mail ada@x.com.', `mail ${veil.id('ada@x.com')}.`],
  // The picture that is found by the hash of her address.
  ['https://pictures.example/65d80dc6bd72089111f3a8605cf3388a.png', 'https://pictures.example/erased-.png'],
])('of %j is left %j', (text, left) => {
  expect(withoutWords(text, ada)).toBe(left);
});

test('a name of one word goes where the account or the address stands beside it, and nowhere else', () => {
  const alone = ada.find(({ text }) => text === 'Ada')?.instead;
  const payload = {
    assignee: { accountId: '5b10ac8d82e05b22', displayName: 'Ada', team: 'North' },
    team: 'Ada',
    labels: ['Ada'],
  };
  expect(withoutWords(payload, ada)).toEqual({
    assignee: { accountId: veil.id('5b10ac8d82e05b22'), displayName: alone, team: 'North' },
    team: 'Ada',
    labels: ['Ada'],
  });
});

test('words are replaced in every depth of a document, and what has none is the very same', () => {
  const clean = { list: ['x', { deep: 1 }], nothing: null };
  expect(withoutWords(clean, ada)).toBe(clean);
  expect(withoutWords({ list: ['x', { deep: 'by Ada Lovelace' }], 'Ada Lovelace': true }, ada)).toEqual({
    list: ['x', { deep: `by ${lovelace}` }],
    'Ada Lovelace': true,
  });
});

test('a version keeps what somebody still says or remembers, and for people what figures are made of', () => {
  const said = {
    fields: { name: 'Portal', amount: { amount: '5.00', currency: 'EUR' }, projects: ['a'] },
    customFields: { region: 'N' },
    history: [{ field: 'stage', at: '2026-01-01T00:00:00Z', value: 'Lead' }],
  };
  const snapshot = {
    name: 'Portal',
    nextStep: 'Call',
    stage: 'Lead',
    amount: { amount: '5', currency: 'EUR' },
    projects: ['a', 'b'],
    customFields: { region: 'N', secret: 'x', tier: 'of another' },
  };
  expect(
    stillSaid(opportunity, {
      snapshot,
      before: { name: 'Before', nextStep: 'Write', customFields: { tier: 'A' } },
      sayings: [said],
    }),
  ).toEqual({
    name: 'Portal',
    nextStep: 'Write',
    stage: 'Lead',
    amount: { amount: '5', currency: 'EUR' },
    projects: ['a'],
    customFields: { region: 'N', tier: 'A' },
  });
  expect(stillSaid(opportunity, { snapshot, before: null, sayings: [] })).toEqual({ projects: [], customFields: {} });
  expect(
    stillSaid(person, {
      snapshot: { name: 'Ada', role: 'Consultant', team: 'North', status: 'LEFT', customFields: {} },
      before: null,
      sayings: [],
    }),
  ).toEqual({
    role: 'Consultant',
    team: 'North',
    status: 'LEFT',
    customFields: {},
  });
});

test('what changed from version to version is worked out anew', () => {
  const before = { name: 'A', customFields: {} };
  expect(changedBetween(opportunity, null, before)).toEqual(['name']);
  expect(changedBetween(opportunity, before, { name: 'A', stage: 'Lead', customFields: { region: 'N' } })).toEqual([
    'stage',
    'customFields',
  ]);
});

test('keys are replaced wherever a record has them, and by their kind', () => {
  const record = {
    keys: ['deal:1'] as const,
    fields: { owner: 'email:ada@x.com', client: 'email:ada@x.com', projects: ['project:1'], name: 'email:ada@x.com' },
    history: [
      { field: 'owner', at: '2026-01-01T00:00:00Z', value: 'email:ada@x.com' },
      { field: 'name', at: '2026-01-01T00:00:00Z', value: 'email:ada@x.com', by: 'email:ada@x.com' },
    ],
  } as const;
  const replaced = withKeys('opportunity', record, (kind, key) => (kind === 'person' ? 'email:nobody' : key));
  expect(replaced.fields).toEqual({ ...record.fields, owner: 'email:nobody' });
  expect(replaced.history).toEqual([
    { ...record.history[0], value: 'email:nobody' },
    { ...record.history[1], by: 'email:nobody' },
  ]);
});
