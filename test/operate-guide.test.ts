import { manualClock } from '@plumbline/connector';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProgram } from '../apps/cli/src/program.ts';
import { limits } from '../packages/hub/src/kernel/builder.ts';
import { runStatuses } from '../packages/hub/src/sync/run.ts';
import { emptyDatabase, type TestDatabase } from '../packages/hub/test/database.ts';
import { rawRecord, type Script } from '../packages/hub/test/memory-connector.ts';
import { officeScript, openOffice, take } from '../packages/hub/test/office.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const page = read('docs/operate.md');
const clock = manualClock('2026-03-06T10:00:00Z');
let database: TestDatabase;
let script: Script;
let office: Awaited<ReturnType<typeof openOffice>>;

beforeAll(async () => {
  database = await emptyDatabase({ durable: true });
  script = officeScript();
  script['projects']?.pages.push({ records: [rawRecord('2', ['project:2'], { name: 'Odd', status: 'SLEEPING' })] });
  office = await openOffice({ database, script, clock });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

/** What stands in blocks of a language. */
function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);
}

interface Found {
  sources?: { streams: { name: string; lastRun: { status: string; warnings: string[] } | null }[] }[];
  syncRuns?: { nodes: { stream: string; status: string; warnings: string[] }[] };
  quarantine?: { totalCount?: number; nodes?: { externalId: string; error: string; payload: unknown }[] };
  remap?: { message?: string; data?: { status: string; counts: { read: number; quarantined: number } }[] };
}

test('the queries of the page find the record that cannot be read, and the run that left it out', async () => {
  const answers: Found[] = [];
  for (const query of blocks('graphql')) answers.push(await office.ask<Found>(query));
  const [health, runs, quarantine, remap, ...more] = answers;
  expect(more).toEqual([]);
  expect(health?.quarantine).toEqual({ totalCount: 1 });
  const projects = health?.sources?.[0]?.streams.find(({ name }) => name === 'projects');
  expect(projects?.lastRun?.status).toBe('PARTIAL');
  expect(runs?.syncRuns?.nodes).toMatchObject([{ stream: 'projects', status: 'PARTIAL' }]);
  expect(runs?.syncRuns?.nodes[0]?.warnings[0]).toContain('status');
  expect(quarantine?.quarantine?.nodes).toMatchObject([
    { externalId: '2', payload: { fields: { name: 'Odd', status: 'SLEEPING' } } },
  ]);
  expect(quarantine?.quarantine?.nodes?.[0]?.error).toContain('status');
  expect(remap?.remap?.data).toMatchObject([{ status: 'PARTIAL', counts: { read: 2, quarantined: 1 } }]);
});

const embedded = !process.env['PLUMBLINE_TEST_DATABASE_URL'];

test.runIf(embedded)('a copy of the data folder, made while nobody uses it, has all that was decided', async () => {
  const folder = database.target.engine === 'pglite' ? (database.target.folder ?? '') : '';
  const project = office.idOf('Rollout');
  await take(office.ask, 'captureChangeRequest', `project: "${project}", title: "Export to CSV"`);
  await office.hub.close();
  const copy = mkdtempSync(join(tmpdir(), 'plumbline-copy-'));
  cpSync(folder, copy, { recursive: true });
  office = await openOffice({ database, script, clock });
  const restored = await openOffice({
    database: { target: { engine: 'pglite', folder: copy }, drop: async () => undefined },
    script,
    clock,
  });
  try {
    expect(restored.idOf('Rollout')).toBe(project);
    const { changeRequests } = await restored.ask<{ changeRequests: { nodes: unknown[] } }>(
      '{ changeRequests { nodes { title state decisions { action actor } } } }',
    );
    expect(changeRequests.nodes).toEqual([
      { title: 'Export to CSV', state: 'CAPTURED', decisions: [{ action: 'CAPTURE', actor: 'test-key' }] },
    ]);
  } finally {
    await restored.hub.close();
    rmSync(copy, { recursive: true, force: true });
  }
});

test('the page names every variable that the program reads, and no other', () => {
  const schema = /const schema = z\.object\(\{([\s\S]*?)\n\}\);/.exec(read('apps/cli/src/environment.ts'))?.[1] ?? '';
  const variables = [...schema.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name);
  const [, table = ''] = /^\| variable [\s\S]*?\n\| ---.*\n([\s\S]*?)\n\n/m.exec(page) ?? [];
  const named = table.split('\n').flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)]);
  expect(variables.length).toBeGreaterThan(5);
  expect(named.map(([, name]) => name).toSorted()).toEqual(variables.toSorted());
});

test('the commands of the page are commands of the program, with their options', async () => {
  const lines = blocks('sh').flatMap((block) => [...block.matchAll(/npx -y pnpm plumbline (.*)$/gm)]);
  expect(lines.length).toBeGreaterThan(4);
  let ran = 0;
  for (const [, line = ''] of lines) {
    const program = createProgram(async () => void (ran += 1)).exitOverride();
    for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
    await program.parseAsync(line.split(' '), { from: 'user' });
  }
  expect(ran).toBe(lines.length);
});

test('limits and statuses are those of the program', () => {
  expect(page).toContain(`reported in \`extensions.cost\` | ${limits.cost.toLocaleString('en')} |`);
  expect(page).toContain(`| depth | ${limits.depth} |`);
  expect(page).toContain(`| ids of \`nodes\` | ${limits.ids} |`);
  const [, table = ''] = /^\| status [\s\S]*?\n\| ---.*\n([\s\S]*?)\n\n/m.exec(page) ?? [];
  const ended = runStatuses.filter((status) => status !== 'RUNNING');
  expect(table.split('\n').map((row) => row.split('|')[1]?.trim())).toEqual(ended);
});
