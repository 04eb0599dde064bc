import { randomBytes } from 'node:crypto';
import fs, { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readSecretKey, settleSecretKey } from './secret-key.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { openSecretStore, type SecretStore } from './secret-store.ts';
import { keepersOf, stored, withSecrets } from './stored-secret.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-secrets-'));
  file = join(folder, 'data/secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const key = randomBytes(32);
const open = (with_: Buffer = key): SecretStore => openSecretStore({ file, key: () => with_ });

test('what is stored comes back, and is nowhere in the file, which only its owner may read', () => {
  const token = 'canary-Ünïcode-token\nwith two lines';
  open().set({ 'jira.apiToken': token, 'hubspot.accessToken': 'canary-of-hubspot' });
  expect(open().names()).toEqual(['hubspot.accessToken', 'jira.apiToken']);
  expect(open().get('jira.apiToken')).toBe(token);
  const written = readFileSync(file, 'utf8');
  expect(written).not.toContain('canary');
  expect(written).not.toContain(Buffer.from(token).toString('base64'));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(open().remove('jira.apiToken')).toBe(true);
  expect(open().remove('jira.apiToken')).toBe(false);
  expect(open().names()).toEqual(['hubspot.accessToken']);
});

test('the same secret stored twice looks different each time', () => {
  open().set({ 'jira.apiToken': 'same' });
  const first = readFileSync(file, 'utf8');
  open().set({ 'jira.apiToken': 'same' });
  expect(readFileSync(file, 'utf8')).not.toBe(first);
});

test('another key, an altered text, and a secret in another’s place are each told in a sentence', () => {
  open().set({ 'jira.apiToken': 'one-token', 'hubspot.accessToken': 'other-token' });
  expect(() => open(randomBytes(32)).get('jira.apiToken')).toThrow(
    /^The stored secret jira\.apiToken was encrypted with another key \([0-9a-f]{8}\) than the one given \([0-9a-f]{8}\)\.$/,
  );
  const kept = JSON.parse(readFileSync(file, 'utf8')) as {
    secrets: Record<string, { sealed: string }>;
  };
  const entries = kept.secrets;
  const swapped = { 'jira.apiToken': entries['hubspot.accessToken'], 'hubspot.accessToken': entries['jira.apiToken'] };
  writeFileSync(file, JSON.stringify({ ...kept, secrets: swapped }));
  const altered = 'The stored secret jira.apiToken was altered since it was stored, so it is not used.';
  expect(() => open().get('jira.apiToken')).toThrow(altered);
  const bytes = Buffer.from(entries['jira.apiToken']?.sealed ?? '', 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  for (const sealed of [bytes.toString('base64'), bytes.subarray(0, 8).toString('base64'), '']) {
    const tampered = { 'jira.apiToken': { ...entries['jira.apiToken'], sealed } };
    writeFileSync(file, JSON.stringify({ ...kept, secrets: tampered }));
    expect(() => open().get('jira.apiToken')).toThrow(altered);
  }
  writeFileSync(file, '{"version":');
  expect(() => open().names()).toThrow(`The file of secrets ${file} cannot be read.`);
});

test('a secret that is not there and a name that is none say what to do', () => {
  expect(() => open().get('jira.apiToken')).toThrow(`There is no stored secret jira.apiToken in ${file}.`);
  expect(() => open().set({ apiToken: 'x' })).toThrow('"apiToken" is no name of a secret.');
});

test('the key file is made once, for its owner alone, and refused when others may read it', () => {
  const keyFile = join(folder, 'config/plumbline/secret.key');
  expect(() => readSecretKey({ file: keyFile })).toThrow(
    `There is no key for the stored secrets: PLUMBLINE_SECRET_KEY is not set, and there is no file ${keyFile}.`,
  );
  const made = settleSecretKey({ file: keyFile });
  expect(made).toHaveLength(32);
  expect(settleSecretKey({ file: keyFile })).toEqual(made);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(settleSecretKey({ file: keyFile, text: key.toString('base64') })).toEqual(key);
  chmodSync(keyFile, 0o640);
  expect(() => readSecretKey({ file: keyFile })).toThrow('can be read by others (its mode is 0640)');
});

test('a key that is none is refused without being shown', () => {
  const read = (): Buffer => readSecretKey({ file, text: 'hunter2' });
  expect(read).toThrow('PLUMBLINE_SECRET_KEY is no key: it wants 32 bytes in base64, and has 5.');
  expect(read).not.toThrow('hunter2');
});

test('a configuration refers to stored secrets at any depth, and anything else stays', () => {
  open().set({ 'jira.apiToken': 'the-token' });
  expect(withSecrets({ apiToken: stored('jira.apiToken'), more: ['plain', stored('jira.apiToken')] }, open())).toEqual({
    apiToken: 'the-token',
    more: ['plain', 'the-token'],
  });
  expect(withSecrets(stored('jira.apiToken'), open())).toBe('the-token');
  expect(withSecrets('plain', open())).toBe('plain');
});

test('who replaces a secret does it alone: everybody else waits, and then sees what came of it', async () => {
  open().set({ 'jira.refreshToken': '1' });
  let inside = 0;
  const next = async (kept: string): Promise<string> => {
    inside += 1;
    expect(inside).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
    return String(Number(kept) + 1);
  };
  const stores = Array.from({ length: 5 }, () => open().keeper('jira.refreshToken'));
  const kept = await Promise.all(stores.map((keeper) => keeper.replace(next)));
  expect(kept.map(Number).toSorted()).toEqual([2, 3, 4, 5, 6]);
  expect(open().get('jira.refreshToken')).toBe('6');
});

test('another process holds it too, for as long as it lives', async () => {
  open().set({ 'jira.refreshToken': 'first', 'jira.clientSecret': 'secret' });
  const module = new URL('./secret-store.ts', import.meta.url).href;
  const holder = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { openSecretStore } from ${JSON.stringify(module)};
      const store = openSecretStore({ file: ${JSON.stringify(file)}, key: () => Buffer.from('${key.toString('base64')}', 'base64') });
      await store.keeper('jira.refreshToken').replace(() => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)); });`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    expect(String((await once(holder.stdout, 'data'))[0])).toBe('held\n');
    const changed: string[] = [];
    const waiting = open()
      .keeper('jira.refreshToken')
      .replace(async (kept) => {
        changed.push(kept);
        return 'second';
      });
    // What others store is not held up by it.
    open().set({ 'jira.clientSecret': 'another' });
    expect(changed).toEqual([]);
    holder.kill('SIGKILL');
    expect(await waiting).toBe('second');
    expect([open().get('jira.refreshToken'), open().get('jira.clientSecret')]).toEqual(['second', 'another']);
  } finally {
    holder.kill('SIGKILL');
  }
});

test('who waits for another process is let go when told to, and changes nothing', async () => {
  open().set({ 'jira.refreshToken': 'first' });
  const vendor = Promise.withResolvers<string>();
  const asking = open()
    .keeper('jira.refreshToken')
    .replace(() => vendor.promise);
  const stop = new AbortController();
  const changed: string[] = [];
  const waiting = open()
    .keeper('jira.refreshToken')
    .replace(async (kept) => {
      changed.push(kept);
      return 'third';
    }, stop.signal);
  stop.abort(new Error('the hub is closing'));
  await expect(waiting).rejects.toThrow('the hub is closing');
  vendor.resolve('second');
  expect([await asking, open().get('jira.refreshToken'), changed]).toEqual(['second', 'second', []]);
});

test('a stored secret is on the disk with its new name: the folder is written after the file got it', () => {
  const calls: string[] = [];
  const { renameSync, fsyncSync } = fs;
  const spies = [
    vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      renameSync(from, to);
      calls.push(`rename to ${String(to)}`);
    }),
    vi.spyOn(fs, 'fsyncSync').mockImplementation((opened) => {
      fsyncSync(opened);
      if (fs.fstatSync(opened).ino === statSync(join(folder, 'data')).ino) calls.push('flush the folder');
    }),
  ];
  syncBuiltinESMExports();
  try {
    open().set({ 'jira.refreshToken': 'of the vendor' });
  } finally {
    for (const spy of spies) spy.mockRestore();
    syncBuiltinESMExports();
  }
  expect(calls).toEqual([`rename to ${file}`, 'flush the folder']);
});

test('what a person stores while a vendor is asked is what counts, and what they remove stays away', async () => {
  open().set({ 'jira.refreshToken': 'old' });
  const keeper = open().keeper('jira.refreshToken');
  const kept = await keeper.replace(async () => {
    open().set({ 'jira.refreshToken': 'of a person' });
    return 'of the vendor';
  });
  expect(kept).toBe('of a person');
  const removed = keeper.replace(async () => {
    open().remove('jira.refreshToken');
    return 'of the vendor';
  });
  await expect(removed).rejects.toThrow('There is no stored secret jira.refreshToken');
  expect(open().names()).toEqual([]);
});

test('a change that fails changes nothing and holds up nobody', async () => {
  open().set({ 'jira.refreshToken': 'old' });
  const keeper = open().keeper('jira.refreshToken');
  await expect(keeper.replace(() => Promise.reject(new Error('the vendor is away')))).rejects.toThrow('is away');
  expect(await keeper.replace(async (kept) => `${kept}er`)).toBe('older');
});

test('a member of a source’s secrets is kept where it is stored, and nowhere when it is a text', () => {
  const keeperOf = keepersOf(
    { refreshToken: stored('jira.refreshToken'), clientSecret: 'from the environment' },
    open(),
  );
  expect(keeperOf('refreshToken')).not.toBeNull();
  expect(keeperOf('clientSecret')).toBeNull();
  expect(keeperOf('apiToken')).toBeNull();
  expect(keepersOf('one text', open())('refreshToken')).toBeNull();
});
