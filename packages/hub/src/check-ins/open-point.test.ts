import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { officeScript, openOffice, take } from '../../test/office.ts';

const clock = manualClock('2026-03-06T10:00:00Z');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
let script: ReturnType<typeof officeScript>;

// A deal of Ada's, and obstacles that a sheet keeps.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  script = officeScript();
  script['deals'] = {
    kind: 'opportunity',
    pages: [{ records: [rawRecord('1', ['deal:1'], { name: 'Portal', state: 'PROPOSED', owner: 'email:ada@x.com' })] }],
  };
  script['obstacles'] = {
    kind: 'obstacle',
    pages: [
      {
        records: [
          rawRecord('s', ['row:s'], { title: 'Security check', opportunity: 'deal:1' }),
          rawRecord('o', ['row:o'], {
            title: 'Legal review',
            raisedAt: '2026-03-01T10:00:00Z',
            due: '2026-03-05',
            opportunity: 'deal:1',
          }),
        ],
      },
    ],
  };
  office = await openOffice({ database, clock, script });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

async function read<Fields>(id: string, fields: string, type = 'Obstacle'): Promise<Fields> {
  const { node } = await office.ask<{ node: Fields }>(
    `query ($id: ID!) { node(id: $id) { ... on ${type} { ${fields} } } }`,
    { id },
  );
  return node;
}

async function refused(mutation: string, args: string): Promise<Record<string, unknown>> {
  const answer = await office.ask<Record<string, Record<string, unknown>>>(
    `mutation { ${mutation}(${args}) { __typename ... on RefusedError { guard } ... on InputError { argument } ... on ConflictError { version } } }`,
  );
  return answer[mutation] ?? {};
}

const raise = (mutation: string, point: string) =>
  take(office.ask, mutation, `subject: "${office.idOf('Portal')}", point: { ${point} }`);

test('an obstacle goes from somebody who sees it to somebody who settles it, and its past is kept', async () => {
  const id = await raise('raiseObstacle', 'title: "No budget owner", severity: HIGH');
  clock.advance(2 * 86_400_000);
  const before = clock.now().toString();
  clock.advance(1_000);
  await take(office.ask, 'assignObstacle', `id: "${id}", owner: "${office.idOf('Grace')}", due: "2026-03-10"`);
  expect(await read(id, 'owner { name } due status ageDays overdue')).toEqual({
    owner: { name: 'Grace' },
    due: '2026-03-10',
    status: 'OPEN',
    ageDays: 2,
    overdue: false,
  });
  clock.advance(3 * 86_400_000);
  expect(await read(id, 'ageDays overdue')).toEqual({ ageDays: 5, overdue: true });
  expect(await refused('resolveObstacle', `id: "${id}", expectedVersion: 1`)).toMatchObject({ version: 2 });
  const settle = `id: "${id}", outcome: "The CFO owns it.", idempotencyKey: "settle"`;
  await take(office.ask, 'resolveObstacle', settle);
  await take(office.ask, 'resolveObstacle', settle);
  clock.advance(86_400_000);
  expect(await read(id, 'status outcome closedAt ageDays overdue decisions { action from to actor }')).toEqual({
    status: 'RESOLVED',
    outcome: 'The CFO owns it.',
    closedAt: '2026-03-11T10:00:01Z',
    ageDays: 5,
    overdue: false,
    decisions: [
      { action: 'RAISE_OBSTACLE', from: null, to: 'OPEN', actor: 'test-key' },
      { action: 'ASSIGN', from: 'OPEN', to: 'OPEN', actor: 'test-key' },
      { action: 'RESOLVE', from: 'OPEN', to: 'RESOLVED', actor: 'test-key' },
    ],
  });
  expect(await refused('acceptObstacle', `id: "${id}", outcome: "x", owner: "${office.idOf('Ada')}"`)).toMatchObject({
    guard: 'state',
  });
  expect(
    await office.ask(
      `query ($before: Instant) { obstacles(asOf: $before, filter: { title: { eq: "No budget owner" } }) { nodes { status owner { name } ageDays(asOf: $before) } } }`,
      { before },
    ),
  ).toEqual({ obstacles: { nodes: [{ status: 'OPEN', owner: null, ageDays: 2 }] } });
});

test('to live with a need wants a reason and somebody who answers for it', async () => {
  const id = await raise('raiseCloseNeed', 'title: "Reference customer"');
  expect(await refused('acceptCloseNeed', `id: "${id}"`)).toMatchObject({ guard: 'reason' });
  expect(await refused('acceptCloseNeed', `id: "${id}", outcome: "They know us."`)).toMatchObject({ guard: 'owner' });
  expect(await refused('assignCloseNeed', `id: "${id}"`)).toMatchObject({ guard: 'assignment' });
  await take(office.ask, 'acceptCloseNeed', `id: "${id}", outcome: "They know us.", owner: "${office.idOf('Ada')}"`);
  expect(await read(id, 'status owner { name } outcome', 'CloseNeed')).toEqual({
    status: 'ACCEPTED',
    owner: { name: 'Ada' },
    outcome: 'They know us.',
  });
});

test('an obstacle of a sheet is settled here, and the rest of it stays the sheet’s', async () => {
  const { obstacles } = await office.ask<{ obstacles: { nodes: { id: string }[] } }>(
    '{ obstacles(filter: { title: { eq: "Legal review" } }) { nodes { id overdue } } }',
  );
  expect(obstacles.nodes).toMatchObject([{ overdue: true }]);
  const id = obstacles.nodes[0]?.id ?? '';
  await take(office.ask, 'resolveObstacle', `id: "${id}"`);
  expect(await read(id, 'title status overdue provenance(fields: ["title", "status"]) { field source }')).toEqual({
    title: 'Legal review',
    status: 'RESOLVED',
    overdue: false,
    provenance: [
      { field: 'title', source: 'tracker' },
      { field: 'status', source: 'plumbline' },
    ],
  });
  expect(
    await office.ask(
      `{ opportunities { nodes { obstacles(filter: { status: { eq: RESOLVED } }, orderBy: { field: TITLE }) { nodes { title } } } } people(filter: { name: { eq: "Grace" } }) { nodes { obstacles { nodes { title } } } } }`,
    ),
  ).toEqual({
    opportunities: { nodes: [{ obstacles: { nodes: [{ title: 'Legal review' }, { title: 'No budget owner' }] } }] },
    people: { nodes: [{ obstacles: { nodes: [{ title: 'No budget owner' }] } }] },
  });
});

test('an obstacle of a sheet that was only assigned here is still settled there', async () => {
  const { obstacles } = await office.ask<{ obstacles: { nodes: { id: string }[] } }>(
    '{ obstacles(filter: { title: { eq: "Security check" } }) { nodes { id } } }',
  );
  const id = obstacles.nodes[0]?.id ?? '';
  clock.advance(60_000);
  await take(office.ask, 'assignObstacle', `id: "${id}", owner: "${office.idOf('Grace')}"`);
  script['obstacles']?.pages.push({
    records: [
      rawRecord('s', ['row:s'], { title: 'Security check', status: 'RESOLVED', opportunity: 'deal:1' }),
      rawRecord('o', ['row:o'], { title: 'Legal review', status: 'OPEN', opportunity: 'deal:1' }),
    ],
  });
  await office.hub.sync();
  expect(await read(id, 'status owner { name }')).toEqual({ status: 'RESOLVED', owner: { name: 'Grace' } });
  // What was settled here stays settled, whatever the sheet says later.
  expect(await office.ask('{ obstacles(filter: { title: { eq: "Legal review" } }) { nodes { status } } }')).toEqual({
    obstacles: { nodes: [{ status: 'RESOLVED' }] },
  });
});

test('what is wrong is named by its argument', async () => {
  const wrong = async (mutation: string, args: string): Promise<unknown> => {
    const answer = await office.ask<Record<string, { argument?: string; message: string }>>(
      `mutation { ${mutation}(${args}) { ... on Error { message } ... on InputError { argument } } }`,
    );
    return answer[mutation]?.argument ?? answer[mutation]?.message;
  };
  const portal = office.idOf('Portal');
  expect(await wrong('raiseObstacle', `subject: "${portal}", point: { title: "" }`)).toBe('point.title');
  expect(await wrong('raiseObstacle', `subject: "${office.idOf('Ada')}", point: { title: "x" }`)).toBe('subject');
  expect(await wrong('raiseObstacle', `subject: "${portal}", point: { title: "x", owner: "${portal}" }`)).toBe(
    'point.owner',
  );
  const need = await raise('raiseCloseNeed', 'title: "Anything"');
  expect(await wrong('resolveObstacle', `id: "${need}"`)).toBe('id');
  expect(await wrong('resolveCloseNeed', `id: "${need}", outcome: "${'x'.repeat(5_001)}"`)).toBe('outcome');
});

test('what was decided on two obstacles that turn out to be one stands together', async () => {
  const { obstacles } = await office.ask<{ obstacles: { nodes: { id: string }[] } }>(
    '{ obstacles(filter: { title: { in: ["Legal review", "Security check"] } }, orderBy: { field: TITLE }) { nodes { id } } }',
  );
  const [legal, security] = obstacles.nodes.map(({ id }) => id);
  script['obstacles']?.pages.push({
    records: [rawRecord('s', ['row:s', 'row:o'], { title: 'Security check', opportunity: 'deal:1' })],
  });
  await office.hub.sync();
  const actions = { decisions: [{ action: 'RESOLVE' }, { action: 'ASSIGN' }] };
  expect(await read(legal ?? '', 'decisions { action }')).toEqual(actions);
  expect(await read(security ?? '', 'decisions { action }')).toEqual(actions);
});

test('two steps in one request each show what is so after them', async () => {
  const id = await raise('raiseObstacle', 'title: "No test data"');
  const shown = 'data { status owner { name } decisions { action } }';
  const answer = await office.ask<Record<string, unknown>>(
    `mutation ($id: ID!, $owner: ID!) {
      assignObstacle(id: $id, owner: $owner) { ... on AssignObstacleSuccess { ${shown} } }
      resolveObstacle(id: $id) { ... on ResolveObstacleSuccess { ${shown} } }
    }`,
    { id, owner: office.idOf('Ada') },
  );
  const raised = { action: 'RAISE_OBSTACLE' };
  expect(answer).toEqual({
    assignObstacle: {
      data: { status: 'OPEN', owner: { name: 'Ada' }, decisions: [raised, { action: 'ASSIGN' }] },
    },
    resolveObstacle: {
      data: {
        status: 'RESOLVED',
        owner: { name: 'Ada' },
        decisions: [raised, { action: 'ASSIGN' }, { action: 'RESOLVE' }],
      },
    },
  });
});
