import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { awaitSignIn, codeIn, redirectUri, type AwaitedSignIn } from './sign-in.ts';

let awaited: AwaitedSignIn | undefined;
afterEach(() => {
  awaited?.close();
  awaited = undefined;
});

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
const local = redirectUri.replace('localhost', '127.0.0.1');
const visit = async (query: Record<string, string>, at = local): Promise<number> =>
  (await fetch(`${at}?${new URLSearchParams(query).toString()}`)).status;

test('the browser that comes back with the right state brings the code; anybody else is nobody', async () => {
  awaited = await awaitSignIn();
  expect(await visit({ code: 'stolen', state: 'a guess' })).toBe(404);
  expect(await visit({ code: 'stolen' })).toBe(404);
  expect([awaited.arrived(), awaited.arrival.aborted]).toEqual([null, false]);
  expect(await visit({ code: 'the-code', state: awaited.state })).toBe(200);
  expect([awaited.arrived(), awaited.arrival.aborted]).toEqual(['the-code', true]);
});

// A browser takes either for localhost, and whichever is free could be anybody's.
test.skipIf(!hasIpv6)('it comes back at both addresses of localhost', async () => {
  awaited = await awaitSignIn();
  expect(await visit({ state: 'a guess' })).toBe(404);
  expect(await visit({ code: 'the-code', state: awaited.state }, redirectUri.replace('localhost', '[::1]'))).toBe(200);
  expect(awaited.arrived()).toBe('the-code');
});

test('a person who does not agree is told so', async () => {
  awaited = await awaitSignIn();
  await visit({
    error: 'access_denied',
    error_description: 'User did not authorize the request',
    state: awaited.state,
  });
  expect(() => awaited?.arrived()).toThrow(
    'The vendor sent the browser back without letting the app in: User did not authorize the request.',
  );
});

test('the address that a browser elsewhere ended at is as good, and any other is not', () => {
  expect(codeIn(`${redirectUri}?state=s1&code=c1`, 's1')).toBe('c1');
  for (const pasted of [`${redirectUri}?state=s2&code=c1`, `${redirectUri}?state=s1`, 'c1', '']) {
    expect(() => codeIn(pasted, 's1')).toThrow('That is not where the browser ends after this sign-in.');
  }
});

test.each(hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'])('somebody else who listens at %s is named', async (host) => {
  const other = createServer().listen(Number(new URL(redirectUri).port), host);
  await new Promise((resolve) => other.once('listening', resolve));
  try {
    await expect(awaitSignIn()).rejects.toThrow(
      /^Nobody can wait for the browser at http:\/\/localhost:8712\/callback/,
    );
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
  // Neither address was kept.
  awaited = await awaitSignIn();
  expect(awaited.arrived()).toBeNull();
});
