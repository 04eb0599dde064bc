import * as tokensModule from '@hubspot/api-client/lib/codegen/oauth/index.js';
import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { hubspot } from './connector.ts';
import { deal, openPortal, type OpenPortal } from './test-kit.ts';

let open: OpenPortal | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

const asked = (): number => open?.emulator.requests.filter(({ path }) => path === '/oauth/v1/token').length ?? 0;

test('an OAuth app reads a portal; its token is renewed before its half hour is over, with the same refresh token', async () => {
  open = await openPortal({ oauth: true });
  open.emulator.load({ records: [deal(1)] });
  expect((await open.read('deals')).records.size).toBe(1);
  open.clock.advance(28 * 60_000);
  await open.read('deals');
  expect(asked()).toBe(1);
  open.clock.advance(2 * 60_000);
  await open.read('deals');
  await open.read('owners');
  expect(asked()).toBe(2);
  expect(open.emulator.requests.filter(({ status }) => status === 401)).toEqual([]);
  expect((await open.check()).filter(({ ok }) => !ok)).toEqual([]);
});

test('a token that HubSpot takes back is replaced once in the middle of a read', async () => {
  open = await openPortal({ oauth: true });
  open.emulator.load({ records: [deal(1)] });
  await open.read('deals');
  open.emulator.oauth.expire();
  expect((await open.read('companies')).records.size).toBe(0);
  expect(asked()).toBe(2);
});

test('an app that was removed from the portal is told to connect again', async () => {
  open = await openPortal({ oauth: true });
  open.emulator.oauth.revoke();
  const [credentials, ...others] = await open.check();
  expect(others).toEqual([]);
  expect(credentials?.message).toMatch(/no longer takes the refresh token \(BAD_REFRESH_TOKEN\)/);
  expect(credentials?.remedy).toContain('plumbline connect hubspot --id hubspot-acme --replace');
});

test('HubSpot’s own client is answered by the emulator as it expects', async () => {
  open = await openPortal({ oauth: true });
  const { oauth, url } = open.emulator;
  const tokens = new tokensModule.TokensApi(
    tokensModule.createConfiguration({ baseServer: new tokensModule.ServerConfiguration(url, {}) }),
  );
  const { clientId, clientSecret } = oauth;
  const given = await tokens.create('refresh_token', undefined, undefined, clientId, clientSecret, oauth.consent());
  expect(oauth.lets(`Bearer ${given.accessToken}`)).toBe(true);
  expect([given.tokenType, given.expiresIn]).toEqual(['bearer', 1_800]);
});

test('HubSpot signs an app’s webhooks by its client secret, which is therefore no further secret to give', () => {
  const secrets = { clientId: 'app-of-acme', clientSecret: 'client-secret-of-it', refreshToken: 'refresh-1' };
  const { webhooks } = hubspot.install({ id: 'hubspot-acme', config: {}, secrets });
  const url = 'https://hub.acme.example/webhooks/hubspot-acme';
  expect(webhooks?.isSetUp).toBe(true);
  expect(webhooks?.instructions(url)).not.toContain('webhookSecret');
  const body = JSON.stringify([
    { portalId: 1, subscriptionId: 2, occurredAt: 1_781_524_800_000, subscriptionType: 'deal.creation', objectId: 7 },
  ]);
  const by = (secret: string) =>
    webhooks?.receive(
      {
        method: 'POST',
        url,
        headers: new Headers({
          'x-hubspot-signature-version': 'v1',
          'x-hubspot-signature': createHash('sha256')
            .update(secret + body)
            .digest('hex'),
        }),
        body: new TextEncoder().encode(body),
      },
      Temporal.Instant.fromEpochMilliseconds(1_781_524_801_000),
    ).outcome;
  expect([by('client-secret-of-it'), by('another')]).toEqual(['ACCEPTED', 'REFUSED']);
});

test('an access token and an app’s secrets exclude each other', () => {
  const install = (secrets: object) => () => hubspot.install({ id: 'hubspot-acme', config: {}, secrets });
  expect(install({ accessToken: 'pat-of-this-test', clientId: 'app-of-acme' })).toThrow(
    'wants accessToken, or clientId, clientSecret and refreshToken of an OAuth app',
  );
  expect(install({})).toThrow('wants accessToken, or clientId');
});

test('tokens do not travel in plain text, but on this machine', () => {
  const at = (address: string) => () =>
    hubspot.install({ id: 'hubspot-acme', config: { address }, secrets: { accessToken: 'pat-of-this-test' } });
  expect(at('http://api.hubapi.com')).toThrow('address: wants https, since the token travels with every request');
  expect(at('http://127.0.0.1:4000')).not.toThrow();
});
