import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from './config-file.ts';

const source = `id: 'crm', connector: { install() {} }, config: {}, secrets: {}`;

/** Loads a file that exports this text. */
async function load(exported: string): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-config-file-'));
  try {
    const path = join(folder, 'plumbline.config.ts');
    await writeFile(path, `export default ${exported};\n`);
    return await loadConfig(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test.each([
  [
    'a member',
    `{ sources: [], clientStaus: { firm: 'Acme' } }`,
    'the default export: Unrecognized key: "clientStaus".',
  ],
  ['one of a source', `{ sources: [{ ${source}, everyMinute: 5 }] }`, 'sources.0: Unrecognized key: "everyMinute".'],
  [
    'one of a section',
    `{ sources: [], webhooks: { address: 'https://hub.acme.example', adress: '' } }`,
    'webhooks: Unrecognized key: "adress".',
  ],
])('%s that is misspelt is named, and not left out', async (_, exported, told) => {
  await expect(load(exported)).rejects.toMatchObject({
    code: 'BAD_CONFIG',
    message: expect.stringContaining(told) as string,
  });
});

test.each(['webhooks', 'clientStatus', 'statusMeetings'])('%s that is no section is named', async (name) => {
  await expect(load(`{ sources: [], ${name}: 'yes' }`)).rejects.toMatchObject({
    code: 'BAD_CONFIG',
    message: expect.stringContaining(`is not valid: ${name}: `) as string,
  });
});

test('a configuration with every section and every member of a source is taken as it is', async () => {
  const config = await load(`{
    sources: [{ ${source}, realm: 'acme', everyMinutes: 5, keeperOf: () => null }],
    authority: {}, changeControl: {}, proposals: {}, calendars: {}, earnedValue: {}, warnings: {}, scope: {}, nature: {},
    statusMeetings: {}, checkIns: {}, reviews: {}, webhooks: { address: 'https://hub.acme.example' }, clientStatus: { firm: 'Acme' }, erasure: { by: ['ops'] },
  }`);
  expect(config).toMatchObject({ sources: [{ realm: 'acme' }], clientStatus: { firm: 'Acme' } });
});
