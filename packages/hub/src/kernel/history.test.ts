import { manualClock, silentLogger, type ManualClock, type RawRecord } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, type Script } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

let database: TestDatabase;
let clock: ManualClock;
let crm: Script;
let register: Script;
let hub: Hub;
let api: Api;

async function open(prefix = ''): Promise<void> {
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    sources: [
      { id: 'crm', connector: memoryConnector('hubspot', crm), config: { prefix }, secrets: {} },
      { id: 'register', connector: memoryConnector('google-sheets', register), config: {}, secrets: {} },
    ],
  });
  api = createApi(hub);
}

beforeEach(async () => {
  database = await emptyDatabase({ durable: false });
  clock = manualClock('2026-03-10T00:00:00Z');
  crm = {
    people: { kind: 'person', pages: [{ records: [] }] },
    deals: { kind: 'opportunity', pages: [{ records: [] }] },
  };
  register = { rows: { kind: 'opportunity', pages: [{ records: [] }] } };
});

afterEach(async () => {
  await hub.close();
  await database.drop();
});

async function ask(query: string, variables: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const answer = JSON.parse(JSON.stringify(await api.query(query, variables)));
  expect(answer.errors).toBeUndefined();
  return answer.data;
}

async function rows(statement: string): Promise<unknown[]> {
  return (await sql<unknown>`${sql.raw(statement)}`.execute(hub.database.rows)).rows;
}

/** Brings records at a time, as the next page of a stream. */
async function bring(at: string, stream: string, records: RawRecord[], deleted: string[] = []): Promise<void> {
  const script = stream in crm ? crm : register;
  script[stream]?.pages.push({ records, deletes: deleted.map((id) => ({ id, at: null })) });
  clock.set(Temporal.Instant.from(at));
  const reports = await hub.sync({ sourceId: script === crm ? 'crm' : 'register', stream });
  expect(reports.map((report) => report.status)).toEqual(['SUCCEEDED']);
}

function person(id: string, name: string, keys: string[] = []): RawRecord {
  return { id, changedAt: null, payload: { keys: [`owner:${id}`, ...keys], fields: { name } } };
}

const eur = (amount: string) => ({ amount, currency: 'EUR' });

/** A deal of January and February, first seen in March: it moved on, became dearer and went from Ada to Bob. */
const portal = {
  id: '1',
  changedAt: '2026-02-20T00:00:00Z',
  payload: {
    keys: ['deal:1'],
    fields: {
      name: 'Portal',
      stage: 'Contract',
      state: 'NEGOTIATING',
      amount: eur('500'),
      owner: 'owner:bob',
      createdAt: '2026-01-05T00:00:00Z',
      nextStep: 'Sign',
    },
    history: [
      { field: 'stage', at: '2026-01-05T00:00:00Z', value: 'Lead' },
      { field: 'state', at: '2026-01-05T00:00:00Z', value: 'QUALIFYING' },
      { field: 'owner', at: '2026-01-05T00:00:00Z', value: 'owner:ada' },
      { field: 'amount', at: '2026-01-15T00:00:00Z', value: eur('300') },
      { field: 'owner', at: '2026-02-01T00:00:00Z', value: 'owner:bob' },
      { field: 'stage', at: '2026-02-10T00:00:00Z', value: 'Contract' },
      { field: 'state', at: '2026-02-10T00:00:00Z', value: 'NEGOTIATING' },
      { field: 'amount', at: '2026-02-20T00:00:00Z', value: eur('500') },
    ],
  },
};

const asOf = `query ($at: Instant!) { opportunities(asOf: $at) {
  totalCount nodes { name stage state amount { amount } owner { name } nextStep knownSince firstSeenAt } } }`;

test('what a source remembers is there at any instant, also before the hub first saw it', async () => {
  await open();
  await bring('2026-03-01T00:00:00Z', 'people', [person('ada', 'Ada'), person('bob', 'Bob')]);
  await bring('2026-03-01T00:00:00Z', 'deals', [portal]);
  clock.set(Temporal.Instant.from('2026-03-10T00:00:00Z'));
  expect(await ask(asOf, { at: '2026-01-04T23:59:59Z' })).toEqual({ opportunities: { totalCount: 0, nodes: [] } });
  const rest = {
    name: 'Portal',
    nextStep: 'Sign',
    knownSince: '2026-02-20T00:00:00Z',
    firstSeenAt: '2026-03-01T00:00:00Z',
  };
  const lead = { stage: 'Lead', state: 'QUALIFYING' };
  const contract = { stage: 'Contract', state: 'NEGOTIATING' };
  for (const [at, was] of [
    ['2026-01-05T00:00:00Z', { ...lead, amount: null, owner: { name: 'Ada' } }],
    ['2026-01-15T00:00:00Z', { ...lead, amount: { amount: '300' }, owner: { name: 'Ada' } }],
    ['2026-02-05T12:00:00Z', { ...lead, amount: { amount: '300' }, owner: { name: 'Bob' } }],
    ['2026-02-10T00:00:00Z', { ...contract, amount: { amount: '300' }, owner: { name: 'Bob' } }],
    ['2026-02-20T00:00:00Z', { ...contract, amount: { amount: '500' }, owner: { name: 'Bob' } }],
    ['2026-03-10T00:00:00Z', { ...contract, amount: { amount: '500' }, owner: { name: 'Bob' } }],
  ] as const) {
    expect(await ask(asOf, { at })).toEqual({ opportunities: { totalCount: 1, nodes: [{ ...rest, ...was }] } });
  }
});

test('filters, order, counts and nested lists hold as of then', async () => {
  await open();
  const second = {
    id: '2',
    changedAt: '2026-01-10T00:00:00Z',
    payload: {
      keys: ['deal:2'],
      fields: { name: 'App', state: 'QUALIFYING', amount: eur('400'), owner: 'owner:ada' },
      history: [
        { field: 'amount', at: '2026-01-10T00:00:00Z', value: eur('400') },
        { field: 'owner', at: '2026-01-10T00:00:00Z', value: 'owner:ada' },
      ],
    },
  };
  await bring('2026-03-01T00:00:00Z', 'people', [person('ada', 'Ada'), person('bob', 'Bob')]);
  await bring('2026-03-01T00:00:00Z', 'deals', [portal, second]);
  const query = `query ($at: Instant!) {
    dear: opportunities(asOf: $at, filter: { amount: { gte: "350", currency: "EUR" } }) { totalCount nodes { name } }
    ordered: opportunities(asOf: $at, first: 1, orderBy: { field: AMOUNT, direction: DESC }) { nodes { name } pageInfo { endCursor hasNextPage } }
    people(orderBy: { field: NAME }) { nodes { name opportunities(asOf: $at, orderBy: { field: NAME }) { totalCount nodes { name } } } } }`;
  const then = await ask(query, { at: '2026-01-20T00:00:00Z' });
  expect(then).toMatchObject({
    dear: { totalCount: 1, nodes: [{ name: 'App' }] },
    ordered: { nodes: [{ name: 'App' }], pageInfo: { hasNextPage: true } },
    people: {
      nodes: [
        { name: 'Ada', opportunities: { totalCount: 2, nodes: [{ name: 'App' }, { name: 'Portal' }] } },
        { name: 'Bob', opportunities: { totalCount: 0, nodes: [] } },
      ],
    },
  });
  const { endCursor } = (then['ordered'] as { pageInfo: { endCursor: string } }).pageInfo;
  expect(
    await ask(
      `query ($at: Instant!, $after: String) { opportunities(asOf: $at, after: $after, orderBy: { field: AMOUNT, direction: DESC }) { nodes { name } } }`,
      { at: '2026-01-20T00:00:00Z', after: endCursor },
    ),
  ).toEqual({ opportunities: { nodes: [{ name: 'Portal' }] } });
  expect(await ask(query, { at: '2026-02-25T00:00:00Z' })).toMatchObject({
    dear: { totalCount: 2 },
    ordered: { nodes: [{ name: 'Portal' }] },
    people: { nodes: [{ opportunities: { totalCount: 1 } }, { opportunities: { totalCount: 1 } }] },
  });
});

test('a value without a history of its own is right from the first sync on, whoever was heard late', async () => {
  await open();
  await bring('2026-03-01T00:00:00Z', 'deals', [
    { id: '1', changedAt: '2026-02-01T00:00:00Z', payload: { keys: ['deal:1'], fields: { name: 'Old name' } } },
  ]);
  await bring('2026-03-02T00:00:00Z', 'deals', [
    { id: '1', changedAt: '2026-03-01T12:00:00Z', payload: { keys: ['deal:1'], fields: { name: 'New name' } } },
  ]);
  await bring('2026-03-03T00:00:00Z', 'rows', [
    { id: 'r', changedAt: '2026-03-01T06:00:00Z', payload: { keys: ['deal:1'], fields: { nextStep: 'Call' } } },
  ]);
  for (const [at, was] of [
    ['2026-01-01T00:00:00Z', []],
    ['2026-02-01T00:00:00Z', [{ name: 'Old name', nextStep: null }]],
    ['2026-03-01T07:00:00Z', [{ name: 'Old name', nextStep: 'Call' }]],
    ['2026-03-01T12:00:00Z', [{ name: 'New name', nextStep: 'Call' }]],
  ] as const) {
    const { opportunities } = await ask(`{ opportunities(asOf: "${at}") { nodes { name nextStep } } }`);
    expect(opportunities).toEqual({ nodes: was });
  }
});

test('what was deleted is there before its deletion, gone after it, and there again once it is restored', async () => {
  await open();
  const deal = { id: '1', changedAt: null, payload: { keys: ['deal:1'], fields: { name: 'Portal' } } };
  await bring('2026-03-01T00:00:00Z', 'deals', [deal]);
  await bring('2026-03-02T00:00:00Z', 'deals', [], ['1']);
  await bring('2026-03-03T00:00:00Z', 'deals', [{ ...deal, changedAt: '2026-01-01T00:00:00Z' }]);
  const count = async (list: string) => (await ask(`{ opportunities(${list}) { totalCount } }`))['opportunities'];
  expect(await count('asOf: "2026-02-28T00:00:00Z", includeDeleted: true')).toEqual({ totalCount: 0 });
  expect(await count('asOf: "2026-03-01T12:00:00Z"')).toEqual({ totalCount: 1 });
  expect(await count('asOf: "2026-03-02T12:00:00Z"')).toEqual({ totalCount: 0 });
  expect(await count('asOf: "2026-03-02T12:00:00Z", includeDeleted: true')).toEqual({ totalCount: 1 });
  expect(await count('asOf: "2026-03-03T00:00:00Z"')).toEqual({ totalCount: 1 });
});

test('what turned out to be one is two before that, and references of before lead to what is left', async () => {
  await open();
  await bring('2026-03-01T00:00:00Z', 'people', [person('ada', 'Ada'), person('al', 'A. Lovelace')]);
  const sold = (id: string, by: string, changedAt: string) => ({
    id,
    changedAt,
    payload: { ...portal.payload, keys: [`deal:${id}`], fields: { name: `Deal ${id}`, owner: by }, history: [] },
  });
  await bring('2026-03-01T00:00:00Z', 'deals', [
    sold('1', 'owner:ada', '2026-02-01T00:00:00Z'),
    sold('2', 'owner:al', '2026-02-01T00:00:00Z'),
  ]);
  await bring('2026-03-02T00:00:00Z', 'deals', [
    {
      ...sold('2', 'owner:al', '2026-03-01T12:00:00Z'),
      payload: { keys: ['deal:2'], fields: { name: 'Renamed', owner: 'owner:al' } },
    },
  ]);
  await bring('2026-03-03T00:00:00Z', 'people', [person('al', 'A. Lovelace', ['owner:ada'])]);
  const people = async (at: string) => (await ask(`{ people(asOf: "${at}") { totalCount } }`))['people'];
  expect(await people('2026-03-02T00:00:00Z')).toEqual({ totalCount: 2 });
  expect(await people('2026-03-03T00:00:00Z')).toEqual({ totalCount: 1 });
  expect(
    await ask(
      '{ people { nodes { opportunities(asOf: "2026-03-01T00:00:00Z", orderBy: { field: NAME }) { nodes { name owner { name } } } } } }',
    ),
  ).toMatchObject({ people: { nodes: [{ opportunities: { nodes: [{ name: 'Deal 1' }, { name: 'Deal 2' }] } }] } });
});

test('the past of one that was merged away goes with it, and its survivor tells what counts', async () => {
  await open();
  const told = (id: string, keys: string[], at: string) => ({
    id,
    changedAt: at,
    payload: { keys, fields: { name: id, stage: 'Lead' }, history: [{ field: 'stage', at, value: 'Lead' }] },
  });
  await bring('2026-03-01T00:00:00Z', 'deals', [
    told('1', ['deal:1'], '2026-02-01T00:00:00Z'),
    told('2', ['deal:2'], '2026-02-02T00:00:00Z'),
  ]);
  expect(await rows('select count(*)::int as n from past')).toEqual([{ n: 2 }]);
  await bring('2026-03-02T00:00:00Z', 'deals', [told('2', ['deal:2', 'deal:1'], '2026-02-03T00:00:00Z')]);
  expect(
    await rows(
      `select fields->'stage'->'values' as values from past join opportunity on entity_id = id and deleted_at is null`,
    ),
  ).toEqual([{ values: [['2026-02-03T00:00:00Z', 'Lead']] }]);
  expect(await rows('select count(*)::int as n from past')).toEqual([{ n: 1 }]);
});

test('a history that arrives late or in another form replaces the one before, and an unchanged poll writes nothing', async () => {
  await open();
  await bring('2026-03-01T00:00:00Z', 'deals', [{ ...portal, payload: { ...portal.payload, history: [] } }]);
  expect(await rows('select 1 from past')).toEqual([]);
  const versions = await rows('select seq from version');
  await bring('2026-03-02T00:00:00Z', 'deals', [portal]);
  expect(await rows('select seq from version')).toEqual(versions);
  expect(await rows(`select kind, since::text, until::text, fields->'owner'->>'source' as source from past`)).toEqual([
    { kind: 'opportunity', since: '2026-01-05 00:00:00+00', until: '2026-02-20 00:00:00+00', source: 'crm' },
  ]);
  const marks = await rows('select xmin::text from past');
  await bring('2026-03-03T00:00:00Z', 'deals', [portal]);
  await bring('2026-03-03T00:00:00Z', 'deals', [
    { ...portal, payload: { ...portal.payload, fields: { ...portal.payload.fields, nextStep: 'Wait' } } },
  ]);
  expect(await rows('select xmin::text from past')).toEqual(marks);
  await bring('2026-03-04T00:00:00Z', 'deals', [{ ...portal, payload: { ...portal.payload, history: [] } }]);
  expect(await rows('select 1 from past')).toEqual([]);
});

test('a remap replaces what is remembered, without asking the vendor', async () => {
  await database.drop();
  database = await emptyDatabase({ durable: true });
  await open();
  const history = [
    { field: 'name', at: '2026-01-01T00:00:00Z', value: 'Alfa' },
    { field: 'name', at: '2026-02-01T00:00:00Z', value: 'Beta' },
  ];
  await bring('2026-03-01T00:00:00Z', 'deals', [
    { id: '1', changedAt: '2026-02-01T00:00:00Z', payload: { keys: ['deal:1'], fields: { name: 'Beta' }, history } },
  ]);
  await hub.close();
  await open('New: ');
  await hub.remap({ sourceId: 'crm', stream: 'deals' });
  const names = async (at: string) => ask(`{ opportunities(asOf: "${at}") { nodes { name } } }`);
  expect(await names('2026-01-15T00:00:00Z')).toEqual({ opportunities: { nodes: [{ name: 'New: Alfa' }] } });
  expect(await names('2026-02-15T00:00:00Z')).toEqual({ opportunities: { nodes: [{ name: 'New: Beta' }] } });
});

test('a database of before this was kept gets its past at the next poll', async () => {
  await open();
  await bring('2026-03-01T00:00:00Z', 'deals', [portal]);
  const before = await rows('select entity_id, since, until, fields from past');
  const versions = await rows('select seq from version');
  await rows('delete from past');
  await rows(`update facet set history = '[]'`);
  await rows(`update stream_cursor set mapping = ''`);
  await hub.sync({ sourceId: 'crm' });
  expect(await rows('select entity_id, since, until, fields from past')).toEqual(before);
  expect(await rows('select seq from version')).toEqual(versions);
});

test('a past value that cannot be read sends its record to quarantine, like a present one', async () => {
  await open();
  const history = [{ field: 'closeDate', at: '2026-01-01T00:00:00Z', value: 'soon' }];
  crm['deals']?.pages.push({ records: [{ ...portal, payload: { ...portal.payload, history } }] });
  const [report] = await hub.sync({ sourceId: 'crm', stream: 'deals' });
  expect(report).toMatchObject({ status: 'PARTIAL', counts: { quarantined: 1 } });
  expect(report?.warnings[0]).toContain('history.0.value');
});

test('the history of an entity has what its source remembers in its place, each change once, newest first', async () => {
  await open();
  await bring('2026-03-01T00:00:00Z', 'people', [person('ada', 'Ada'), person('bob', 'Bob')]);
  await bring('2026-03-01T00:00:00Z', 'deals', [portal]);
  const { history, fields } = portal.payload;
  await bring('2026-03-05T00:00:00Z', 'deals', [
    {
      ...portal,
      changedAt: '2026-03-04T00:00:00Z',
      payload: {
        ...portal.payload,
        fields: { ...fields, stage: 'Won', state: 'WON', nextStep: null },
        history: [
          ...history,
          { field: 'stage', at: '2026-03-02T00:00:00Z', value: 'Won' },
          { field: 'state', at: '2026-03-02T00:00:00Z', value: 'WON' },
        ],
      },
    },
  ]);
  const entries =
    'nodes { validFrom seenAt operation source changes { field before after } } pageInfo { endCursor hasNextPage }';
  const { opportunities } = (await ask(
    `{ opportunities { nodes { id owner { id } history(first: 3) { totalCount ${entries} } } } }`,
  )) as {
    opportunities: {
      nodes: {
        id: string;
        owner: { id: string };
        history: { totalCount: number; nodes: unknown[]; pageInfo: { endCursor: string } };
      }[];
    };
  };
  const [deal] = opportunities.nodes;
  expect(deal?.history).toMatchObject({
    totalCount: 7,
    nodes: [
      {
        validFrom: '2026-03-04T00:00:00Z',
        seenAt: '2026-03-05T00:00:00Z',
        operation: 'UPDATED',
        source: 'crm',
        changes: [{ field: 'nextStep', before: 'Sign', after: null }],
      },
      {
        validFrom: '2026-03-02T00:00:00Z',
        seenAt: '2026-03-05T00:00:00Z',
        operation: 'UPDATED',
        changes: [
          { field: 'stage', before: 'Contract', after: 'Won' },
          { field: 'state', before: 'NEGOTIATING', after: 'WON' },
        ],
      },
      {
        validFrom: '2026-02-20T00:00:00Z',
        seenAt: '2026-03-01T00:00:00Z',
        operation: 'CREATED',
        changes: expect.arrayContaining([
          { field: 'name', before: null, after: 'Portal' },
          { field: 'amount', before: eur('300'), after: eur('500') },
        ]),
      },
    ],
    pageInfo: { hasNextPage: true },
  });
  const page = await ask(
    `query ($id: ID!, $after: String) { node(id: $id) { ... on Opportunity { history(after: $after) { ${entries} } } } }`,
    {
      id: deal?.id,
      after: deal?.history.pageInfo.endCursor,
    },
  );
  expect(page).toMatchObject({
    node: {
      history: {
        nodes: [
          { validFrom: '2026-02-10T00:00:00Z', seenAt: '2026-03-01T00:00:00Z' },
          {
            validFrom: '2026-02-01T00:00:00Z',
            changes: [{ field: 'owner', before: expect.any(String), after: deal?.owner.id }],
          },
          { validFrom: '2026-01-15T00:00:00Z', seenAt: null, changes: [{ field: 'amount', before: null }] },
          {
            validFrom: '2026-01-05T00:00:00Z',
            changes: [{ field: 'stage', before: null }, { field: 'state' }, { field: 'owner' }],
          },
        ],
        pageInfo: { hasNextPage: false },
      },
    },
  });
});

test('an instant that is still to come is refused with the argument’s name', async () => {
  await open();
  for (const query of [
    '{ opportunities(asOf: "2026-03-10T00:00:01Z") { totalCount } }',
    '{ projects(asOf: "2027-01-01T00:00:00Z") { nodes { name } } }',
  ]) {
    const { errors } = await api.query(query);
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'BAD_INPUT', argument: 'asOf' });
  }
});
