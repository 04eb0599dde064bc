import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checksOf } from '../packages/conformance/src/checks.ts';
import { abilities } from '../packages/conformance/src/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(root, 'docs/test-a-connector.md'), 'utf8');

test('what the page quotes stands in the tests of HubSpot as it is quoted', () => {
  const quoted = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
  const sources = ['conformance.test.ts', 'deals.subject.ts'].map((file) =>
    readFileSync(join(root, 'plugins/hubspot/src', file), 'utf8'),
  );
  expect(quoted).toHaveLength(2);
  expect(quoted.filter((text) => !sources.some((source) => source.includes(text)))).toEqual([]);
});

test('the page tells of every check and of every ability', () => {
  const listed = [...page.matchAll(/^\| ([^|]+) \|/gm)].map((match) => (match[1] ?? '').replaceAll('`', ''));
  const tells = (name: string): boolean =>
    listed.some((row) => {
      const [start = '', end = ''] = row.replace(/ \(and behind\)/, '').split('…');
      if (row.includes('(and behind)')) return name.replace('behind', 'ahead') === start;
      return row.includes('…') ? name.startsWith(start.trimEnd()) && name.endsWith(end.trimStart()) : name === row;
    });
  const names = checksOf({ refusals: [{ reason: 'any', answer: { status: 429 } }] }).map(({ name }) => name);
  expect([...names, ...abilities].filter((name) => !tells(name))).toEqual([]);
});
