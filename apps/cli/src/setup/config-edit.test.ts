import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addSource } from './config-edit.ts';
import { checkSourceFile, sourceFileOf, writeSourceFile } from './source-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-config-'));
  path = join(folder, 'plumbline.config.ts');
  mkdirSync(join(folder, 'plumbline.sources'));
  const source = `export default { id: 'jira-acme', connector: { install() {} }, config: {}, secrets: {} };\n`;
  writeFileSync(join(folder, 'plumbline.sources/jira-acme.ts'), source);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const line = `import jiraAcme from './plumbline.sources/jira-acme.ts';\n`;
const crm = `{ id: 'crm', connector: { install() {} }, config: {}, secrets: {} }`;

test('without a configuration one is made, and one is made once', async () => {
  expect(await addSource(path, 'jira-acme')).toEqual({ outcome: 'CREATED' });
  expect(readFileSync(path, 'utf8')).toBe(
    `import { defineConfig } from '@plumbline/hub';\n${line}\n// plumbline.config.example.ts shows every option.\nexport default defineConfig({\n  sources: [jiraAcme],\n});\n`,
  );
});

test.each([
  ['an empty list', 'export default { sources: [] };\n', `${line}export default { sources: [jiraAcme] };\n`],
  [
    'a list on one line',
    `export default {\n  sources: [${crm}],\n};\n`,
    `${line}export default {\n  sources: [jiraAcme, ${crm}],\n};\n`,
  ],
  [
    'a list over several lines, comments and other options',
    `// sources: [ in a comment\nimport 'node:fs';\n\nexport default {\n  scope: { commitmentField: 'x' }, // keep\n  sources: [\n    // the CRM\n    ${crm},\n  ],\n};\n`,
    `// sources: [ in a comment\nimport 'node:fs';\n${line}\nexport default {\n  scope: { commitmentField: 'x' }, // keep\n  sources: [\n    jiraAcme,\n    // the CRM\n    ${crm},\n  ],\n};\n`,
  ],
])('a configuration with %s gets the source, and nothing else changes', async (_, text, expected) => {
  writeFileSync(path, text.replaceAll('export default { sources', 'export default {\n  sources'));
  expect(await addSource(path, 'jira-acme')).toEqual({ outcome: 'EDITED' });
  expect(readFileSync(path, 'utf8')).toBe(
    expected.replaceAll('export default { sources', 'export default {\n  sources'),
  );
});

test.each([
  ['computes its sources', `const all = [];\nexport default { ['sources']: all };\n`],
  [
    'has two lists of that name',
    `const other = {\n  sources: [],\n};\nexport default {\n  sources: [],\n  scope: {},\n};\nvoid other;\n`,
  ],
  [
    'means something else by the list',
    `const draft = {\n  sources: [],\n};\nexport default { 'sources': [] };\nvoid draft;\n`,
  ],
  ['uses the name already', `const jiraAcme = 1;\nexport default {\n  sources: [],\n};\nvoid jiraAcme;\n`],
  ['cannot be evaluated', `throw new Error('no variable');\nexport default {\n  sources: [],\n};\n`],
])('a configuration that %s is left as it is, and a person is told what to add', async (_, text) => {
  writeFileSync(path, text);
  expect(await addSource(path, 'jira-acme')).toEqual({
    outcome: 'BY_HAND',
    add: [line.trimEnd(), '… sources: [jiraAcme, …]'],
  });
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(readdirSync(folder).toSorted()).toEqual(['plumbline.config.ts', 'plumbline.sources']);
});

test('a source that is configured already changes nothing', async () => {
  const text = `export default {\n  sources: [{ id: 'jira-acme', connector: { install() {} }, config: {}, secrets: {} }],\n};\n`;
  writeFileSync(path, text);
  expect(await addSource(path, 'jira-acme')).toEqual({ outcome: 'UNCHANGED' });
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('a source’s file is written anew only when that is asked for and nobody has edited it', () => {
  const file = sourceFileOf(path, 'jira');
  const imports = { package: '@plumbline/jira', connector: 'jira', configType: 'JiraConfigInput' };
  const write = (): void =>
    writeSourceFile(file, { id: 'jira', imports, config: { site: 'x' }, secrets: ['apiToken'], realm: null });
  checkSourceFile(file, { replace: false });
  write();
  expect(() => checkSourceFile(file, { replace: false })).toThrow('There is a source file');
  checkSourceFile(file, { replace: true });
  write();
  expect(readFileSync(file, 'utf8')).toContain(`secrets: {\n    apiToken: stored('jira.apiToken'),\n  },\n});\n`);
  writeFileSync(file, `${readFileSync(file, 'utf8')}// my note\n`);
  expect(() => checkSourceFile(file, { replace: true })).toThrow('was edited by hand, so it is not written over.');
});
