import { manualClock, silentLogger } from '@plumbline/connector';
import { createApi, openHub, type Api, type Hub } from '@plumbline/hub';
import { startSandbox, type Sandbox } from '@plumbline/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { unhurried } from './place.ts';

let database: TestDatabase;
let sandbox: Sandbox;
let hub: Hub;
let api: Api;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  sandbox = await startSandbox({ seed: 'acme', size: 'small', today: '2026-11-20', sheetsReadsPerMinute: 100_000 });
  hub = await openHub({
    database: database.target,
    // Deals and who sells them; what is delivered is asked about by figures that have tests of their own.
    sources: sandbox.sources.filter(({ id }) => id !== 'jira').map(unhurried),
    logger: silentLogger,
    clock: manualClock('2026-11-20T12:00:00Z'),
    // As the rules of the company count them.
    checkIns: { questions: { pushes: 3, quietDays: 15 } },
  });
  await hub.sync();
  api = createApi(hub);
}, 240_000);

afterAll(async () => {
  await hub.close();
  await sandbox.close();
  await database.drop();
});

interface Asked {
  rule: string;
  opportunity: { name: string } | null;
}

/** Names of the deals that are asked about by one of these rules. */
async function asked(...rules: string[]): Promise<string[]> {
  const { data, errors } = await api.query(
    `{ questions(first: 500, rules: [${rules.join(', ')}]) { rule opportunity { name } } }`,
  );
  expect(errors).toBeUndefined();
  return (data as { questions: Asked[] }).questions.flatMap(({ opportunity }) => opportunity?.name ?? []).toSorted();
}

/** Names of the deals of which the company says so. */
function planted(rule: string): string[] {
  return sandbox.truth.anomalies
    .filter((anomaly) => anomaly.rule === rule && anomaly.subject.kind === 'opportunity')
    .map(({ subject }) => subject.name)
    .toSorted();
}

test('every deal that was let slip is asked about by its rule, and no other', async () => {
  expect(planted('R07').length).toBeGreaterThan(3);
  expect(await asked('CLOSE_DATE_PAST')).toEqual(planted('R07'));
  expect(planted('R19').length).toBeGreaterThan(1);
  expect(await asked('NO_OWNER')).toEqual(planted('R19'));
  expect(planted('R21').length).toBeGreaterThan(3);
  expect(await asked('NO_ACTIVITY')).toEqual(planted('R21'));
});

test('what was put off and what has no next step is asked about in one question or the other', async () => {
  expect(planted('R22').length).toBeGreaterThan(2);
  expect(await asked('CLOSE_DATE_MOVED', 'REQUALIFY')).toEqual(planted('R22'));
  expect(planted('R23').length).toBeGreaterThan(3);
  expect(await asked('CLOSE_DATE_MOVED', 'NO_NEXT_STEP')).toEqual(planted('R23'));
});

test('a firm that keeps its offers elsewhere is not asked where each of them is', async () => {
  expect(await asked('NOT_REVIEWED')).toEqual([]);
});
