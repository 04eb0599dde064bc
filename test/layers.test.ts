import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

const forPlugins = ['@plumbline/connector', '@plumbline/emulator', '@plumbline/table', '@plumbline/conformance'];

/** L0 imports nothing of ours but the contract; hub and plugins import L0 and never each other; apps compose. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'packages/connector': [],
  'packages/emulator': ['@plumbline/connector'],
  'packages/hub': ['@plumbline/connector'],
  'packages/table': ['@plumbline/connector'],
  'packages/conformance': ['@plumbline/connector', '@plumbline/emulator', '@plumbline/hub'],
  'packages/create-connector/template': forPlugins,
  ...Object.fromEntries(globSync('plugins/*', { cwd: root }).map((plugin) => [plugin, forPlugins])),
};

/** A room imports itself and those before it. */
const rooms = [
  'kernel',
  'people',
  'clients',
  'money',
  'opportunities',
  'projects',
  'reviews',
  'proposals',
  'change-requests',
  'time',
  'risks',
  'reports',
  'check-ins',
  'signature',
  'sources',
  'sync',
  'packs',
  'client-status',
];

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

function sources(folder: string): string[] {
  return globSync('**/*.ts', { cwd: join(root, folder), exclude: (name) => name === 'node_modules' }).map(
    (file) => `${folder}/${file}`,
  );
}

test('packages import only the layers beneath them', () => {
  const wrong = Object.entries(mayImport).flatMap(([folder, allowed]) =>
    sources(folder).flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('@plumbline/'))
        .filter((name) => !allowed.some((each) => name === each || name.startsWith(`${each}/`)))
        .map((name) => `${file} imports ${name}`),
    ),
  );
  expect(wrong).toEqual([]);
});

test('a room imports only itself and the rooms before it', () => {
  const hub = 'packages/hub/src';
  const wrong = sources(hub).flatMap((file) => {
    const room = relative(hub, file).split('/')[0] ?? '';
    if (!rooms.includes(room) || file.endsWith('.test.ts')) return [];
    return importsOf(file).flatMap((name) => {
      if (!name.startsWith('.')) return [];
      const other = relative(hub, join(dirname(file), name)).split('/')[0] ?? '';
      if (!rooms.includes(other)) return other.startsWith('..') ? [] : [`${file} imports the wiring: ${name}`];
      return rooms.indexOf(other) <= rooms.indexOf(room) ? [] : [`${file} imports ${other}`];
    });
  });
  expect(wrong).toEqual([]);
});

test('only the apps read the environment, and only they write to the console', () => {
  const wrong = ['packages', 'plugins'].flatMap((folder) =>
    sources(folder)
      .filter((file) => !file.endsWith('.test.ts') && !file.includes('/test/'))
      .flatMap((file) => (/process\.env|\bconsole\./.test(readFileSync(join(root, file), 'utf8')) ? [file] : [])),
  );
  expect(wrong).toEqual([]);
});
