import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createConnector, nextSteps } from './create-connector.ts';

const root = join(import.meta.dirname, '../../..');
const modules = join(root, 'node_modules');

/** Within this package, so that what is created finds its dependencies without being installed. */
let plugins: string;
beforeEach(async () => {
  plugins = await mkdtemp(join(import.meta.dirname, '../.created-'));
});
afterEach(() => rm(plugins, { recursive: true, force: true }));

/** Of what vitest reports as JSON, what is looked at here. */
interface TestReport {
  testResults: { assertionResults: { title: string; status: string }[] }[];
}

function run(script: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(modules, script), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', VITEST: undefined, CI: '1' },
  });
  return { status, output: stdout + stderr };
}

test('what is created passes the compiler, the linter and its own tests', async () => {
  const written = await createConnector('acme-crm', plugins);
  const folder = join(plugins, 'acme-crm');
  expect(written).toContain(join(folder, 'emulator/acme-crm-emulator.ts'));
  const texts = await Promise.all(written.map((path) => readFile(path, 'utf8')));
  expect(texts.filter((text) => /template.?vendor/i.test(text))).toEqual([]);
  expect(texts.join('')).toContain('export const acmeCrm: Connector');

  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { typeRoots: [join(modules, '@types')] },
      // The whole hub stands behind the conformance test, which `pnpm check` compiles as the template has it.
      include: ['.'],
      exclude: ['test/conformance.test.ts', 'test/*.subject.ts'],
    }),
  );
  expect(run('typescript/bin/tsc', ['--noEmit', '-p', folder])).toEqual({ status: 0, output: '' });
  expect(run('oxlint/bin/oxlint', [folder]).output).toContain('Found 0 warnings and 0 errors');
  // As `pnpm test plugins/acme-crm` does, with the database that the conformance kit wants.
  const report = join(plugins, 'report.json');
  const tested = run('vitest/vitest.mjs', ['run', relative(root, folder), '--reporter=json', `--outputFile=${report}`]);
  const results = (JSON.parse(await readFile(report, 'utf8')) as TestReport).testResults.flatMap(
    (file) => file.assertionResults,
  );
  const titles = (status: string) => results.filter((each) => each.status === status).map(({ title }) => title);
  expect(titles('failed')).toEqual([]);
  expect(titles('passed')).toEqual(
    expect.arrayContaining([
      'a risk that changes while pages are read comes on a later one, and none is passed over in its place',
      // Of the kit’s checks the report has the beginnings.
      expect.stringMatching(/^records that move to another page while/),
      expect.stringMatching(/^what is deleted is gone from the graph/),
    ]),
  );
  expect(tested.status).toBe(0);
}, 180_000);

test.each([
  [undefined, 'Give the connector’s name'],
  ['', '"" is no name for a connector'],
  ['Acme', '"Acme" is no name for a connector: it wants lower case, digits and dashes'],
  ['../acme', '"../acme" is no name'],
  ['7geese', '"7geese" is no name'],
  ['acme_crm', '"acme_crm" is no name'],
  ['a'.repeat(41), 'is no name'],
  ['new', '"new" is a word of JavaScript'],
])('the name %s is refused with a sentence, and nothing is written', async (name, message) => {
  await expect(createConnector(name, plugins)).rejects.toThrow(message);
  expect(await readdir(plugins)).toEqual([]);
});

test('a folder that exists is left alone', async () => {
  await mkdir(join(plugins, 'acme'));
  await expect(createConnector('acme', plugins)).rejects.toThrow('acme exists already');
  expect(await readdir(join(plugins, 'acme'))).toEqual([]);
});

test('the command refuses a connector there is, in one sentence', () => {
  const { status, output } = run('../packages/create-connector/src/main.ts', ['jira']);
  expect(status).toBe(1);
  expect(output.trim().split('\n')).toEqual([expect.stringContaining('plugins/jira exists already.')]);
});

test('the next steps name the package and what it exports', () => {
  expect(nextSteps('acme-crm')).toContain("import { acmeCrm } from '@plumbline/acme-crm'");
});
