import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { kanaria, openErasableOffice, type ErasableOffice } from '../../test/erasable-office.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { tablesWith } from '../../test/search.ts';

let database: TestDatabase;
let office: ErasableOffice;

const stages = [
  { field: 'stage', at: '2026-03-01T08:00:00Z', value: 'Lead', by: 'crm-owner:77' },
  { field: 'stage', at: '2026-03-04T08:00:00Z', value: 'Offer', by: 'crm-owner:77' },
  { field: 'stage', at: '2026-03-04T09:00:00Z', value: 'Contract', by: 'crm-user:501' },
  { field: 'stage', at: '2026-03-04T10:00:00Z', value: 'Signing' },
];
const moved = (history: readonly object[]) => {
  const record = rawRecord('6', ['deal:crm6'], { name: 'Vault', state: 'NEGOTIATING', stage: 'Signing' });
  return { ...record, payload: { ...(record.payload as object), history } };
};

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  office = await openErasableOffice(database);
  office.clock.set(Temporal.Instant.from('2026-03-05T08:00:00Z'));
  office.crm['deals']?.pages.push({ records: [moved(stages)] });
  await office.hub.sync();
}, 60_000);

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

interface Moved {
  after: string | null;
  by: string;
  person: { id: string; name: string | null } | null;
}

/** What moved in a deal, the latest last. */
async function movements(name: string, more = ''): Promise<Moved[]> {
  const { reviewPack } = await office.ask<{ reviewPack: { movements: (Moved & { record: { name?: string } })[] } }>(
    `{ reviewPack(scope: { portfolio: true }, lens: SALES, currency: "EUR", since: "2026-03-02T08:00:00Z"${more}) {
      movements(first: 100) { record { ... on Opportunity { name } } after by person { id name } } } }`,
  );
  const own = reviewPack.movements.filter(({ record }) => record.name === name);
  return own.map(({ after, by, person }) => ({ after, by, person })).toReversed();
}

const document = async (): Promise<string> =>
  (
    await office.ask<{ reviewPack: { document: string } }>(
      '{ reviewPack(scope: { portfolio: true }, currency: "EUR", since: "2026-03-02T08:00:00Z") { document(form: MARKDOWN) } }',
    )
  ).reviewPack.document;

const idOf = async (name: string): Promise<string | undefined> =>
  (
    await office.ask<{ people: { nodes: { id: string }[] } }>(
      `{ people(filter: { name: { eq: "${name}" } }) { nodes { id } } }`,
    )
  ).people.nodes[0]?.id;

test('whom the source names is told where the hub knows that person, and made the record where they gave it its first value', async () => {
  const known = { id: await idOf(kanaria.name), name: kanaria.name };
  expect(await movements('Vault')).toEqual([
    { after: 'Offer', by: 'crm', person: known },
    { after: 'Contract', by: 'crm', person: null },
    { after: 'Signing', by: 'crm', person: null },
    { after: null, by: 'crm', person: known },
  ]);
  const page = await document();
  expect(page).toContain(`| 2026-03-04 08:00 UTC | Vault | stage | Lead | Offer | ${kanaria.name} |`);
  expect(page).toContain('| 2026-03-04 09:00 UTC | Vault | stage | Offer | Contract | crm |');
});

test('the history of a record says it too', async () => {
  const { opportunities } = await office.ask<{ opportunities: { nodes: { history: { nodes: unknown } }[] } }>(
    '{ opportunities(first: 1, filter: { name: { eq: "Vault" } }) { nodes { history(first: 10) { nodes { operation changes { field person { name } } } } } } }',
  );
  const remembered = (name: string | null) => ({
    operation: 'UPDATED',
    changes: [{ field: 'stage', person: name === null ? null : { name } }],
  });
  expect(opportunities.nodes[0]?.history.nodes).toEqual([
    { operation: 'CREATED', changes: ['name', 'state', 'projects'].map((field) => ({ field, person: null })) },
    remembered(null),
    remembered(null),
    remembered(kanaria.name),
    remembered(kanaria.name),
  ]);
});

test('as of a past instant there is what had moved by then, and who', async () => {
  const then = await movements('Vault', ', asOf: "2026-03-05T08:00:00Z"');
  expect(then).toEqual(await movements('Vault'));
  const before = await sql`select fields from past`.execute(office.hub.database.rows);
  office.clock.set(Temporal.Instant.from('2026-03-06T08:00:00Z'));
  const last = { field: 'stage', at: '2026-03-05T09:00:00Z', value: 'Won', by: 'crm-owner:77' };
  office.crm['deals']?.pages.push({ records: [moved([...stages, last])] });
  await office.hub.sync();
  expect(await sql`select fields from past`.execute(office.hub.database.rows)).not.toEqual(before);
  expect((await movements('Vault')).at(-1)).toMatchObject({ after: 'Won', person: { name: kanaria.name } });
  expect(await movements('Vault', ', asOf: "2026-03-05T08:30:00Z"')).toEqual(then);
});

test('somebody who is learnt of later is named from then on, and goes by another name once they turn out to be another', async () => {
  const contract = async () => (await movements('Vault')).find(({ after }) => after === 'Contract')?.person;
  const kept = () => sql`select xmin::text, fields from past order by entity_id`.execute(office.hub.database.rows);
  const before = await kept();
  const user = (more: string[]) => ({ records: [rawRecord('501', ['crm-user:501', ...more], { name: 'Lea' })] });
  office.crm['owners']?.pages.push(user([]));
  await office.hub.sync();
  expect(await contract()).toEqual({ id: await idOf('Lea'), name: 'Lea' });
  const lund = rawRecord('lund', ['email:lea@x.com'], { name: 'Lea Lund', email: 'lea@x.com' });
  office.tracker['people']?.pages.push({ records: [lund] });
  await office.hub.sync();
  office.crm['owners']?.pages.push(user(['email:lea@x.com']));
  await office.hub.sync();
  const { people } = await office.ask<{ people: { nodes: { id: string; name: string }[] } }>(
    '{ people(filter: { email: { eq: "lea@x.com" } }) { nodes { id name } } }',
  );
  expect(people.nodes).toHaveLength(1);
  expect(await contract()).toEqual(people.nodes[0]);
  expect(await kept()).toEqual(before);
});

test('a key that decided is the person whose address or name it bears, and nobody where two bear it', async () => {
  const { projects } = await office.ask<{ projects: { nodes: { id: string }[] } }>(
    '{ projects(filter: { name: { eq: "Rollout" } }) { nodes { id } } }',
  );
  const namesakes = ['Max', 'Max'].map((name, index) => rawRecord(`max${index}`, [`max:${index}`], { name }));
  office.tracker['people']?.pages.push({ records: namesakes });
  await office.hub.sync();
  for (const actor of [kanaria.email.toUpperCase(), 'Grace', 'Max', 'report-tool'])
    await office.asKey(
      actor,
      `mutation { captureChangeRequest(project: "${projects.nodes[0]?.id}", title: "By ${actor}") { __typename } }`,
    );
  const { reviewPack } = await office.ask<{
    reviewPack: { movements: { by: string; person: { name: string } | null }[] };
  }>(
    `{ reviewPack(scope: { portfolio: true }, lens: DELIVERY, currency: "EUR", since: "2026-03-02T08:00:00Z") {
      movements(first: 100) { by operation person { name } record { ... on ChangeRequest { title } } } } }`,
  );
  const who = reviewPack.movements.map(({ by, person }) => [by, person?.name ?? null]);
  expect(who).toEqual(
    expect.arrayContaining([
      [kanaria.email.toUpperCase(), kanaria.name],
      ['Grace', 'Grace'],
      ['Max', null],
      ['report-tool', null],
    ]),
  );
});

test('of somebody who was erased no key is kept, and nothing brings one back: it was somebody without a name', async () => {
  const id = await idOf(kanaria.name);
  const left = async () => (await tablesWith(office.hub.database, ['crm-owner:77'])).toSorted();
  expect(await left()).toEqual(['facet', 'identity', 'past', 'record_payload']);
  await office.ask(`mutation { erasePerson(person: "${id}", reason: "request 19") { __typename } }`);
  const nameless = { after: 'Offer', by: 'crm', person: { id, name: null } };
  const isForgotten = async (): Promise<void> => {
    // The deal's own payload goes on naming the short id, which names nobody.
    expect(await left()).toEqual(['record_payload']);
    expect(await movements('Vault')).toContainEqual(nameless);
    expect(await document()).toContain('| 2026-03-04 08:00 UTC | Vault | stage | Lead | Offer | crm |');
  };
  await isForgotten();
  await sql`update facet set custom_fields = '{"mapped": "otherwise"}' where local_id = 'self'`.execute(
    office.hub.database.rows,
  );
  await office.hub.remap();
  await isForgotten();
  const again = { field: 'stage', at: '2026-03-06T07:00:00Z', value: 'Paid', by: 'crm-owner:77' };
  office.crm['deals']?.pages.push({ records: [moved([...stages, again])] });
  await office.hub.sync();
  await isForgotten();
  expect((await movements('Vault')).at(-1)).toMatchObject({ after: 'Paid', person: { id, name: null } });
});
