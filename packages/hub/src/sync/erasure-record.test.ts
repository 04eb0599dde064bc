import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { openErasableOffice, type ErasableOffice } from '../../test/erasable-office.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { tablesWith } from '../../test/search.ts';

let database: TestDatabase;
let office: ErasableOffice;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  office = await openErasableOffice(database);
}, 60_000);

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

test('a record that is erased is gone from the entity and from its past; what another source says of it stays', async () => {
  const heron = (fields: object) => rawRecord('6', ['deal:portal', 'crm-deal:6'], { state: 'PROPOSED', ...fields });
  const deals = office.crm['deals']?.pages;
  deals?.push({
    records: [
      heron({ name: 'Heron rollout', amount: { amount: '123456', currency: 'EUR' }, nextStep: 'Call Mr Heron' }),
    ],
  });
  await office.hub.sync();
  office.clock.advance(60_000);
  deals?.push({ records: [heron({ name: 'Heron rollout, smaller', amount: { amount: '99000', currency: 'EUR' } })] });
  await office.hub.sync();
  const portal = () =>
    office.ask<{ opportunities: { nodes: { id: string; name: string }[] } }>(
      `{ opportunities(first: 2, filter: { closeDate: { eq: "2026-03-20" } }) { nodes { id name nextStep amount { amount } owner { id } history { nodes { changes { field after } } } provenance { source } } }
       earlier: opportunities(first: 2, asOf: "${office.clock.now().subtract({ seconds: 30 }).toString()}", filter: { closeDate: { eq: "2026-03-20" } }) { nodes { name amount { amount } } } }`,
    );
  expect(await portal()).toMatchObject({
    opportunities: { nodes: [{ name: 'Heron rollout, smaller' }] },
    earlier: { nodes: [{ name: 'Heron rollout' }] },
  });
  expect(await tablesWith(office.hub.database, ['heron'])).toEqual([
    'facet',
    'opportunity',
    'record_payload',
    'version',
  ]);
  const erased = await office.ask<{ eraseRecord: unknown }>(
    `mutation { eraseRecord(source: "crm", stream: "deals", recordId: "6", reason: "request 13") { ... on Error { message } ... on EraseRecordSuccess { data { records { source stream } } } } }`,
  );
  expect(erased).toEqual({ eraseRecord: { data: { records: [{ source: 'crm', stream: 'deals' }] } } });
  const after = await portal();
  expect(after).toMatchObject({
    opportunities: { nodes: [{ name: 'Portal', nextStep: null, amount: { amount: '100000' } }] },
    earlier: { nodes: [{ name: 'Portal', amount: { amount: '100000' } }] },
  });
  expect(JSON.stringify(after)).not.toMatch(/Heron|123456|99000|crm/);
  expect(await tablesWith(office.hub.database, ['heron', '123456', 'crm-deal:6'])).toEqual([]);
  const again =
    'mutation { eraseRecord(source: "crm", stream: "deals", recordId: "6", reason: "again") { ... on Error { message } } }';
  expect(await office.ask(again)).toEqual({ eraseRecord: { message: 'This record was erased before.' } });
});

test('a record of which nobody else says anything leaves an entity without a word, and those that refer to it', async () => {
  const { opportunities } = await office.ask<{ opportunities: { nodes: { id: string; name: string }[] } }>(
    '{ opportunities { nodes { id name } } }',
  );
  const renewal = opportunities.nodes.find(({ name: called }) => called.startsWith('Renewal'));
  office.crm['deals']?.pages.push({
    records: [rawRecord('8', ['deal:crm8'], { name: 'Renewal of the renewal', state: 'WON' })],
  });
  office.tracker['projects']?.pages.push({
    records: [rawRecord('2', ['project:2'], { name: 'Renewing', status: 'ACTIVE', opportunities: ['deal:crm5'] })],
  });
  await office.hub.sync();
  await office.ask(
    'mutation { eraseRecord(source: "crm", stream: "deals", recordId: "5", reason: "request 14") { __typename } }',
  );
  // The project's own payload goes on naming the id, which names nobody.
  expect([
    await tablesWith(office.hub.database, ['Renewal,']),
    await tablesWith(office.hub.database, ['deal:crm5']),
  ]).toEqual([[], ['record_payload']]);
  expect(
    await office.ask(`{ node(id: "${renewal?.id}") { ... on Opportunity { name state owner { id } deletedAt history { nodes { changes { field } } } } }
    projects(filter: { name: { eq: "Renewing" } }) { nodes { opportunities(includeDeleted: true) { nodes { id name } } } } }`),
  ).toMatchObject({
    node: { name: null, state: null, owner: null, deletedAt: office.clock.now().toString() },
    projects: { nodes: [{ opportunities: { nodes: [{ id: renewal?.id, name: null }] } }] },
  });
});
