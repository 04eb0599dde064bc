import { startContractProxy, type ContractProxy } from '@plumbline/emulator/contract-proxy';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createHmac } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { hubspot } from './connector.ts';
import { deal, openPortal, type OpenPortal } from './test-kit.ts';
import { operations } from './test-operations.ts';

const contracts = new URL('../../../../shared/contracts/', import.meta.url);
const document = fileURLToPath(new URL('checker/hubspot.openapi.json', contracts));
const oauthDocument = fileURLToPath(new URL('hubspot/v1/oauth.json', contracts));
const datedDocuments = ['objects-generic', 'deals', 'associations', 'owners', 'pipelines', 'properties'].map((name) =>
  fileURLToPath(new URL(`hubspot/2026-09/${name}.json`, contracts)),
);
const present = existsSync(document);
if (!present) console.info(`Skipped: the check against HubSpot’s contract; ${document} is not there.`);

let open: OpenPortal | undefined;
let proxy: ContractProxy | undefined;
afterEach(async () => {
  await proxy?.close();
  await open?.close();
  [open, proxy] = [undefined, undefined];
});

const streams = ['owners', 'companies', 'deals', 'line-items', 'exchange-rates'] as const;

async function openChecked(how: { oauth: boolean; dated?: boolean }): Promise<OpenPortal> {
  open = await openPortal({
    associationPageSize: 1,
    oauth: how.oauth,
    config: { deals: { projectKey: {} }, exchangeRates: true, ...(how.dated ? { apiVersion: '2026-09' } : {}) },
    address: async (target) => {
      proxy = await startContractProxy({ document, more: [oauthDocument, ...datedDocuments], target });
      return proxy.url;
    },
  });
  const { emulator } = open;
  emulator.load({
    records: Array.from({ length: 230 }, (_, index) => deal(index + 1, { hubspot_owner_id: '71', closedate: null })),
    associations: [
      { from: { type: 'deals', id: '1' }, to: { type: 'companies', id: '50' }, typeId: 5 },
      { from: { type: 'deals', id: '1' }, to: { type: 'companies', id: '51' }, typeId: 341 },
    ],
  });
  for (const id of ['50', '51']) emulator.create('companies', { name: `Company ${id}`, domain: 'acme.com' }, id);
  for (const id of ['90', '91']) {
    emulator.create('line_items', { name: 'Days', price: '1000', quantity: '3' }, id);
    emulator.associate({ from: { type: 'line_items', id }, to: { type: 'deals', id: '1' }, typeId: 20 });
  }
  return open;
}

/** Everything that the connector does with a portal: reading, reading on, a census, looks, a check, what a person chooses from. */
async function doEverything({ emulator, read, stream, context, check }: OpenPortal): Promise<void> {
  const cursors = new Map<string, unknown>();
  for (const name of streams) cursors.set(name, (await read(name)).cursor);
  emulator.update('deals', '3', { dealstage: 'closedwon' });
  emulator.archive('deals', '4');
  emulator.merge('deals', { primary: '5', merged: '6' });
  emulator.archive('line_items', '90');
  for (const name of streams) await read(name, cursors.get(name));
  for (const name of streams) {
    for await (const ids of stream(name).census?.(context) ?? []) expect(ids.length).toBeGreaterThan(0);
  }
  for (const name of ['deals', 'companies', 'line-items']) await stream(name).look?.(context, ['1', '50', '91']);
  await stream('deals').confirm?.(context, ['1', '4', '6']);
  expect((await check()).every(({ ok }) => ok)).toBe(true);
  const { inventory } = hubspot.install({ id: 'any', config: context.config, secrets: context.secrets });
  for (const list of inventory?.lists ?? []) await inventory?.read(list, context);
}

test.runIf(present)(
  'full and incremental polls and the check keep to HubSpot’s contract, and so does the emulator',
  async () => {
    await doEverything(await openChecked({ oauth: false }));
    expect(proxy?.violations).toEqual([]);
  },
);

test.runIf(present)('so do they as an OAuth app; and this run sees every operation that is ever called', async () => {
  await doEverything(await openChecked({ oauth: true }));
  expect(proxy?.violations).toEqual([]);
  expect([...(proxy?.operations ?? [])].toSorted()).toEqual(operations.toSorted());
});

test.runIf(present)('in the dated version everything is asked for where that version has it', async () => {
  const portal = await openChecked({ oauth: false, dated: true });
  await doEverything(portal);
  expect(proxy?.violations).toEqual([]);
  const { fields } = portal.map('deals', await portal.read('deals')).get('1') ?? {};
  expect(fields).toMatchObject({ client: 'hubspot-company:50', owner: 'hubspot-owner:71', stage: 'Lead' });
  const asked = [...(proxy?.operations ?? [])].filter((operation) => /v\d/.test(operation));
  expect(asked.toSorted()).toEqual(['GET /account-info/v3/details', 'GET /settings/v3/currencies/exchange-rates']);
});

test.runIf(present)('a refused token keeps to the contract, too', async () => {
  const { emulator, read } = await openChecked({ oauth: true });
  emulator.oauth.revoke();
  await expect(read('owners')).rejects.toThrow('no longer takes the refresh token');
  expect(proxy?.violations).toEqual([]);
});

test.runIf(present)('a breach of the contract would be noticed', async () => {
  open = await openPortal({
    address: async (target) => {
      proxy = await startContractProxy({ document, target });
      return proxy.url;
    },
  });
  open.emulator.load({ records: [deal(1)] });
  open.emulator.breakRecord('deals', '1', { archived: 'perhaps' });
  await open.read('deals');
  expect(proxy?.violations.join()).toContain('archived');
});

test('a call that is not on the list of checked operations fails the test that made it', async () => {
  const other = await openPortal();
  await fetch(`${other.emulator.url}/crm/v3/objects/deals/1`);
  await expect(other.close()).rejects.toThrow(
    'called, but not checked against the contract: GET /crm/v3/objects/deals/1',
  );
});

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, contracts), 'utf8'));

/** Association changes are not events about one object, and say so by having no `objectId`. */
const deliverySchema = () => {
  const schema = read('hubspot/webhook-delivery.derived.schema.json') as { items: { required: string[] } };
  schema.items.required = schema.items.required.filter((name) => name !== 'objectId');
  return z.fromJSONSchema(schema as z.core.JSONSchema.BaseSchema);
};

test.runIf(present)('what the emulator tells of changes has the form of a delivery of HubSpot’s', async () => {
  open = await openPortal();
  const { emulator } = open;
  emulator.load({ records: [deal(1), deal(2)] });
  emulator.create('companies', { name: 'Acme' }, '50');
  emulator.sendWebhooks({ url: 'http://127.0.0.1:9/webhooks', secret: 'a-secret-of-this-test' });
  emulator.create('deals', { dealname: 'New', pipeline: 'default', dealstage: 'lead' }, '3');
  emulator.update('deals', '1', { dealname: 'Renamed' });
  emulator.associate({ from: { type: 'deals', id: '1' }, to: { type: 'companies', id: '50' }, typeId: 5 });
  emulator.archive('deals', '1');
  emulator.restore('deals', '1');
  emulator.merge('deals', { primary: '1', merged: '2' });
  await emulator.deliveries.settled();
  const { sent } = emulator.deliveries;
  expect(sent.length).toBeGreaterThan(5);
  for (const { body } of sent) expect(deliverySchema().safeParse(JSON.parse(body)).error).toBeUndefined();
  expect(deliverySchema().safeParse([{ portalId: 1 }]).success).toBe(false);
});

test.runIf(present)('a recorded delivery has that form, and names the deals to read', () => {
  const { body } = read('samples/webhook-hubspot-deal-created-amount.json') as {
    body: { occurredAt: number; objectId: number }[];
  };
  expect(deliverySchema().safeParse(body).error).toBeUndefined();
  const { webhooks } = hubspot.install({
    id: 'hubspot-acme',
    config: {},
    secrets: { accessToken: 'pat-of-this-test', webhookSecret: 'a-secret-of-this-test' },
  });
  const url = 'https://hub.acme.example/webhooks/hubspot-acme';
  const text = JSON.stringify(body);
  const sentAt = Math.max(...body.map(({ occurredAt }) => occurredAt)) + 1_000;
  const signature = createHmac('sha256', 'a-secret-of-this-test').update(`POST${url}${text}${sentAt}`).digest('base64');
  const reception = webhooks?.receive(
    {
      method: 'POST',
      url,
      headers: new Headers({
        'x-hubspot-signature-v3': signature,
        'x-hubspot-request-timestamp': String(sentAt),
      }),
      body: new TextEncoder().encode(text),
    },
    Temporal.Instant.fromEpochMilliseconds(sentAt),
  );
  expect(reception).toMatchObject({
    outcome: 'ACCEPTED',
    notices: body.map(({ objectId }) => ({ looks: [{ stream: 'deals', id: String(objectId) }] })),
  });
});
