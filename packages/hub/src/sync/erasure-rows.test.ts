import { sql } from 'kysely';
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

test('a row that is found by an address stays the same row: it is neither lost nor doubled, nor says the address again', async () => {
  const at = 'dora@x.com';
  const rows = [
    rawRecord(`${at}|2026`, [`row:rates/${at}|2026`], {
      person: `row:people/${at}`,
      billRate: { amount: '77', currency: 'EUR' },
      validFrom: '2026-01-01',
    }),
  ];
  const quota = {
    records: [rawRecord(at, [`row:people/${at}`], { name: 'Dora Quill', email: at, role: 'Writer' })],
  };
  office.tracker['people']?.pages.push(quota);
  const allIds = ['1', ...rows.map(({ id }) => id)];
  office.tracker['rates']?.pages.push({ records: rows, allIds });
  await office.hub.sync();
  const rates = () =>
    office.ask<{ rates: { nodes: { id: string; person: { id: string } }[] } }>(
      '{ rates(filter: { validFrom: { eq: "2026-01-01" } }) { nodes { id billRate { amount } person { id role } } } }',
    );
  const before = await rates();
  const dora = before.rates.nodes
    .map(({ person }) => person)
    .find((person) => 'role' in person && person.role === 'Writer');
  expect(before.rates.nodes).toContainEqual(expect.objectContaining({ billRate: { amount: '77' } }));
  await office.ask(`mutation { erasePerson(person: "${dora?.id}", reason: "request 17") { __typename } }`);
  expect([await tablesWith(office.hub.database, ['dora']), await rates()]).toEqual([[], before]);
  // The whole list again, a mapping of what is kept, and a census that lists the row under its own id.
  office.tracker['rates']?.pages.push({ records: rows, allIds });
  const read = (await office.hub.sync()).find(({ stream }) => stream === 'rates');
  expect(read?.counts).toMatchObject({ created: 0, changed: 0, deleted: 0 });
  await sql`update record set mapping = ''`.execute(office.hub.database.rows);
  await office.hub.remap();
  office.tracker['rates']!.census = { ids: allIds, confirm: 'DELETED' };
  await office.hub.sync({ sourceId: 'tracker', stream: 'rates', census: true });
  expect([await tablesWith(office.hub.database, ['dora']), await rates()]).toEqual([[], before]);
  // What changes in it is that row's, as is its end.
  const dearer = rawRecord(`${at}|2026`, [`row:rates/${at}|2026`], {
    person: `row:people/${at}`,
    billRate: { amount: '78', currency: 'EUR' },
    validFrom: '2026-01-01',
  });
  office.tracker['rates']?.pages.push({ records: [dearer], allIds });
  await office.hub.sync({ sourceId: 'tracker', stream: 'rates' });
  expect(await rates()).toEqual(JSON.parse(JSON.stringify(before).replace('"77"', '"78"')));
  office.tracker['rates']?.pages.push({ records: [], allIds: ['1'] });
  await office.hub.sync({ sourceId: 'tracker', stream: 'rates' });
  expect((await rates()).rates.nodes).toHaveLength(before.rates.nodes.length - 1);
});

test('rows that are keyed by names of several who were erased stay several, each of whom it was, whatever is mapped anew', async () => {
  const names = ['Ann Bolt', 'Cy Dunn'];
  const person = (called: string) =>
    rawRecord(
      called,
      [`who:${called}`, `email:${called[0]}@bolt.example`, `email:${called[0]?.toLowerCase()}@bolt.example`],
      { name: called, role: 'Binder' },
    );
  office.tracker['people']?.pages.push({ records: names.map(person) });
  office.tracker['rates']?.pages.push({
    records: names.map((called, index) =>
      rawRecord(`rate of ${called}`, [`row:rates/${called}`], {
        person: `who:${called}`,
        billRate: { amount: `${index + 200}`, currency: 'EUR' },
        validFrom: '2026-02-01',
      }),
    ),
  });
  // Two rows, by their keys.
  office.tracker['rates']?.pages.push({
    records: ['A@bolt.example', 'a@bolt.example'].map((id, index) => rawRecord(id, [`rate:bolt${index}`], {})),
  });
  await office.hub.sync();
  const rates = () =>
    office.ask<{ rates: { nodes: { id: string; person: { id: string } }[] } }>(
      '{ rates(filter: { validFrom: { eq: "2026-02-01" } }) { nodes { id billRate { amount } person { id role } } } }',
    );
  const before = await rates();
  expect(before.rates.nodes).toHaveLength(2);
  for (const { person: each } of before.rates.nodes)
    await office.ask(`mutation { erasePerson(person: "${each.id}", reason: "request 18") { __typename } }`);
  expect(await rates()).toEqual(before);
  // As after a change of the mapping, which makes every facet another one.
  await sql`update facet set custom_fields = '{"mapped": "otherwise"}' where kind = 'rate'`.execute(
    office.hub.database.rows,
  );
  await office.hub.remap();
  expect(await rates()).toEqual(before);
});
