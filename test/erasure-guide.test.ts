import { silentLogger } from '@plumbline/connector';
import { createApi, openHub } from '@plumbline/hub';
import { files } from '@plumbline/files';
import { mkdir, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finished } from './journeys/cli.ts';
import { newPlace, type Place } from './journeys/place.ts';
import { filesWith, tablesOf } from './journeys/search.ts';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/erasure.md'), 'utf8');
const names = ['Ada', 'Grace', 'Linus'];
let place: Place;
let config: object;

const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text ?? '');

beforeAll(async () => {
  place = await newPlace();
  const folder = join(place.folder, 'exports');
  await mkdir(folder);
  const rows = names.map((name) => `${name.toLowerCase()}@example.com,${name} Somebody,Consultant`);
  await writeFile(join(folder, 'people.csv'), `Mail,Name,Role\n${rows.join('\n')}\n`);
  config = {
    folder,
    tables: [
      {
        name: 'people',
        files: 'people.csv',
        kind: 'person',
        key: { column: 'Mail', scheme: 'email' },
        columns: { name: 'Name', email: 'Mail', role: 'Role' },
      },
    ],
  };
  await writeFile(
    join(place.folder, 'plumbline.config.ts'),
    `import { files } from '${join(root, 'plugins/files/src/index.ts')}';
    export default { ${blocks('ts')[0]} sources: [{ id: 'exports', connector: files, config: ${JSON.stringify(config)}, secrets: {} }] };`,
  );
});

afterAll(() => place.remove());

test('the queries and commands of the page do what it says, and nothing is left of three people', async () => {
  const open = () =>
    openHub({
      database: place.database,
      logger: silentLogger,
      sources: [{ id: 'exports', connector: files, config, secrets: {} }],
    });
  const hub = await open();
  const variables: Record<string, unknown> = { email: 'ada@example.com' };
  const answers: Record<string, unknown>[] = [];
  try {
    await hub.sync();
    expect(await tablesOf(hub, names)).not.toEqual([]);
    for (const query of blocks('graphql')) {
      const { data, errors } = await createApi(hub).query(query, variables);
      expect(errors).toBeUndefined();
      answers.push(JSON.parse(JSON.stringify(data)) as Record<string, unknown>);
      const [found] = (answers[0] as { people: { nodes: { id: string }[] } }).people.nodes;
      variables['person'] ??= found?.id;
    }
  } finally {
    await hub.close();
  }
  expect(answers).toMatchObject([
    { people: { nodes: [{ name: 'Ada Somebody' }] } },
    { erasurePreview: { records: [{ source: 'exports', stream: 'people' }], leftAlone: [] } },
    { erasePerson: { data: { records: [{ source: 'exports', stream: 'people' }] } } },
    { erasures: { nodes: [{ askedBy: 'local', reason: 'Request 12' }] } },
  ]);

  const commands = blocks('sh').flatMap((block) => block.trim().split('\n'));
  expect(commands).toHaveLength(3);
  const run = (line: string) => {
    const words = [...line.replace('npx -y pnpm plumbline ', '').matchAll(/"([^"]*)"|(\S+)/g)];
    const given = words.map(([, quoted, plain]) => quoted ?? plain ?? '');
    return finished([...given, '--data', place.data], { folder: place.folder, environment: place.environment });
  };
  const endings = [];
  for (const command of commands) endings.push(await run(command));
  expect(endings.map(({ code, errors }) => [code, errors])).toEqual(commands.map(() => [0, []]));
  expect(endings.map(({ lines }) => lines[0])).toEqual([
    'Of exports people would be erased or made unknowable:',
    'Of exports people will be erased or made unknowable:',
    'Of exports people will be erased or made unknowable:',
  ]);

  const after = await open();
  try {
    await after.sync();
    expect(await tablesOf(after, names)).toEqual([]);
  } finally {
    await after.close();
  }
  expect(filesWith(join(place.folder, 'exports'), names)).toHaveLength(1);
}, 240_000);
