import { silentLogger } from '@plumbline/connector';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEnvironment } from '../environment.ts';
import { openInstallation } from './installation.ts';
import { keySource, writableSecretsOf } from './secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const place = (variables: Record<string, string>) => ({
  data: 'data',
  folder,
  environment: readEnvironment({ PLUMBLINE_SECRET_KEY_FILE: 'secret.key', ...variables }),
});

/** What opening a configuration that refers to a stored secret is refused with. */
async function refusal(variables: Record<string, string> = {}): Promise<string> {
  const opened = openInstallation({ ...place(variables), config: undefined, wishes: {}, logger: silentLogger });
  return opened.then(
    () => 'nothing',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

test('a configuration with stored secrets: another key, no key, a changed file, no secret', async () => {
  writeFileSync(
    join(folder, 'plumbline.config.ts'),
    `const source = { id: 'jira', connector: { install() { throw new Error('installed') } }, config: {} };
export default { sources: [{ ...source, secrets: { apiToken: { storedSecret: 'jira.apiToken' } } }] };\n`,
  );
  const file = join(folder, 'data/secrets.json');
  expect(await refusal()).toBe(`There is no stored secret jira.apiToken in ${file}.`);
  (await writableSecretsOf(place({}))).set({ 'jira.apiToken': 'the-token' });
  expect(await refusal()).toBe('installed');
  expect(await refusal({ PLUMBLINE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') })).toMatch(
    /^The stored secret jira\.apiToken was encrypted with another key/,
  );
  expect(await refusal({ PLUMBLINE_SECRET_KEY_FILE: 'no.key' })).toMatch(/^There is no key for the stored secrets/);
  const stored = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    stored.replace(/"sealed": "(.)/, (_, first: string) => `"sealed": "${first === 'A' ? 'B' : 'A'}`),
  );
  expect(await refusal()).toBe('The stored secret jira.apiToken was altered since it was stored, so it is not used.');
});

test('the key is kept away from the data folder unless somebody says otherwise', () => {
  const environment = readEnvironment({ XDG_CONFIG_HOME: '/home/ada/.settings' });
  expect(keySource({ ...place({}), environment })).toEqual({
    text: undefined,
    file: '/home/ada/.settings/plumbline/secret.key',
  });
  expect(keySource(place({ PLUMBLINE_SECRET_KEY: 'x' }))).toEqual({ text: 'x', file: join(folder, 'secret.key') });
});
