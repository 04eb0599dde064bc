import { buildSchema } from '@plumbline/hub';
import { parse, validate } from 'graphql';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = [
  'README.md',
  ...globSync(['docs/**/*.md', 'plugins/*/README.md', 'apps/*/README.md', 'bench/README.md'], { cwd: root }),
];

interface Block {
  page: string;
  language: string;
  text: string;
}

const blocks: Block[] = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => ({
    page,
    language: match[1] ?? '',
    text: match[2] ?? '',
  })),
);

test('every query in the documentation fits the schema', () => {
  const schema = buildSchema();
  const queries = blocks.filter((block) => block.language === 'graphql');
  expect(queries.length).toBeGreaterThan(0);
  expect(
    queries.flatMap(({ page, text }) => validate(schema, parse(text)).map((error) => `${page}: ${error.message}`)),
  ).toEqual([]);
});

test('every link within the documentation leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1] ?? '')
      .filter((link) => !existsSync(join(root, dirname(page), link)))
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test('the code in the tutorial stands in the source it names, as it is written there', () => {
  const page = 'docs/write-a-connector.md';
  const text = readFileSync(join(root, page), 'utf8');
  const quotes = [...text.matchAll(/^\[([^\]]+)\]\([^)]+\):\n\n```ts\n([\s\S]*?)^```$/gm)];
  expect(quotes.length).toBe(blocks.filter((block) => block.page === page && block.language === 'ts').length);
  expect(quotes.length).toBeGreaterThan(10);
  const wrong = quotes.filter(
    ([, source = '', code = '']) => !`\n${readFileSync(join(root, source), 'utf8')}`.includes(`\n${code}`),
  );
  expect(wrong.map(([, source, code]) => `${source}: ${code}`)).toEqual([]);
});
