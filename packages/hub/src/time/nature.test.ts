import { manualClock, silentLogger } from '@plumbline/connector';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord, type Script } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub, type HubOptions } from '../hub.ts';

let database: TestDatabase;
let hub: Hub;
let api: Api;
let script: Script;

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const hour = 3_600;

/** An item, and its statuses as its tracker remembers them; none where it remembers nothing. */
function item(id: string, fields: Record<string, unknown>, history: readonly (readonly [string, string])[] = []) {
  const made = rawRecord(id, [`item:${id}`], {
    project: 'project:1',
    status: history.at(-1)?.[1] ?? 'Open',
    ...fields,
  });
  const past = history.map(([at, value]) => ({ field: 'status', at, value }));
  return { ...made, payload: { ...(made.payload as object), ...(past.length > 0 ? { history: past } : {}) } };
}

const worked = (id: string, workItem: string, at: string, fields: Record<string, unknown> = {}) =>
  rawRecord(id, [`time:${id}`], {
    workItem: `item:${workItem}`,
    person: 'email:ada@x.com',
    localDate: at.slice(0, 10),
    seconds: hour,
    note: id,
    ...(at.length > 10 ? { startedAt: at } : {}),
    ...fields,
  });

const waits = [
  ['2026-03-01T08:00:00Z', 'Open'],
  ['2026-03-03T10:00:00Z', 'Waiting for customer'],
  ['2026-03-05T10:00:00Z', 'In Progress'],
] as const;

beforeEach(async () => {
  database = await emptyDatabase({ durable: false });
  script = {
    people: { kind: 'person', pages: [{ records: [rawRecord('1', ['email:ada@x.com'], { name: 'Ada' })] }] },
    clients: { kind: 'client', pages: [{ records: [rawRecord('1', ['client:1'], { name: 'Acme' })] }] },
    rates: {
      kind: 'rate',
      pages: [
        {
          records: [
            rawRecord('1', ['rate:1'], {
              person: 'email:ada@x.com',
              billRate: eur('150'),
              costRate: eur('90'),
              validFrom: '2026-03-02',
            }),
          ],
        },
      ],
    },
    projects: {
      kind: 'project',
      pages: [
        {
          records: [
            rawRecord('1', ['project:1'], { name: 'Rollout', client: 'client:1', currency: 'EUR', status: 'ACTIVE' }),
            rawRecord('2', ['project:2'], { name: 'Empty', client: 'client:1', currency: 'EUR', status: 'ACTIVE' }),
          ],
        },
      ],
    },
    items: {
      kind: 'workItem',
      pages: [
        {
          records: [
            item('moving', {}, waits),
            item('silent', { labels: ['ux', 'Client-Wait'] }),
            item('again', { labels: ['rework'] }, waits),
            item('plain', { labels: ['ux'], type: 'Bug' }),
          ],
        },
      ],
    },
    times: {
      kind: 'timeEntry',
      pages: [
        {
          records: [
            worked('before it waits', 'moving', '2026-03-03T09:59:59Z'),
            worked('as it begins to wait', 'moving', '2026-03-03T10:00:00Z'),
            worked('while it waits', 'moving', '2026-03-04T12:00:00+02:00'),
            worked('when it goes on', 'moving', '2026-03-05T10:00:00Z'),
            worked('older than the item', 'moving', '2026-02-01T10:00:00Z'),
            worked('a day on which it waits in the end', 'moving', '2026-03-03'),
            worked('a day on which it goes on in the end', 'moving', '2026-03-05'),
            worked('labelled', 'silent', '2026-03-04T10:00:00Z'),
            worked('rework', 'again', '2026-03-02T10:00:00Z'),
            worked('rework that waits', 'again', '2026-03-04T10:00:00Z'),
            worked('plain', 'plain', '2026-03-04T10:00:00Z', { seconds: 5 * hour }),
            rawRecord('itemless', ['time:itemless'], {
              project: 'project:1',
              person: 'email:ada@x.com',
              localDate: '2026-03-04',
              seconds: hour,
              note: 'on no item',
            }),
          ],
        },
      ],
    },
  };
  await open({});
  await hub.sync();
});

afterEach(async () => {
  await hub.close();
  await database.drop();
});

async function open(options: Pick<HubOptions, 'nature'>): Promise<void> {
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock: manualClock('2026-04-01T09:00:00Z'),
    sources: [{ id: 'tracker', connector: memoryConnector('jira', script), config: {}, secrets: {} }],
    ...options,
  });
  api = createApi(hub);
}

async function ask<Data>(query: string): Promise<Data> {
  const { data, errors } = await api.query(query);
  expect(errors).toBeUndefined();
  return data as Data;
}

/** What is waiting, and what is rework, by the notes. The sums say the same, be they of a project or of everything. */
async function natures(): Promise<Record<string, string[]>> {
  const { timeEntries, projects, waste } = await ask<{
    timeEntries: { nodes: { note: string; nature: string; seconds: number }[] };
    projects: { nodes: { metrics: { value: string }[] }[] };
    waste: { clientWait: { seconds: number }; rework: { seconds: number } }[];
  }>(`{
    timeEntries(first: 100) { nodes { note nature seconds } }
    projects(filter: { name: { eq: "Rollout" } }) { nodes { metrics(names: ["clientWaitTime", "reworkTime"]) { value } } }
    waste(currency: "EUR") { clientWait { seconds } rework { seconds } }
  }`);
  const byNature = Map.groupBy(timeEntries.nodes, ({ nature }) => nature);
  const seconds = (nature: string) => (byNature.get(nature) ?? []).reduce((sum, each) => sum + each.seconds, 0);
  const sums = [seconds('CLIENT_WAIT'), seconds('REWORK')];
  expect(projects.nodes[0]?.metrics.map(({ value }) => Number(value))).toEqual(sums);
  expect([waste[0]?.clientWait.seconds, waste[0]?.rework.seconds]).toEqual(sums);
  const notes = (nature: string) => (byNature.get(nature) ?? []).map(({ note }) => note).toSorted();
  return { CLIENT_WAIT: notes('CLIENT_WAIT'), REWORK: notes('REWORK') };
}

async function change(stream: string, record: Script[string]['pages'][number]['records'][number]): Promise<void> {
  script[stream]?.pages.push({ records: [record] });
  await hub.sync();
}

const waiting = [
  'a day on which it waits in the end',
  'as it begins to wait',
  'labelled',
  'rework that waits',
  'while it waits',
];

test('work is waiting while its item stood so, or when a label says so, and waiting comes before rework', async () => {
  expect(await natures()).toEqual({ CLIENT_WAIT: waiting, REWORK: ['rework'] });
});

test('a history that arrives late corrects what was told before, and a label counts for all of the time', async () => {
  await change('items', item('plain', { labels: ['ux'] }, waits));
  await change('items', item('silent', { labels: ['ux', 'rework'] }));
  expect(await natures()).toEqual({
    CLIENT_WAIT: [...waiting.filter((note) => note !== 'labelled'), 'plain'].toSorted(),
    REWORK: ['labelled', 'rework'],
  });
  await change('items', item('plain', {}, [['2026-03-01T08:00:00Z', 'Open']]));
  expect((await natures())['CLIENT_WAIT']).not.toContain('plain');
});

test('where a source keeps no history, the versions the hub saw tell', async () => {
  const at = (changedAt: string, status: string) => ({ ...item('plain', { status }), changedAt });
  await change('items', at('2026-03-04T09:00:00Z', 'WAITING for Customer'));
  await change('items', at('2026-03-04T11:00:00Z', 'Done'));
  await change('times', worked('later', 'plain', '2026-03-04T11:30:00Z'));
  await change('times', worked('earlier', 'plain', '2026-03-04T08:30:00Z'));
  expect((await natures())['CLIENT_WAIT']).toEqual([...waiting, 'plain'].toSorted());
});

test('the site says what marks work, and the past is told anew by it', async () => {
  await hub.close();
  await open({ nature: { clientWait: { labels: [], statuses: [] }, rework: { types: ['bug'], labels: [] } } });
  // What is kept in memory begins anew; on a server nothing is read again.
  await hub.sync();
  expect(await natures()).toEqual({ CLIENT_WAIT: [], REWORK: ['plain'] });
});

test('figures of a project show hours, share and money, and what has no rate beside them', async () => {
  const names = ['clientWaitTime', 'clientWaitShare', 'clientWaitPrice', 'clientWaitCost', 'unratedClientWait'];
  const { projects } = await ask<{
    projects: { nodes: { name: string; metrics: unknown[]; workByNature: unknown[] }[] };
  }>(
    `{ projects(orderBy: { field: NAME }) { nodes { name metrics(names: ${JSON.stringify([...names, 'reworkTime', 'reworkShare'])}) { value reason }
       workByNature { nature seconds entries atBillRates { amount currency } atCostRates { amount } withoutBillRate } } } }`,
  );
  const known = (value: string) => ({ value, reason: null });
  expect(projects.nodes).toEqual([
    {
      name: 'Empty',
      metrics: [
        known('0'),
        { value: null, reason: 'The worked time is 0.' },
        known('0'),
        known('0'),
        known('0'),
        known('0'),
        { value: null, reason: 'The worked time is 0.' },
      ],
      workByNature: [],
    },
    {
      name: 'Rollout',
      metrics: ['18000', '0.3125', '750', '450', '0', '3600', '0.0625'].map(known),
      workByNature: [
        {
          nature: 'WORK',
          seconds: 10 * hour,
          entries: 6,
          atBillRates: [{ amount: '1350', currency: 'EUR' }],
          atCostRates: [{ amount: '810' }],
          withoutBillRate: hour,
        },
        {
          nature: 'CLIENT_WAIT',
          seconds: 5 * hour,
          entries: 5,
          atBillRates: [{ amount: '750', currency: 'EUR' }],
          atCostRates: [{ amount: '450' }],
          withoutBillRate: 0,
        },
        {
          nature: 'REWORK',
          seconds: hour,
          entries: 1,
          atBillRates: [{ amount: '150', currency: 'EUR' }],
          atCostRates: [{ amount: '90' }],
          withoutBillRate: 0,
        },
      ],
    },
  ]);
});

test('waste by client, person and month comes to the whole, and a rate that is missing is listed', async () => {
  script['rates']?.pages.push({
    records: [rawRecord('1', ['rate:1'], { person: 'email:ada@x.com', costRate: eur('90') })],
  });
  await hub.sync();
  const fields = `worked clientWait { seconds share { value } price { amount } cost { amount } withoutBillRate withoutCostRate } rework { seconds }`;
  const whole = {
    worked: 16 * hour,
    clientWait: {
      seconds: 5 * hour,
      share: { value: '0.3125' },
      price: null,
      cost: { amount: '450' },
      withoutBillRate: 5 * hour,
      withoutCostRate: 0,
    },
    rework: { seconds: hour },
  };
  const found = await ask<Record<string, unknown[]>>(`{
    whole: waste(currency: "EUR") { ${fields} }
    clients: waste(currency: "EUR", groupBy: CLIENT) { client { name } ${fields} }
    people: waste(currency: "EUR", groupBy: PERSON) { person { name } ${fields} }
    months: waste(currency: "EUR", groupBy: MONTH) { key worked clientWait { seconds } rework { seconds } }
    nobody: waste(currency: "EUR", to: "2026-01-31") { worked clientWait { seconds share { value reason } } }
  }`);
  expect(found).toEqual({
    whole: [whole],
    clients: [{ client: { name: 'Acme' }, ...whole }],
    people: [{ person: { name: 'Ada' }, ...whole }],
    months: [
      { key: '2026-03-01', worked: 15 * hour, clientWait: { seconds: 5 * hour }, rework: { seconds: hour } },
      { key: '2026-02-01', worked: hour, clientWait: { seconds: 0 }, rework: { seconds: 0 } },
    ],
    nobody: [{ worked: 0, clientWait: { seconds: 0, share: { value: null, reason: 'The worked time is 0.' } } }],
  });
});
