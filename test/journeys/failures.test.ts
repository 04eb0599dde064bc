import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../packages/connector/src/index.ts';
import { openHub } from '../../packages/hub/src/index.ts';
import type { Sandbox } from '../../apps/sandbox/src/index.ts';
import { finished, type RunOptions } from './cli.ts';
import { readGraph } from './graph.ts';
import { newPlace, startVendors, writeConfig, type ConfigChanges, type Place } from './place.ts';

let vendors: Sandbox;
let place: Place;

beforeAll(async () => {
  vendors = await startVendors();
});
afterAll(() => vendors.close());

beforeEach(async () => {
  place = await newPlace();
});
afterEach(async () => {
  for (const vendor of [vendors.jira, vendors.hubspot, vendors.google]) vendor.faults.clear();
  await place.remove();
});

type Finished = Awaited<ReturnType<typeof finished>>;

async function plumbline(command: readonly string[], options: Partial<RunOptions> = {}): Promise<Finished> {
  return finished([...command, '--data', place.data], { ...place, ...options });
}

const sheetsOnly: ConfigChanges = { only: ['google-sheets'] };

test('wrong credentials: doctor names the source and the way out, sync ends with a failure, the other sources go on', async () => {
  await writeConfig(place.folder, vendors, {
    only: ['hubspot', 'google-sheets'],
    secrets: { hubspot: { accessToken: 'pat-wrong-secret' } },
  });
  const doctor = await plumbline(['doctor']);
  expect(doctor.code).toBe(1);
  const complaint = doctor.lines.filter((line) => line.startsWith('✗'));
  expect(complaint).toHaveLength(1);
  expect(complaint[0]).toMatch(/^✗ hubspot .*(401|rejects|credentials)/);
  const sync = await plumbline(['sync']);
  expect(sync.code).toBe(1);
  expect(sync.errors).toHaveLength(1);
  expect(sync.errors[0]).toMatch(/^hubspot credentials: /);
  expect([...doctor.lines, ...sync.lines, ...sync.errors].join('\n')).not.toContain('pat-wrong-secret');
  const graph = await readGraph(place.database);
  expect([graph.entities['opportunity'], graph.entities['rate']?.length]).toEqual([[], vendors.truth.counts.rate]);
});

test('an unreachable vendor: one sentence with its address, a failure, nothing lost', async () => {
  await writeConfig(place.folder, vendors, sheetsOnly);
  expect((await plumbline(['sync'])).code).toBe(0);
  const before = await readGraph(place.database);
  vendors.google.faults.add({ kind: 'reset' });
  const sync = await plumbline(['sync']);
  expect(sync.code).toBe(1);
  expect(sync.errors[0]).toContain(`${new URL(vendors.google.url).host} cannot be reached`);
  expect(sync.errors[0]).toContain('Check the address and the network');
  vendors.google.faults.clear();
  expect((await plumbline(['sync'])).code).toBe(0);
  expect(await readGraph(place.database)).toEqual(before);
});

test('a storm of 429 only takes time: nothing fails, nothing is lost', async () => {
  await writeConfig(place.folder, vendors, { only: ['hubspot'] });
  vendors.hubspot.faults.add({
    kind: 'answer',
    status: 429,
    times: 3,
    path: '^/crm/v4/associations',
    headers: { 'retry-after': '1' },
    body: { status: 'error', policyName: 'SECONDLY', message: 'too many' },
  });
  const sync = await plumbline(['sync']);
  expect([sync.code, sync.errors]).toEqual([0, []]);
  expect((await readGraph(place.database)).entities['opportunity']).toHaveLength(vendors.truth.counts.opportunity);
});

test('an unknown custom field: doctor names it', async () => {
  const jira = vendors.sources.find(({ id }) => id === 'jira')?.config as { changeRequests: object };
  await writeConfig(place.folder, vendors, {
    only: ['jira'],
    config: { jira: { changeRequests: { ...jira.changeRequests, origin: 'customfield_99999' } } },
  });
  const doctor = await plumbline(['doctor']);
  expect(doctor.code).toBe(1);
  const complaint = doctor.lines.filter((line) => line.startsWith('✗'));
  expect(complaint).toHaveLength(1);
  expect(complaint[0]).toContain('customfield_99999');
});

test('a missing header: doctor names it and the tab', async () => {
  const sheets = vendors.sources.find(({ id }) => id === 'google-sheets')?.config as {
    spreadsheets: { tabs: { name: string; columns: object }[] }[];
  };
  const spreadsheets = sheets.spreadsheets.map((sheet) => ({
    ...sheet,
    tabs: sheet.tabs.map((tab) =>
      tab.name === 'people' ? { ...tab, columns: { ...tab.columns, role: 'Occupation' } } : tab,
    ),
  }));
  await writeConfig(place.folder, vendors, { only: ['google-sheets'], config: { 'google-sheets': { spreadsheets } } });
  const doctor = await plumbline(['doctor']);
  expect(doctor.code).toBe(1);
  const complaint = doctor.lines.filter((line) => line.startsWith('✗'));
  expect(complaint).toHaveLength(1);
  expect(complaint[0]).toContain('Occupation');
  expect(complaint[0]).toContain('People');
});

test('a data folder that cannot be written', async () => {
  const file = join(place.folder, 'file');
  await writeFile(file, '');
  for (const command of ['start', 'sync', 'doctor'] as const) {
    const ended = await finished([command, '--data', join(file, 'data')], { folder: place.folder });
    expect([command, ended.code, ended.errors.length]).toEqual([command, 1, 1]);
    expect(ended.errors[0]).toMatch(
      /^The data folder .*\/file\/data cannot be written \(.*\)\. Give this user the right to write there, or choose another folder with --data\.$/,
    );
  }
});

test('a database that a newer program has written is left alone', async () => {
  const hub = await openHub({ database: place.database, sources: [], logger: silentLogger });
  await hub.database.orm.em
    .getConnection()
    .execute(`insert into migration (name, executed_at) values ('9999-of-tomorrow', now())`);
  await hub.close();
  await writeConfig(place.folder, vendors, sheetsOnly);
  const sync = await plumbline(['sync']);
  expect(sync.code).toBe(1);
  expect(sync.errors).toEqual([
    'The database was written by a newer Plumbline (it has the migration 9999-of-tomorrow). Start the newer program, or point this one at another database or data folder.',
  ]);
});

test('a PostgreSQL server that does not answer', async () => {
  const sync = await plumbline(['migrate'], {
    environment: { DATABASE_URL: 'postgres://someone:very-secret@127.0.0.1:1/plumbline' },
  });
  expect(sync.code).toBe(1);
  expect(sync.errors).toHaveLength(1);
  expect(sync.errors[0]).toMatch(/^PostgreSQL at 127\.0\.0\.1:1\/plumbline cannot be used \(.*\)\. Check DATABASE_URL/);
  expect(sync.errors[0]).not.toContain('very-secret');
});

test('an environment, a configuration, a query and an option that are wrong: each one sentence', async () => {
  const environment = await plumbline(['doctor'], { environment: { DATABASE_URL: 'mysql://x' } });
  expect([environment.code, environment.errors]).toEqual([
    1,
    [
      'The environment is not valid: DATABASE_URL: wants an address such as postgres://user@host:5432/plumbline. Correct these variables, or unset them.',
    ],
  ]);
  const absent = await plumbline(['doctor', '--config', 'nowhere.ts']);
  expect([absent.code, absent.errors]).toEqual([
    1,
    [`There is no configuration ${join(place.folder, 'nowhere.ts')}. Check the path given with --config.`],
  ]);
  await writeFile(join(place.folder, 'plumbline.config.ts'), 'export default { sources: [{ id: 1 }] };\n');
  const invalid = await plumbline(['doctor']);
  expect(invalid.code).toBe(1);
  expect(invalid.errors[0]).toMatch(
    /plumbline\.config\.ts is not valid: sources\.0\.id: .*; sources\.0\.connector: wants a connector/,
  );
  await writeConfig(place.folder, vendors, sheetsOnly);
  const query = await plumbline(['query', '{ nonsense']);
  expect([query.code, query.errors.length]).toEqual([1, 1]);
  const source = await plumbline(['sync', 'salesforce']);
  expect([source.code, source.errors]).toEqual([1, ['There is no source "salesforce". There are: google-sheets.']]);
});

test('the sandbox and configured sources never meet in one data folder', async () => {
  await mkdir(join(place.data, 'database'), { recursive: true });
  const sandbox = await finished(['sync', '--data', place.data], { folder: place.folder });
  expect(sandbox.errors[0]).toContain(
    'holds the data of configured sources, and there is no plumbline.config.ts here.',
  );
  const other = await newPlace();
  await mkdir(other.data, { recursive: true });
  await writeFile(join(other.data, 'sandbox.json'), '{"seed":"acme","size":"small","today":"2026-11-20","ports":null}');
  await writeConfig(other.folder, vendors, sheetsOnly);
  const configured = await finished(['sync', '--data', other.data], { folder: other.folder });
  expect(configured.errors[0]).toContain('holds the sandbox company, which must not mix');
  expect([sandbox.code, configured.code]).toEqual([1, 1]);
  await other.remove();
});
