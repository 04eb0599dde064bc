import { buildSchema } from '@plumbline/hub';
import { parse, validate } from 'graphql';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
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

test('the connector of the tutorial passes the compiler as it is written there', () => {
  const code = blocks
    .filter((block) => block.page === 'docs/write-a-connector.md' && block.language === 'ts')
    .map((block) => block.text);
  const folder = mkdtempSync(join(root, 'docs/.tutorial-'));
  try {
    writeFileSync(join(folder, 'tutorial.ts'), code.join('\n'));
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: join(root, 'tsconfig.base.json'),
        compilerOptions: {
          typeRoots: [join(root, 'node_modules/@types')],
          paths: {
            '@plumbline/connector': [join(root, 'packages/connector/src/index.ts')],
            '@plumbline/hub': [join(root, 'packages/hub/src/config.ts')],
            zod: [join(root, 'packages/connector/node_modules/zod/index.d.cts')],
          },
        },
        files: ['tutorial.ts'],
      }),
    );
    const compiled = spawnSync(join(root, 'node_modules/.bin/tsc'), ['--noEmit', '-p', folder], { encoding: 'utf8' });
    expect(compiled.stdout).toBe('');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
