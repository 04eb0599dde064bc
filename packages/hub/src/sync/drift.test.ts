import { HubError, manualClock, silentLogger, type Item, type ManualClock } from '@plumbline/connector';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord, type Script } from '../../test/memory-connector.ts';
import { createApi } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

let database: TestDatabase;
let hub: Hub;
let clock: ManualClock;
let fields: Item[];
let looks: number;
let refusal: HubError | null;

const field = (id: string, type = 'string'): Item => ({ id, name: id, type, custom: true });
const script: Script = {
  deals: { kind: 'opportunity', pages: [{ records: [rawRecord('1', ['deal:1'], { name: 'Portal' })] }] },
  companies: { kind: 'client', pages: [{ records: [] }] },
};

async function open(means = 'text'): Promise<void> {
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    sources: [
      {
        id: 'crm',
        connector: memoryConnector('hubspot', script, {
          lists: {
            async field() {
              looks += 1;
              if (refusal) throw refusal;
              return fields;
            },
          },
          named: () => [{ path: 'customFields.region', list: 'field', id: 'region', stream: 'deals', means }],
        }),
        config: { prefix: means === 'text' ? '' : means },
        secrets: {},
      },
    ],
  });
}

beforeEach(async () => {
  database = await emptyDatabase({ durable: true });
  clock = manualClock('2026-05-04T09:00:00Z');
  fields = [field('region'), field('industry')];
  looks = 0;
  refusal = null;
  await open();
});
afterEach(async () => {
  await hub.close();
  await database.drop();
});

/** How each stream's run ended, with what it warned of. */
async function sync(): Promise<Record<string, string>> {
  const reports = await hub.sync();
  return Object.fromEntries(reports.map(({ stream, status, warnings }) => [stream, [status, ...warnings].join(' | ')]));
}

const gone =
  'PARTIAL | customFields.region names the field "region", which the account no longer has: what is read now comes without it. Map another one, or bring it back; `plumbline doctor` lists what there is.';

test('a field that vanished makes the runs of its stream PARTIAL, once a run, until it is back', async () => {
  expect(await sync()).toEqual({ deals: 'SUCCEEDED', companies: 'SUCCEEDED' });
  fields = [field('industry')];
  clock.advance(59 * 60_000);
  expect(await sync()).toEqual({ deals: 'SUCCEEDED', companies: 'SUCCEEDED' });
  clock.advance(60_000);
  expect(await sync()).toEqual({ deals: gone, companies: 'SUCCEEDED' });
  await hub.close();
  await open();
  expect(await sync()).toEqual({ deals: gone, companies: 'SUCCEEDED' });
  fields = [field('region')];
  expect(await sync()).toEqual({ deals: 'SUCCEEDED', companies: 'SUCCEEDED' });
  expect(looks).toBe(4);
});

test('another type is told until somebody accepts it', async () => {
  await sync();
  fields = [field('region', 'number')];
  clock.advance(3_600_000);
  expect((await sync())['deals']).toContain('whose type was string and is now number');
  expect((await hub.compareMapping({ sourceId: 'crm' })).drift).toHaveLength(1);
  const accepted = await hub.compareMapping({ sourceId: 'crm', accept: true });
  expect([accepted.drift, accepted.unmapped]).toEqual([[], []]);
  expect(await sync()).toEqual({ deals: 'SUCCEEDED', companies: 'SUCCEEDED' });
});

test('another mapping of the field is compared at once, and starts anew', async () => {
  await sync();
  fields = [field('region', 'number')];
  await hub.close();
  await open('number');
  expect((await sync())['deals']).toBe('SUCCEEDED');
  expect(looks).toBe(2);
});

test('a vendor that refuses the comparison holds up no poll, and what was told before is told again', async () => {
  refusal = new HubError({ code: 'PERMISSION_DENIED', message: 'No.', remedy: 'Ask.' });
  expect((await sync())['deals']).toBe('SUCCEEDED');
  refusal = null;
  fields = [];
  expect((await sync())['deals']).toContain('which the account does not have');
  refusal = new HubError({ code: 'UNREACHABLE', message: 'Gone.', remedy: 'Wait.' });
  expect((await sync())['deals']).toContain('which the account does not have');
});

test('what the account added and nobody maps is offered', async () => {
  expect((await hub.compareMapping({ sourceId: 'crm' })).unmapped).toEqual([
    { list: 'field', item: field('industry') },
  ]);
});

test('the graph tells where a mapping has drifted, since when that is known, and when the source is read next', async () => {
  const asked = `{ sources { freshAs: streams { name freshAsOf nextRunAt } nextPollAt
    mapping { lookedAt stale findings { path stream problem remedy } } } }`;
  const streams = (freshAsOf: string | null, nextRunAt: string) =>
    ['deals', 'companies'].map((name) => ({ name, freshAsOf, nextRunAt }));
  const next = '2026-05-04T09:05:00Z';
  expect((await createApi(hub).query(asked)).data).toEqual({
    sources: [{ freshAs: streams(null, next), nextPollAt: next, mapping: null }],
  });
  fields = [];
  await sync();
  const lookedAt = '2026-05-04T09:00:00Z';
  const remedy = 'Map another one, or bring it back; `plumbline doctor` lists what there is.';
  const findings = [{ path: 'customFields.region', stream: 'deals', problem: 'GONE', remedy }];
  expect((await createApi(hub).query(asked)).data).toEqual({
    sources: [{ freshAs: streams(lookedAt, next), nextPollAt: next, mapping: { lookedAt, stale: false, findings } }],
  });
  await hub.close();
  await open('number');
  expect((await createApi(hub).query('{ sources { mapping { stale } } }')).data).toEqual({
    sources: [{ mapping: { stale: true } }],
  });
});
