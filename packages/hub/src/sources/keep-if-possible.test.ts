import { HubError, type SecretKeeper } from '@plumbline/connector';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepIfPossible } from './keep-if-possible.ts';
import { openSecretStore, type SecretStore } from './secret-store.ts';

let folder: string;
let store: SecretStore;
let keeper: SecretKeeper;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-read-only-'));
  store = openSecretStore({ file: join(folder, 'secrets.json'), key: () => Buffer.alloc(32, 7) });
  store.set({ 'hubspot.refreshToken': 'grant' });
  keeper = keepIfPossible(store.keeper('hubspot.refreshToken'), 'grant');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const more = async (kept: string): Promise<string> => `${kept}+`;
/** Nothing can be written where a folder stands, whoever this process runs as. */
const forbid = (name: string): void => void mkdirSync(join(folder, name));

test('what can be kept is kept where it stands', async () => {
  expect(await keeper.replace(more)).toBe('grant+');
  expect(store.get('hubspot.refreshToken')).toBe('grant+');
});

test('where no lock can be made, it is kept in memory, and goes on from there', async () => {
  forbid('secrets.json.hubspot.refreshToken.lock');
  expect([await keeper.replace(more), await keeper.replace(more)]).toEqual(['grant+', 'grant++']);
  expect(store.get('hubspot.refreshToken')).toBe('grant');
});

test('where the file cannot be written, what was gained is used, and not asked for twice', async () => {
  forbid('secrets.json.new');
  let asked = 0;
  const kept = await keeper.replace(async (before) => {
    asked += 1;
    return `${before}+`;
  });
  expect([kept, asked, store.get('hubspot.refreshToken')]).toEqual(['grant+', 1, 'grant']);
});

test('a vendor that is away, and a secret that a person removed, are no matter of keeping', async () => {
  const away = new HubError({ code: 'UNAVAILABLE', message: 'The vendor is away.', remedy: 'Wait.' });
  await expect(keeper.replace(() => Promise.reject(away))).rejects.toThrow('The vendor is away.');
  store.remove('hubspot.refreshToken');
  await expect(keeper.replace(more)).rejects.toThrow('There is no stored secret hubspot.refreshToken');
});
