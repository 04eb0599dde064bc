import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';

const main = join(import.meta.dirname, 'main.ts');
let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

function start(...flags: string[]): ChildProcess {
  child = spawn(process.execPath, [main, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  return child;
}

test('prints one line when the vendors listen, writes the truth, and ends by a signal', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-sandbox-'));
  const file = join(folder, 'truth.json');
  const sandbox = start('--seed', 'acme', '--today', '2026-11-20', '--truth', file);
  const [line] = (await once(createInterface({ input: sandbox.stdout as NodeJS.ReadableStream }), 'line')) as [string];
  const ready = JSON.parse(line) as { ready: boolean; addresses: Record<string, string>; sources: { id: string }[] };
  expect([ready.ready, ready.sources.map(({ id }) => id)]).toEqual([true, ['hubspot', 'jira', 'google-sheets']]);
  for (const url of Object.values(ready.addresses)) expect((await fetch(`${url}/__control/requests`)).status).toBe(200);
  const truth = JSON.parse(await readFile(file, 'utf8')) as { counts: { opportunity: number } };
  expect(truth.counts.opportunity).toBe(200);
  sandbox.kill('SIGTERM');
  expect(await once(sandbox, 'exit')).toEqual([0, null]);
  await rm(folder, { recursive: true });
});

test('says what is wrong with a flag', async () => {
  const sandbox = start('--today', '2026-02-30');
  const chunks: string[] = [];
  sandbox.stderr?.on('data', (chunk: Buffer) => chunks.push(String(chunk)));
  expect(await once(sandbox, 'exit')).toEqual([1, null]);
  expect(chunks.join('')).toContain('wants a calendar date such as 2026-11-20');
});
