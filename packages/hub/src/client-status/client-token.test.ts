import { manualClock } from '@plumbline/connector';
import { getIntrospectionQuery } from 'graphql';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openClientOffice } from '../../test/client-office.ts';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { createApi } from '../api.ts';
import { createClientApi } from './client-api.ts';

const HOUR = 3_600_000;
// Already the seventh in Berlin, where the project is.
const clock = manualClock('2026-03-06T23:30:00Z');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openClientOffice>>;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  office = await openClientOffice({ database, clock });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

test('the text of a token is shown once and kept nowhere', async () => {
  const { token, details } = await office.tokenFor('Acme GmbH');
  expect(token).toMatch(/^plumbline-client-[\w-]{43}$/);
  const { rows } = await sql<{ line: string }>`select client_token::text as line from client_token`.execute(
    office.hub.database.rows,
  );
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ line }) => line.includes(token) || line.includes(token.slice(-43)))).toEqual([]);
  expect(details).toMatchObject({ name: 'PMO', lastUsedOn: null, revokedAt: null });
});

test('a token that is revoked, has ended or was never made opens nothing, from that moment on', async () => {
  const { token, details } = await office.tokenFor('Acme GmbH');
  expect((await office.see(token, '{ __typename }')).status).toBe(200);
  const revoke = `mutation { revokeClientToken(id: "${details.id}") { ... on RevokeClientTokenSuccess { data { lastUsedOn revokedAt revokedBy } } } }`;
  const revoked = { lastUsedOn: '2026-03-06', revokedAt: clock.now().toString(), revokedBy: 'test-key' };
  expect(await office.ask(revoke)).toEqual({ revokeClientToken: { data: revoked } });
  expect(await office.see(token, getIntrospectionQuery())).toEqual({
    status: 401,
    errors: [{ message: 'This token is not known, has ended or was revoked. Ask us for a new one.' }],
  });
  expect((await office.api.page(token)).status).toBe(401);
  clock.advance(HOUR);
  expect(await office.ask(revoke)).toEqual({ revokeClientToken: { data: revoked } });
  const { data: short } = await office.create(
    await office.clientId('Acme GmbH'),
    'name: "Short", expiresAt: "2026-03-07T01:30:00Z"',
  );
  expect((await office.see(short?.token ?? '', '{ __typename }')).status).toBe(200);
  clock.advance(HOUR);
  expect((await office.see(short?.token ?? '', '{ __typename }')).status).toBe(401);
  expect((await office.see(`plumbline-client-${'A'.repeat(43)}`, '{ __typename }')).status).toBe(401);
});

test('a token is refused where it would open nothing, or for ever', async () => {
  const acme = await office.clientId('Acme GmbH');
  expect(await office.create(acme, 'name: " ", expiresAt: "2026-12-31T00:00:00Z"')).toMatchObject({ argument: 'name' });
  expect(await office.create(acme, 'name: "PMO", expiresAt: "2026-03-01T00:00:00Z"')).toMatchObject({
    argument: 'expiresAt',
    message: 'That is in the past.',
  });
  expect(await office.create(acme, 'name: "PMO", expiresAt: "2027-06-01T00:00:00Z"')).toMatchObject({
    argument: 'expiresAt',
  });
  expect(await office.create(office.idOf('Ada'))).toMatchObject({ message: 'The id is one of a Person.' });
  const unknown = Buffer.from('Client:00000000-0000-7000-8000-000000000000').toString('base64url');
  expect(await office.create(unknown)).toMatchObject({ message: 'There is no such client.' });
});

test('where clients are shown nothing there is no token to make, and a client has so many at most', async () => {
  const shut = createApi({ ...office.hub, clientStatus: null });
  const { data } = await shut.query(
    `mutation { createClientToken(client: "${await office.clientId('Beta & Söhne')}", name: "PMO", expiresAt: "2026-12-31T00:00:00Z") { ... on RefusedError { guard } } }`,
  );
  expect(data).toEqual({ createClientToken: { guard: 'clientStatus' } });
  const beta = await office.clientId('Beta & Söhne');
  for (let n = 0; n < 50; n += 1) expect((await office.create(beta)).message).toBeUndefined();
  expect(await office.create(beta)).toMatchObject({ guard: 'tokens', message: 'The client has 50 tokens that work.' });
});

test('a client that turns out to be another is seen by the tokens of both', async () => {
  const old = await office.tokenFor('Acme Old');
  expect(await office.projectsOf(old.token)).toEqual(['Archive']);
  office.script['clients']?.pages.push({
    records: [rawRecord('acme', ['client:acme', 'client:old'], { name: 'Acme GmbH' })],
  });
  await office.hub.sync();
  expect(await office.projectsOf(old.token)).toEqual(['Archive', 'Rollout']);
  const { clients } = await office.ask<{ clients: { nodes: { name: string; tokens: { id: string }[] }[] } }>(
    '{ clients { nodes { name tokens { id } } } }',
  );
  expect(clients.nodes.find(({ name }) => name === 'Acme GmbH')?.tokens.map(({ id }) => id)).toContain(old.details.id);
  await office.ask(`mutation { revokeClientToken(id: "${old.details.id}") { __typename } }`);
  expect(await office.projectsOf(old.token)).toBeUndefined();
});

test('tokens of a client that turned out to be another count, too', async () => {
  const add = (...records: ReturnType<typeof rawRecord>[]) => office.script['clients']?.pages.push({ records });
  add(rawRecord('c1', ['client:c1'], { name: 'Gamma' }), rawRecord('c2', ['client:c2'], { name: 'Gamma Old' }));
  await office.hub.sync();
  const ids = [await office.clientId('Gamma'), await office.clientId('Gamma Old')];
  for (const id of ids) expect((await office.create(id)).message).toBeUndefined();
  add(rawRecord('c1', ['client:c1', 'client:c2'], { name: 'Gamma' }));
  await office.hub.sync();
  for (let n = 2; n < 50; n += 1) expect((await office.create(ids[n % 2] ?? '')).message).toBeUndefined();
  for (const id of ids) expect(await office.create(id)).toMatchObject({ guard: 'tokens' });
});

test('who asks too often waits, and nobody else does', async () => {
  const [busy, other] = [await office.tokenFor('Acme GmbH'), await office.tokenFor('Acme GmbH')];
  await office.see(other.token, '{ __typename }');
  const answers: number[] = [];
  for (let n = 0; n < 32; n += 1) answers.push((await office.see(busy.token, '{ __typename }')).status);
  expect(answers.indexOf(429)).toBe(30);
  for (let n = 0; n < 80; n += 1) await office.api.page(`plumbline-client-${String(n).padStart(43, 'A')}`);
  expect((await office.api.page(`plumbline-client-${'B'.repeat(43)}`)).status).toBe(429);
  expect((await office.see(other.token, '{ __typename }')).status).toBe(200);
  clock.advance(HOUR);
  expect((await office.see(busy.token, '{ __typename }')).status).toBe(200);
});

test('who guesses keeps no client out, not even one that a process has not seen yet', async () => {
  const { token } = await office.tokenFor('Acme GmbH');
  const started = createClientApi(office.hub, office.settings);
  const guesses: number[] = [];
  for (let n = 0; n < 61; n += 1)
    guesses.push((await started.page(`plumbline-client-${String(n).padStart(43, 'A')}`)).status);
  expect([guesses.indexOf(429), (await started.page(token)).status]).toEqual([60, 200]);
});

test('first requests that come together share one rate', async () => {
  const { token } = await office.tokenFor('Acme GmbH');
  const started = createClientApi(office.hub, office.settings);
  const together = await Promise.all(Array.from({ length: 40 }, async () => (await started.page(token)).status));
  expect(together.filter((status) => status === 200)).toHaveLength(30);
});
