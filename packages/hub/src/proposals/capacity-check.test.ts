import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { officeScript, openOffice, take } from '../../test/office.ts';

const clock = manualClock('2026-03-01T10:00:00Z');
const hour = 3_600;
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;

// Two developers of 40 hours a week, one of whom is booked; a third has left, and nobody knows what a fourth can work. Other deals want developers, one of them won, and one delivered.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const script = officeScript();
  const pages = (...records: ReturnType<typeof rawRecord>[]) => [{ records }];
  const person = (name: string, role: string, status = 'ACTIVE') =>
    rawRecord(name, [`email:${name}@x.com`], { name, role, status });
  script['people'] = {
    kind: 'person',
    pages: pages(
      person('ada', 'Developer'),
      person('omar', 'developer '),
      person('eve', 'Developer', 'LEFT'),
      person('kim', 'Designer'),
      person('dan', 'Developer'),
    ),
  };
  script['capacities'] = {
    kind: 'capacity',
    pages: pages(
      ...['ada', 'omar', 'eve'].map((name) =>
        rawRecord(name, [`capacity:${name}`], { person: `email:${name}@x.com`, secondsPerDay: 8 * hour }),
      ),
    ),
  };
  script['deals'] = {
    kind: 'opportunity',
    pages: pages(
      rawRecord('1', ['deal:1'], { name: 'Portal', state: 'PROPOSED', probability: '0.5', projects: ['project:1'] }),
      rawRecord('2', ['deal:2'], { name: 'Archive', state: 'SCOPING', probability: '0.25' }),
      rawRecord('3', ['deal:3'], { name: 'Training', state: 'SCOPING', probability: '0.5', projects: ['project:3'] }),
      rawRecord('4', ['deal:4'], { name: 'Vague', state: 'SCOPING' }),
      rawRecord('5', ['deal:5'], { name: 'Signed', state: 'WON' }),
      rawRecord('6', ['deal:6'], { name: 'Over', state: 'WON', projects: ['project:6'] }),
    ),
  };
  script['projects']?.pages.push({
    records: [
      rawRecord('3', ['project:3'], { name: 'Training days', status: 'PLANNED' }),
      rawRecord('6', ['project:6'], { name: 'Delivered', status: 'DELIVERED' }),
    ],
  });
  const booking = (id: string, fields: Record<string, unknown>) =>
    rawRecord(id, [`booking:${id}`], { from: '2026-03-02', to: '2026-03-06', ...fields });
  script['bookings'] = {
    kind: 'allocation',
    pages: pages(
      // For the very project of the proposal: what it wants, not what is taken from it.
      booking('own', { person: 'email:ada@x.com', project: 'project:1', type: 'HARD', secondsPerDay: 8 * hour }),
      // Wanted for a deal of 0.5.
      booking('soft', { person: 'email:omar@x.com', project: 'project:3', type: 'SOFT', secondsPerDay: 4 * hour }),
      // Wanted for nobody knows what.
      booking('vague', { person: 'email:omar@x.com', type: 'SOFT', secondsPerDay: hour }),
      booking('dan', { person: 'email:dan@x.com', type: 'HARD', secondsPerDay: 8 * hour }),
      booking('hard', { person: 'email:omar@x.com', type: 'HARD', secondsPerDay: 2 * hour }),
    ),
  };
  office = await openOffice({ database, clock, script });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

const propose = (deal: string, terms: string) =>
  take(office.ask, 'createProposal', `opportunity: "${office.idOf(deal)}", terms: { ${terms} }`);

const week = 'start: "2026-03-02", end: "2026-03-06"';

async function check(id: string, fields: string): Promise<unknown> {
  const { capacityCheck } = await office.ask<{ capacityCheck: unknown }>(
    `query ($id: ID!) { capacityCheck(proposal: $id) { ${fields} } }`,
    { id },
  );
  return capacityCheck;
}

test('demand stands against capacity less bookings and what other deals would take', async () => {
  const before = clock.now().toString();
  clock.advance(60_000);
  const portal = await propose(
    'Portal',
    `${week}, roles: [{ role: "Developer", seconds: ${25 * hour} }, { role: "developer ", seconds: ${12 * hour} }]`,
  );
  await propose('Archive', `${week}, roles: [{ role: "Developer", seconds: ${40 * hour} }]`);
  // Half of it is booked already, and counts by that.
  await propose('Training', `${week}, roles: [{ role: "Developer", seconds: ${40 * hour} }]`);
  await propose('Signed', `${week}, roles: [{ role: "Developer", seconds: ${8 * hour} }]`);
  await propose('Over', `${week}, roles: [{ role: "Developer", seconds: ${40 * hour} }]`);
  const vague = await propose('Vague', `roles: [{ role: "Developer", seconds: ${40 * hour} }]`);
  // 80 − 10 hard − 20 · 0.5 soft − 40 · 0.25 of the archive − (40 − 20) · 0.5 of the training − 8 of what is won = 32.
  expect(
    await check(
      portal,
      'proposal { id } feasible reason leftOut { id } leftOutCount weeks { role week demand capacity allocated unweighted pipeline free short }',
    ),
  ).toEqual({
    proposal: { id: portal },
    feasible: false,
    reason: '5 hours are not covered, in one week of a role: first Developer in the week of 2026-03-02.',
    leftOut: [{ id: vague }],
    leftOutCount: 1,
    weeks: [
      {
        role: 'Developer',
        week: '2026-03-02',
        demand: 37 * hour,
        capacity: 80 * hour,
        allocated: 20 * hour,
        unweighted: 5 * hour,
        pipeline: 28 * hour,
        free: 32 * hour,
        short: 5 * hour,
      },
    ],
  });
  const then = clock.now().toString();
  clock.advance(60_000);
  const smaller = await propose('Portal', `${week}, roles: [{ role: "developer", seconds: ${32 * hour} }]`);
  expect(await check(smaller, 'feasible reason weeks { short }')).toEqual({
    feasible: true,
    reason: null,
    weeks: [{ short: 0 }],
  });
  expect(
    await office.ask(`{ capacityCheck(proposal: "${portal}", asOf: "${then}") { weeks { pipeline short } } }`),
  ).toEqual({ capacityCheck: { weeks: [{ pipeline: 28 * hour, short: 5 * hour }] } });
  await expect(office.ask(`{ capacityCheck(proposal: "${smaller}", asOf: "${before}") { feasible } }`)).rejects.toThrow(
    'There is no such proposal.',
  );
});

test('where nobody can tell there is a reason', async () => {
  expect(await check(await propose('Archive', `${week}`), 'feasible reason')).toEqual({
    feasible: null,
    reason: 'It does not say which roles do the work.',
  });
  expect(
    await check(await propose('Archive', `roles: [{ role: "Developer", seconds: 1 }]`), 'feasible reason'),
  ).toEqual({
    feasible: null,
    reason: 'It does not say from when to when.',
  });
  expect(
    await check(await propose('Archive', `${week}, roles: [{ role: "Designer", seconds: 60 }]`), 'feasible reason'),
  ).toEqual({
    feasible: null,
    reason: 'Nobody’s capacity is known of Designer.',
  });
  expect(
    await check(
      await propose('Archive', `start: "2026-03-07", end: "2026-03-08", roles: [{ role: "Developer", seconds: 60 }]`),
      'feasible reason',
    ),
  ).toEqual({ feasible: null, reason: 'None of its days is a working day.' });
});
