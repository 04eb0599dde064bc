import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { hubspot } from './connector.ts';
import { accessToken } from './test-kit.ts';

const secret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
const address = 'https://hub.acme.example/webhooks/hubspot-acme';
const now = Temporal.Instant.from('2026-06-15T12:00:00Z');
const webhooks = install({ accessToken, webhookSecret: secret });

function install(secrets: object, config: object = {}) {
  const installed = hubspot.install({ id: 'hubspot-acme', config, secrets }).webhooks;
  if (!installed) throw new Error('the connector has no webhooks');
  return installed;
}

const change = {
  eventId: 7,
  subscriptionId: 11,
  portalId: 24601,
  appId: 1,
  occurredAt: now.epochMilliseconds - 1_000,
  subscriptionType: 'deal.propertyChange',
  propertyName: 'amount',
  propertyValue: '2000',
  objectId: 501,
  attemptNumber: 0,
};

interface Request {
  url?: string;
  headers: Record<string, string>;
  body: string;
}

function receive({ url = address, headers, body }: Request, at = now) {
  return webhooks.receive(
    { method: 'POST', url, headers: new Headers(headers), body: new TextEncoder().encode(body) },
    at,
  );
}

/** What HubSpot's documentation describes, computed here and not by the connector. */
function third(
  body: string,
  input: { signedAddress?: string; at?: number; key?: string } = {},
): Record<string, string> {
  const timestamp = String(input.at ?? now.epochMilliseconds);
  const text = `POST${input.signedAddress ?? address}${body}${timestamp}`;
  return {
    'x-hubspot-signature-v3': createHmac('sha256', input.key ?? secret)
      .update(text, 'utf8')
      .digest('base64'),
    'x-hubspot-request-timestamp': timestamp,
  };
}

function looksOf(events: unknown): unknown {
  const body = JSON.stringify(events);
  const reception = receive({ headers: third(body), body });
  return reception.outcome === 'ACCEPTED' ? reception.notices.map(({ looks }) => looks) : reception;
}

test('version 3 signs method, address, bytes and time, whatever the letters of the body', () => {
  const body = JSON.stringify([{ ...change, propertyValue: 'Größe – €' }]);
  expect(receive({ headers: third(body), body })).toMatchObject({ outcome: 'ACCEPTED' });
  expect(receive({ headers: third(body), body: body.replace(' – ', ' - ') })).toMatchObject({ reason: 'FORGED' });
  expect(receive({ headers: third(body), body, url: `${address}/` })).toMatchObject({ reason: 'FORGED' });
  expect(receive({ headers: third(body, { key: 'another' }), body })).toMatchObject({ reason: 'FORGED' });
});

test('of the address only those twelve characters are decoded before it is signed', () => {
  const body = JSON.stringify([change]);
  const encoded = '%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B%3a%2f%20%25%3D%26%C3%A4';
  const signedAddress = `${address}?a=:/?@!$'()*,;:/%20%25%3D%26%C3%A4`;
  expect(receive({ url: `${address}?a=${encoded}`, headers: third(body, { signedAddress }), body })).toMatchObject({
    outcome: 'ACCEPTED',
  });
});

test('a signature of version 3 is good for five minutes, both ways, and no longer', () => {
  const body = JSON.stringify([change]);
  const sent = (offset: number) => {
    const reception = receive({ headers: third(body, { at: now.epochMilliseconds + offset }), body });
    return reception.outcome === 'REFUSED' ? reception.reason : reception.outcome;
  };
  const minutes = 60_000;
  expect([-5 * minutes, 5 * minutes].map(sent)).toEqual(['ACCEPTED', 'ACCEPTED']);
  expect([-5 * minutes - 1, 5 * minutes + 1, -24 * 60 * minutes].map(sent)).toEqual(['EXPIRED', 'EXPIRED', 'EXPIRED']);
  expect(receive({ headers: third(body), body })).toMatchObject({ validUntil: now.add({ minutes: 5 }) });
});

test('versions 1 and 2 are taken, but never in the place of a version 3 that fails', () => {
  const body = JSON.stringify([change]);
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const first = { 'x-hubspot-signature': hash(secret + body), 'x-hubspot-signature-version': 'v1' };
  const second = { 'x-hubspot-signature': hash(`${secret}POST${address}${body}`), 'x-hubspot-signature-version': 'v2' };
  expect(receive({ headers: first, body })).toMatchObject({ outcome: 'ACCEPTED' });
  expect(receive({ headers: second, body })).toMatchObject({ outcome: 'ACCEPTED' });
  expect(receive({ headers: { ...first, 'x-hubspot-signature-version': 'v2' }, body })).toMatchObject({
    reason: 'FORGED',
  });
  expect(receive({ headers: { ...first, 'x-hubspot-signature-version': 'v9' }, body })).toMatchObject({
    reason: 'FORGED',
  });
  for (const broken of [
    { ...first, ...third(body, { key: 'another' }) },
    { ...first, ...third(body), 'x-hubspot-request-timestamp': '' },
  ])
    expect(receive({ headers: broken, body })).toMatchObject({ reason: 'FORGED' });
  expect(receive({ headers: {}, body })).toMatchObject({ reason: 'FORGED' });
});

test('version 2 gives what HubSpot’s documentation says it does', () => {
  const documented = 'eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e';
  const reception = webhooks.receive(
    {
      method: 'GET',
      url: 'https://www.example.com/webhook_uri',
      headers: new Headers({ 'x-hubspot-signature': documented, 'x-hubspot-signature-version': 'v2' }),
      body: new Uint8Array(),
    },
    now,
  );
  // The signature is right; only a GET has no events in it.
  expect(reception).toMatchObject({ reason: 'MALFORMED' });
});

test('without a time in the signature the events’ own is the bound: a day for HubSpot’s retries, and no future', () => {
  const at = (offset: number) => {
    const body = JSON.stringify([{ ...change, occurredAt: now.epochMilliseconds + offset }]);
    const signature = createHash('sha256')
      .update(secret + body)
      .digest('hex');
    const reception = receive({ headers: { 'x-hubspot-signature': signature }, body });
    return reception.outcome === 'REFUSED' ? reception.reason : reception.outcome;
  };
  const hours = 60 * 60_000;
  expect([-24 * hours, -26 * hours, hours].map(at)).toEqual(['ACCEPTED', 'EXPIRED', 'EXPIRED']);
});

test('an event names the record to read again, in whichever of HubSpot’s spellings', () => {
  expect(
    looksOf([
      change,
      { ...change, subscriptionType: undefined, eventType: 'company.creation', objectId: 9 },
      { ...change, subscriptionType: 'object.propertyChange', objectTypeId: '0-8', objectId: 77 },
      {
        ...change,
        subscriptionType: 'deal.merge',
        objectId: 1,
        primaryObjectId: 1,
        mergedObjectIds: [2],
        newObjectId: 3,
      },
      {
        ...change,
        subscriptionType: 'deal.associationChange',
        associationType: 'DEAL_TO_COMPANY',
        objectId: undefined,
        fromObjectId: 5,
        toObjectId: 6,
      },
      { ...change, subscriptionType: 'contact.propertyChange', objectId: 8 },
    ]),
  ).toEqual([
    [{ stream: 'deals', id: '501' }],
    [{ stream: 'companies', id: '9' }],
    [{ stream: 'line-items', id: '77' }],
    [
      { stream: 'deals', id: '1' },
      { stream: 'deals', id: '1' },
      { stream: 'deals', id: '3' },
      { stream: 'deals', id: '2' },
    ],
    [
      { stream: 'deals', id: '5' },
      { stream: 'companies', id: '6' },
    ],
    [],
  ]);
});

test('a deletion for privacy is to be erased and not to be read; of what is of no stream its noun is told', () => {
  const body = JSON.stringify([
    { ...change, subscriptionType: 'deal.privacyDeletion', propertyName: undefined },
    { ...change, subscriptionType: 'object.privacyDeletion', objectTypeId: '0-2', objectId: 9 },
    { ...change, subscriptionType: 'contact.privacyDeletion', objectId: 8 },
    { ...change, subscriptionType: 'company.privacyDeletion', objectId: 9, portalId: 99_999 },
  ]);
  const request = {
    method: 'POST',
    url: address,
    headers: new Headers(third(body)),
    body: new TextEncoder().encode(body),
  };
  const reception = install({ accessToken, webhookSecret: secret }, { portalId: 24_601 }).receive(request, now);
  const notices = reception.outcome === 'ACCEPTED' ? reception.notices : [];
  expect(notices.map(({ looks, erasures }) => [looks, erasures])).toEqual([
    [[], [{ stream: 'deals', id: '501' }]],
    [[], [{ stream: 'companies', id: '9' }]],
    [[], [{ stream: 'contact', id: '8' }]],
    [[], []],
  ]);
});

test('an event of another form takes none of those that came with it', () => {
  const odd = { ...change, objectId: 'conversation-7', subscriptionType: 'conversation.newMessage' };
  expect(looksOf([odd, change, 'nothing'])).toEqual([[{ stream: 'deals', id: '501' }]]);
});

test('what an app says of another portal that let it in names nothing here', () => {
  const body = JSON.stringify([change, { ...change, portalId: 99_999 }]);
  const looksAt = (config: object): unknown => {
    const request = {
      method: 'POST',
      url: address,
      headers: new Headers(third(body)),
      body: new TextEncoder().encode(body),
    };
    const reception = install({ accessToken, webhookSecret: secret }, config).receive(request, now);
    return reception.outcome === 'ACCEPTED' ? reception.notices.map(({ looks }) => looks) : reception;
  };
  expect(looksAt({ portalId: 24_601 })).toEqual([[{ stream: 'deals', id: '501' }], []]);
  // Without it nobody knows whose it is: to look once too often does no harm.
  expect(looksAt({})).toEqual([[{ stream: 'deals', id: '501' }], [{ stream: 'deals', id: '501' }]]);
});

test('two events with one eventId are two, and one that HubSpot repeats is one', () => {
  const body = JSON.stringify([change, { ...change, objectId: 502 }, { ...change, attemptNumber: 3, eventId: 8 }]);
  const reception = receive({ headers: third(body), body });
  const keys = reception.outcome === 'ACCEPTED' ? reception.notices.map(({ key }) => key) : [];
  expect(keys).toHaveLength(3);
  expect(keys[0]).not.toBe(keys[1]);
  expect(keys[2]).toBe(keys[0]);
});

test.each(['', '{}', '[]', '[{"portalId":1}]', 'null', '[', '[1]'])('a signed body of %j is malformed', (body) => {
  expect(receive({ headers: third(body), body })).toMatchObject({ reason: 'MALFORMED' });
});

test('without the secret nothing is expected, and what is said of how to set it up names it and the address', () => {
  expect(install({ accessToken }).isSetUp).toBe(false);
  expect(webhooks.isSetUp).toBe(true);
  expect(webhooks.instructions(address)).toContain(address);
  expect(webhooks.instructions(address)).toContain('secrets.webhookSecret');
  expect(webhooks.instructions(address)).not.toContain(secret);
});
