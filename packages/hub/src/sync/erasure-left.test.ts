import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { openErasableOffice, type ErasableOffice } from '../../test/erasable-office.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { tablesWith } from '../../test/search.ts';
import { readDrift, writeDrift } from '../sources/drift.store.ts';

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

test('what people wrote here is theirs: it is counted and stays, and whom it is about is somebody nobody can name', async () => {
  const { people } = await office.ask<{ people: { nodes: { id: string }[] } }>(
    '{ people(filter: { email: { eq: "grace@x.com" } }) { nodes { id } } }',
  );
  const { opportunities } = await office.ask<{ opportunities: { nodes: { id: string }[] } }>(
    '{ opportunities(first: 1, filter: { name: { eq: "Archive" } }) { nodes { id } } }',
  );
  const [grace, deal] = [people.nodes[0]?.id, opportunities.nodes[0]?.id];
  await office.ask(
    `mutation { checkIn(subject: "${deal}", perspective: SELLER, text: "As grace@x.com says", author: "${grace}") { __typename } }`,
  );
  await office.ask(
    `mutation { raiseObstacle(subject: "${deal}", point: { title: "grace@x.com is away", owner: "${grace}" }) { __typename } }`,
  );
  const owned = () => office.ask('{ obstacles(first: 5) { nodes { title owner { id } } } }');
  const before = await owned();
  expect(before).toEqual({ obstacles: { nodes: [{ title: 'grace@x.com is away', owner: { id: grace } }] } });
  const { erasePerson } = await office.ask<{ erasePerson: { data: { leftAlone: unknown } } }>(
    `mutation { erasePerson(person: "${grace}", reason: "request 15") { ... on ErasePersonSuccess { data { leftAlone { what rows } } } } }`,
  );
  expect(erasePerson.data.leftAlone).toEqual(
    expect.arrayContaining([
      { what: 'opportunity_view', rows: 1 },
      { what: 'own record', rows: 1 },
    ]),
  );
  // The title of the obstacle, and no key of hers.
  expect([await tablesWith(office.hub.database, ['email:grace']), await owned()]).toEqual([[], before]);
  expect(await tablesWith(office.hub.database, ['grace@x.com'])).toEqual([
    'facet',
    'obstacle',
    'opportunity_view',
    'record_payload',
    'version',
  ]);
});

test('whoever has the same name keeps it, in their own record and in texts, until nobody is left who has it', async () => {
  const robin = (at: string) => rawRecord(at, [`email:${at}`], { name: 'Robin Hale', email: at, role: 'Tester' });
  office.tracker['people']?.pages.push({ records: [robin('robin@x.com'), robin('hale@x.com')] });
  office.tracker['items']?.pages.push({
    records: [rawRecord('11', ['item:11'], { title: 'Ask Robin Hale, robin@x.com', project: 'project:1' })],
  });
  await office.hub.sync();
  const seen = () =>
    office.ask<{
      people: { nodes: { id: string; name: string; email: string }[] };
      items: { nodes: { title: string }[] };
    }>(
      `{ people(filter: { role: { eq: "Tester" } }, orderBy: { field: EMAIL, direction: DESC }) { nodes { id name email } }
         items: workItems(filter: { title: { startsWith: "Ask " } }) { nodes { title } } }`,
    );
  const forget = async (id: string | undefined) =>
    office.ask<{ erasePerson: { data: { leftAlone: unknown } } }>(
      `mutation { erasePerson(person: "${id}", reason: "request 16") { ... on ErasePersonSuccess { data { leftAlone { what rows } } } } }`,
    );
  const [first, second] = (await seen()).people.nodes;
  const { erasePerson } = await forget(first?.id);
  expect(erasePerson.data.leftAlone).toEqual([{ what: 'names that somebody else has', rows: 1 }]);
  const between = await seen();
  expect(between.people.nodes.find(({ id }) => id === second?.id)).toEqual({ ...second, name: 'Robin Hale' });
  expect(between.items.nodes.map(({ title }) => title)).toContainEqual(
    expect.stringMatching(/^Ask Robin Hale, erased-\w{32}@erased.invalid$/),
  );
  await forget(second?.id);
  expect(await tablesWith(office.hub.database, ['robin', 'hale@x.com'])).toEqual([]);
});

const left = 'counts { what rows } leftAlone { what rows }';

interface Told {
  counts: { what: string; rows: number }[];
  leftAlone: { what: string; rows: number }[];
}

async function idOf(email: string): Promise<string> {
  const { people } = await office.ask<{ people: { nodes: { id: string }[] } }>(
    `{ people(filter: { email: { eq: "${email}" } }) { nodes { id } } }`,
  );
  return people.nodes[0]?.id ?? '';
}

/** What the preview told, after what was done told the same. */
async function forgotten(person: string): Promise<Told> {
  const { erasurePreview } = await office.ask<{ erasurePreview: Told }>(
    `{ erasurePreview(person: "${person}") { ${left} } }`,
  );
  const { erasePerson } = await office.ask<{ erasePerson: { data: Told } }>(
    `mutation { erasePerson(person: "${person}", reason: "request 19") { ... on ErasePersonSuccess { data { ${left} } } } }`,
  );
  expect(erasePerson.data).toEqual(erasurePreview);
  return erasurePreview;
}

test('wherever a name still stands is told: in a standard, in what accounts had, in reasons, in keys', async () => {
  office.tracker['people']?.pages.push({
    records: [rawRecord('vera', ['email:vera@x.com'], { name: 'Vera Vogel', email: 'vera@x.com' })],
  });
  office.tracker['clients']?.pages.push({
    records: [rawRecord('Vera Vogel', ['row:clients/Vera Vogel'], { name: 'VERA VOGEL', country: 'Austria' })],
  });
  await office.hub.sync();
  await office.ask(
    'mutation { publishStandard(clauses: [{ id: "mail", wants: "Vera Vogel has read it.", term: PRICE }]) { __typename } }',
  );
  const { rows } = office.hub.database;
  const finding = { path: 'people', stream: 'people', problem: 'NEW' as const, remedy: 'Add it there.' };
  await writeDrift(rows, 'crm', {
    mapping: '',
    lookedAt: office.clock.now().toString(),
    accepted: { people: ['Vera Vogel', 'Uhu'] },
    findings: [{ ...finding, message: 'people says nothing of the option "Vera Vogel" (7), which is new.' }],
  });
  await sql`
    insert into project_link (opportunity_id, project_id, status, origin, score, reasons)
    select opportunity.id, project.id, 'SUGGESTED', 'LIKENESS', 0.5, '["Both are of Vera Vogel."]'::jsonb
    from opportunity cross join project limit 1`.execute(rows);
  const { counts, leftAlone } = await forgotten(await idOf('vera@x.com'));
  expect(leftAlone).toEqual([
    { what: 'identity', rows: 1 },
    { what: 'project_link', rows: 1 },
    { what: 'record', rows: 1 },
    { what: 'source_drift', rows: 1 },
    { what: 'sow_standard', rows: 1 },
  ]);
  expect(counts).toEqual(
    expect.arrayContaining([
      { what: 'clients named like it', rows: 1 },
      { what: 'sentences that quote it', rows: 1 },
    ]),
  );
  const drift = await readDrift(rows, 'crm');
  expect(drift?.accepted).toEqual({ people: ['Vera Vogel', 'Uhu'] });
  expect(drift?.findings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^people says nothing of the option "erased person [0-9a-f]{8}" \(7\), which is new\.$/),
  ]);
  // What is told is all there is, but for facets, which lead by the same keys.
  expect(await tablesWith(office.hub.database, ['vera vogel'])).toEqual([
    'facet',
    ...leftAlone.map(({ what }) => what),
  ]);
});

test('a client who goes by the same one word keeps it, and is told', async () => {
  office.tracker['people']?.pages.push({
    records: [rawRecord('xenia', ['email:x@x.com'], { name: 'Xenia', email: 'x@x.com' })],
  });
  office.tracker['clients']?.pages.push({
    records: [
      rawRecord('17', ['client:17'], { name: 'xenia' }),
      rawRecord('xenia-ag', ['client:xenia-ag'], { name: 'Xenia AG' }),
    ],
  });
  await office.hub.sync();
  const { leftAlone } = await forgotten(await idOf('x@x.com'));
  expect(leftAlone).toEqual([{ what: 'clients named alike', rows: 1 }]);
  expect(
    await office.ask(
      '{ clients(orderBy: { field: NAME }, filter: { name: { contains: "enia" } }) { nodes { name } } }',
    ),
  ).toEqual({ clients: { nodes: [{ name: 'Xenia AG' }, { name: 'xenia' }] } });
});
