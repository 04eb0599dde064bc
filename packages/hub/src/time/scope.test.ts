import { manualClock, silentLogger } from '@plumbline/connector';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord, recordWith, type Script } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

let database: TestDatabase;
let hub: Hub;
let api: Api;
let script: Script;

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const hour = 3_600;

/** A change request as its tracker remembers it. */
function request(history: readonly (readonly [string, string])[], fields: Record<string, unknown> = {}) {
  const made = rawRecord('9', ['change:9'], {
    title: 'Export',
    project: 'project:1',
    submittedAt: '2026-03-02T08:00:00Z',
    state: history.at(-1)?.[1],
    ...fields,
  });
  const past = history.map(([at, value]) => ({ field: 'state', at, value }));
  return recordWith(made, { history: past });
}

function item(id: string, fields: Record<string, unknown>, customFields: Record<string, string> = {}) {
  const made = rawRecord(id, [`item:${id}`], { project: 'project:1', ...fields });
  return recordWith(made, { customFields });
}

const worked = (id: string, workItem: string, localDate: string, seconds = hour) =>
  rawRecord(id, [`time:${id}`], { workItem: `item:${workItem}`, person: 'email:ada@x.com', localDate, seconds });

beforeEach(async () => {
  database = await emptyDatabase({ durable: false });
  script = {
    people: {
      kind: 'person',
      pages: [{ records: [rawRecord('1', ['email:ada@x.com'], { name: 'Ada', role: 'Consultant' })] }],
    },
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
              validFrom: '2026-01-01',
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
            rawRecord('1', ['project:1'], {
              name: 'Rollout',
              client: 'client:1',
              currency: 'EUR',
              zone: 'America/New_York',
              status: 'ACTIVE',
            }),
            rawRecord('2', ['project:2'], { name: 'Ours', currency: 'EUR' }),
          ],
        },
      ],
    },
    changes: {
      kind: 'changeRequest',
      pages: [
        {
          records: [
            request([
              ['2026-03-02T08:00:00Z', 'CAPTURED'],
              ['2026-03-11T03:00:00Z', 'APPROVED'],
            ]),
          ],
        },
      ],
    },
    items: {
      kind: 'workItem',
      pages: [
        {
          records: [
            item('change', { changeRequest: 'change:9' }),
            item('promised', {}, { commitment: 'D1' }),
            item('stray', {}),
            item('ours', { project: 'project:2' }),
          ],
        },
      ],
    },
    times: {
      kind: 'timeEntry',
      pages: [
        {
          records: [
            worked('early', 'change', '2026-03-01'),
            worked('before', 'change', '2026-03-09'),
            worked('on the day', 'change', '2026-03-10'),
            worked('after', 'change', '2026-03-11'),
            worked('promised', 'promised', '2026-03-09', 10 * hour),
            worked('stray', 'stray', '2026-03-09', 2 * hour),
            worked('ours', 'ours', '2026-03-09'),
          ],
        },
      ],
    },
  };
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock: manualClock('2026-04-01T09:00:00Z'),
    sources: [{ id: 'tracker', connector: memoryConnector('jira', script), config: {}, secrets: {} }],
  });
  await hub.sync();
  api = createApi(hub);
});

afterEach(async () => {
  await hub.close();
  await database.drop();
});

async function ask<Data>(query: string): Promise<Data> {
  const { data, errors } = await api.query(query);
  expect(errors).toBeUndefined();
  return data as Data;
}

/** Hours of the client's project by class. */
async function hours(): Promise<Record<string, number>> {
  const { projects } = await ask<{ projects: { nodes: { work: { scope: string; seconds: number }[] }[] } }>(
    `{ projects(filter: { name: { eq: "Rollout" } }) { nodes { work { scope seconds } } } }`,
  );
  return Object.fromEntries((projects.nodes[0]?.work ?? []).map(({ scope, seconds }) => [scope, seconds / hour]));
}

/** The vendor says something else of a record from now on. */
async function change(stream: string, record: Script[string]['pages'][number]['records'][number]): Promise<void> {
  script[stream]?.pages.push({ records: [record] });
  await hub.sync();
}

test('work is classed by the state of its request on its own day, in the project’s zone', async () => {
  // Approved at 3 in the morning in UTC, which is the evening before in New York: that day counts.
  expect(await hours()).toEqual({ BASELINE: 10, APPROVED_CHANGE: 2, UNAPPROVED_CHANGE: 2, UNLINKED: 2 });
  const { timeEntries } = await ask<{ timeEntries: { nodes: { localDate: string; scope: string }[] } }>(
    `{ timeEntries(orderBy: { field: LOCAL_DATE, direction: ASC }) { nodes { localDate scope } } }`,
  );
  expect(timeEntries.nodes.filter(({ scope }) => scope === 'INTERNAL')).toEqual([
    { localDate: '2026-03-09', scope: 'INTERNAL' },
  ]);
  expect(timeEntries.nodes.find(({ localDate }) => localDate === '2026-03-10')?.scope).toBe('APPROVED_CHANGE');
});

test('a history that arrives late corrects what was classed before', async () => {
  await change(
    'changes',
    request(
      [
        ['2026-03-02T08:00:00Z', 'CAPTURED'],
        ['2026-03-09T15:00:00Z', 'APPROVED'],
      ],
      { title: 'Export' },
    ),
  );
  expect(await hours()).toMatchObject({ APPROVED_CHANGE: 3, UNAPPROVED_CHANGE: 1 });
});

test('an approval that is taken back ends with its day, and what was worked until then stays approved', async () => {
  await change(
    'changes',
    request([
      ['2026-03-02T08:00:00Z', 'CAPTURED'],
      ['2026-03-09T15:00:00Z', 'APPROVED'],
      ['2026-03-10T15:00:00Z', 'REJECTED'],
    ]),
  );
  expect(await hours()).toMatchObject({ APPROVED_CHANGE: 2, UNAPPROVED_CHANGE: 2 });
});

test('a request that is linked afterwards counts from the first hour on, and no longer when the link is removed', async () => {
  await change(
    'changes',
    request(
      [
        ['2026-03-02T08:00:00Z', 'CAPTURED'],
        ['2026-03-05T15:00:00Z', 'APPROVED'],
      ],
      { workItems: ['item:stray'] },
    ),
  );
  expect(await hours()).toEqual({ BASELINE: 10, APPROVED_CHANGE: 5, UNAPPROVED_CHANGE: 1 });
  await change(
    'changes',
    request(
      [
        ['2026-03-02T08:00:00Z', 'CAPTURED'],
        ['2026-03-05T15:00:00Z', 'APPROVED'],
      ],
      { workItems: [] },
    ),
  );
  expect(await hours()).toEqual({ BASELINE: 10, APPROVED_CHANGE: 3, UNAPPROVED_CHANGE: 1, UNLINKED: 2 });
});

test('an entry that is corrected or deleted is no longer counted as it was', async () => {
  await change('times', worked('before', 'change', '2026-03-12', 3 * hour));
  expect(await hours()).toMatchObject({ APPROVED_CHANGE: 5, UNAPPROVED_CHANGE: 1 });
  script['times']?.pages.push({ records: [], deletes: [{ id: 'early', at: null }] });
  await hub.sync();
  expect(await hours()).toEqual({ BASELINE: 10, APPROVED_CHANGE: 5, UNLINKED: 2 });
});

test('leakage is priced at the rates of the day, and a rate that is missing is listed and not zeroed', async () => {
  const figures = async () => {
    const { projects } = await ask<{
      projects: { nodes: { metrics: { value: string | null; reason: string | null }[] }[] };
    }>(
      `{ projects(filter: { name: { eq: "Rollout" } }) { nodes { metrics(names: ["revenueAtRisk", "costLeak", "leakedTime", "unratedLeakage"]) { value reason } } } }`,
    );
    return projects.nodes[0]?.metrics.map(({ value }) => value);
  };
  expect(await figures()).toEqual(['600', '360', '14400', '0']);
  // From the 9th on the rate is another one, and before the 2nd there is none: rates that overlap count once.
  await change(
    'rates',
    rawRecord('1', ['rate:1'], {
      person: 'email:ada@x.com',
      billRate: eur('150'),
      costRate: eur('90'),
      validFrom: '2026-03-02',
    }),
  );
  await change(
    'rates',
    rawRecord('2', ['rate:2'], {
      person: 'email:ada@x.com',
      billRate: eur('200'),
      costRate: null,
      validFrom: '2026-03-09',
    }),
  );
  expect(await figures()).toEqual(['600', null, '14400', '14400']);
});

test('when a rate for a while has ended, the one before it counts again', async () => {
  await change(
    'rates',
    rawRecord('2', ['rate:2'], {
      person: 'email:ada@x.com',
      billRate: eur('200'),
      costRate: eur('120'),
      validFrom: '2026-03-02',
      validTo: '2026-03-08',
    }),
  );
  const { leakage } = await ask<{ leakage: unknown[] }>(
    `{ leakage(currency: "EUR", from: "2026-03-01", to: "2026-03-09") { revenueAtRisk { amount } costLeak { amount } unpricedTime } }`,
  );
  // An hour before it and three behind it, none within.
  expect(leakage).toEqual([{ revenueAtRisk: { amount: '600' }, costLeak: { amount: '360' }, unpricedTime: 0 }]);
  await change('times', worked('within', 'stray', '2026-03-08'));
  expect(
    (await ask<{ leakage: unknown[] }>(`{ leakage(currency: "EUR") { revenueAtRisk { amount } } }`)).leakage,
  ).toEqual([{ revenueAtRisk: { amount: '800' } }]);
});

test('a rate of the role counts where the person has none of their own', async () => {
  script['rates']?.pages.push({
    records: [rawRecord('role', ['rate:role'], { role: 'Consultant', billRate: eur('100'), costRate: eur('50') })],
    deletes: [{ id: '1', at: null }],
  });
  await hub.sync();
  const { leakage } = await ask<{ leakage: unknown[] }>(
    `{ leakage(currency: "EUR") { revenueAtRisk { amount } costLeak { amount } unpricedTime } }`,
  );
  expect(leakage).toEqual([{ revenueAtRisk: { amount: '400' }, costLeak: { amount: '200' }, unpricedTime: 0 }]);
  const { leakage: abroad } = await ask<{ leakage: unknown[] }>(
    `{ leakage(currency: "USD") { revenueAtRisk { amount } unpricedTime } }`,
  );
  expect(abroad).toEqual([{ revenueAtRisk: { amount: '0' }, unpricedTime: 4 * hour }]);
});

test('work from before anybody asked is retroactive', async () => {
  const { changeRequests } = await ask<{
    changeRequests: { nodes: { retroactiveTime: number; loggedTime: number }[] };
  }>(`{ changeRequests { nodes { retroactiveTime loggedTime } } }`);
  expect(changeRequests.nodes).toEqual([{ retroactiveTime: hour, loggedTime: 4 * hour }]);
});
