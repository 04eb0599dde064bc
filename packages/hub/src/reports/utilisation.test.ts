import { manualClock, silentLogger } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

let database: TestDatabase;
let hub: Hub;
let api: Api;
const hour = 3_600;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const time = (id: string, person: string, localDate: string, hours: number, billable: boolean | null) =>
    rawRecord(id, [`time:${id}`], {
      person: `email:${person}@x.com`,
      localDate,
      seconds: hours * hour,
      billable,
      workItem: 'item:1',
    });
  const source = memoryConnector('jira', {
    people: {
      kind: 'person',
      pages: [
        {
          records: [
            rawRecord('1', ['email:ada@x.com'], { name: 'Ada', team: 'Platform' }),
            rawRecord('2', ['email:omar@x.com'], { name: 'Omar', team: 'Platform' }),
            rawRecord('3', ['email:eve@x.com'], { name: 'Eve', team: 'Design' }),
          ],
        },
      ],
    },
    clients: { kind: 'client', pages: [{ records: [rawRecord('1', ['client:1'], { name: 'Acme' })] }] },
    projects: { kind: 'project', pages: [{ records: [rawRecord('1', ['project:1'], { client: 'client:1' })] }] },
    items: {
      kind: 'workItem',
      pages: [
        {
          records: [
            {
              ...rawRecord('1', ['item:1'], {}),
              payload: { keys: ['item:1'], fields: { project: 'project:1' }, customFields: { commitment: 'D1' } },
            },
          ],
        },
      ],
    },
    capacities: {
      kind: 'capacity',
      pages: [
        {
          records: [
            rawRecord('1', ['cap:1'], {
              person: 'email:ada@x.com',
              secondsPerDay: 8 * hour,
              calendar: 'Germany',
              validFrom: '2026-01-01',
            }),
            rawRecord('2', ['cap:2'], {
              person: 'email:ada@x.com',
              secondsPerDay: 4 * hour,
              calendar: 'Germany',
              validFrom: '2026-05-16',
            }),
            rawRecord('3', ['cap:3'], { person: 'email:omar@x.com', secondsPerDay: 8 * hour, calendar: 'Gulf' }),
            rawRecord('4', ['cap:4'], {
              person: 'email:ada@x.com',
              secondsPerDay: 2 * hour,
              calendar: 'Germany',
              validFrom: '2026-06-08',
              validTo: '2026-06-12',
            }),
          ],
        },
      ],
    },
    times: {
      kind: 'timeEntry',
      pages: [
        {
          records: [
            time('a', 'ada', '2026-05-04', 60, true),
            time('b', 'ada', '2026-05-05', 12, false),
            time('c', 'omar', '2026-05-05', 30, null),
            time('d', 'eve', '2026-05-05', 5, null),
            time('e', 'eve', '2026-04-30', 100, null),
          ],
        },
      ],
    },
  });
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock: manualClock('2026-06-01T09:00:00Z'),
    calendars: {
      Germany: { holidays: ['2026-05-01', '2026-05-14', '2026-05-25', '2026-05-03'] },
      Gulf: { days: [7, 1, 2, 3, 4] },
    },
    sources: [{ id: 'tracker', connector: source, config: {}, secrets: {} }],
  });
  await hub.sync();
  api = createApi(hub);
});

afterAll(async () => {
  await hub.close();
  await database.drop();
});

const fields = `worked billable calendar excluded net { value reason } gross { value } billableRatio { value }`;

test('capacity follows the calendar, its holidays and the changes of working time within the period', async () => {
  const { data } = await api.query(
    `{ utilisation(from: "2026-05-01", to: "2026-05-31", groupBy: PERSON) { person { name } ${fields} } }`,
  );
  const rows = (data as { utilisation: { person: { name: string } }[] }).utilisation;
  // In May 2026: 11 working days up to the 15th and 10 after it; holidays on two of the first and one of the second.
  expect(rows.find(({ person }) => person.name === 'Ada')).toEqual({
    person: { name: 'Ada' },
    worked: 72 * hour,
    billable: 60 * hour,
    calendar: (11 * 8 + 10 * 4) * hour,
    excluded: (2 * 8 + 1 * 4) * hour,
    net: { value: '0.55555555555555555556', reason: null },
    gross: { value: '0.46875' },
    billableRatio: { value: '0.83333333333333333333' },
  });
  // Sundays to Thursdays; what the source does not call billable is, since the client ordered it.
  expect(rows.find(({ person }) => person.name === 'Omar')).toMatchObject({
    calendar: 21 * 8 * hour,
    excluded: 0,
    billable: 30 * hour,
  });
  expect(rows.find(({ person }) => person.name === 'Eve')).toMatchObject({
    worked: 5 * hour,
    net: { value: null, reason: 'The capacity (calendar less what is excluded) is 0.' },
  });
});

test('a week of less is followed by what held before it', async () => {
  const { data } = await api.query(
    `{ utilisation(from: "2026-06-01", to: "2026-06-30", groupBy: PERSON) { person { name } calendar } }`,
  );
  const rows = (data as { utilisation: { person: { name: string }; calendar: number }[] }).utilisation;
  expect(rows.find(({ person }) => person.name === 'Ada')?.calendar).toBe((17 * 4 + 5 * 2) * hour);
});

test('teams come to the sum of their people, and a period that is too long is refused', async () => {
  const { data } = await api.query(
    `{ teams: utilisation(from: "2026-05-01", to: "2026-05-31", groupBy: TEAM) { name worked calendar } }`,
  );
  expect((data as { teams: unknown }).teams).toEqual([
    { name: 'Platform', worked: 102 * hour, calendar: (128 + 168) * hour },
    { name: 'Design', worked: 5 * hour, calendar: 0 },
  ]);
  const { errors } = await api.query(`{ utilisation(from: "2026-05-01", to: "2028-05-31") { worked } }`);
  expect(errors?.[0]?.message).toContain('762 days');
});
