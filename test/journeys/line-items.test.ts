import { manualClock, silentLogger, type ManualClock } from '@plumbline/connector';
import { createApi, openHub, type Hub } from '@plumbline/hub';
import { hubspot } from '@plumbline/hubspot';
import { startHubSpotEmulator, type HubSpotEmulator, type HubSpotRecord } from '@plumbline/hubspot/emulator';
import { afterEach, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { accessToken, deal, portal } from '../../plugins/hubspot/src/test-kit.ts';

let clock: ManualClock;
let vendor: HubSpotEmulator;
let database: TestDatabase;
let hub: Hub;

afterEach(async () => {
  await hub.close();
  await database.drop();
  await vendor.close();
});

const lineItem = (id: string, properties: HubSpotRecord['properties']): HubSpotRecord => {
  const at = Date.parse('2026-03-01T09:00:00Z');
  return { type: 'line_items', id, properties, created: at, updated: at };
};

const onDeal = (item: string, dealId: string) =>
  ({ from: { type: 'line_items', id: item }, to: { type: 'deals', id: dealId }, typeId: 20 }) as const;

async function start(scopes: readonly string[] | undefined): Promise<void> {
  clock = manualClock('2026-06-15T12:00:00Z');
  vendor = await startHubSpotEmulator({ portal, clock, ...(scopes ? { scopes } : {}) });
  vendor.load({
    records: [
      deal(1, { dealname: 'Rollout' }),
      deal(2, { dealname: 'Support' }),
      deal(3, { dealname: 'Talk' }),
      lineItem('90', { name: 'Days', quantity: '10', price: '1200', hs_product_id: '7001', hs_sku: 'DAY' }),
      lineItem('91', { name: 'Setup', quantity: '1', price: '900' }),
      lineItem('92', { name: 'Hosting', quantity: '1', price: '80', recurringbillingfrequency: 'monthly' }),
    ],
    associations: [onDeal('90', '1'), onDeal('91', '1'), onDeal('92', '2')],
  });
  database = await emptyDatabase({ durable: false });
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    sources: [{ id: 'hubspot', connector: hubspot, config: { address: vendor.url }, secrets: { accessToken } }],
  });
}

const sold = async () =>
  (
    await createApi(hub).query(`{
      opportunities(orderBy: { field: NAME }) {
        nodes { name hubspot { id pipeline lineItems { id name sku product quantity price { amount currency } billing } } }
      }
    }`)
  ).data;

const hosting = {
  id: '92',
  name: 'Hosting',
  sku: null,
  product: null,
  quantity: '1',
  price: { amount: '80', currency: 'EUR' },
  billing: 'monthly',
};

test('a deal shows its line items as HubSpot has them, and what is changed, moved or deleted there', async () => {
  await start(undefined);
  await hub.sync();
  const days = { id: '90', name: 'Days', sku: 'DAY', product: '7001', quantity: '10', billing: null };
  expect(await sold()).toEqual({
    opportunities: {
      nodes: [
        {
          name: 'Rollout',
          hubspot: [
            {
              id: '1',
              pipeline: 'Sales',
              lineItems: [
                { ...days, price: { amount: '1200', currency: 'EUR' } },
                { ...hosting, id: '91', name: 'Setup', price: { amount: '900', currency: 'EUR' }, billing: null },
              ],
            },
          ],
        },
        { name: 'Support', hubspot: [{ id: '2', pipeline: 'Sales', lineItems: [hosting] }] },
        { name: 'Talk', hubspot: [{ id: '3', pipeline: 'Sales', lineItems: [] }] },
      ],
    },
  });
  clock.advance(3_600_000);
  vendor.update('line_items', '90', { price: '1100', quantity: '12' });
  vendor.archive('line_items', '91');
  vendor.dissociate(onDeal('92', '2'));
  vendor.associate(onDeal('92', '3'));
  vendor.update('line_items', '92', { recurringbillingfrequency: 'quarterly' });
  clock.advance(3_600_000);
  await hub.sync();
  expect(await sold()).toMatchObject({
    opportunities: {
      nodes: [
        { hubspot: [{ lineItems: [{ ...days, quantity: '12', price: { amount: '1100' } }] }] },
        { hubspot: [{ lineItems: [] }] },
        { hubspot: [{ lineItems: [{ ...hosting, billing: 'quarterly' }] }] },
      ],
    },
  });
});

test('without the right to read line items nobody knows which a deal has', async () => {
  await start([
    'crm.objects.deals.read',
    'crm.objects.companies.read',
    'crm.objects.owners.read',
    'crm.schemas.deals.read',
  ]);
  const runs = await hub.sync();
  expect(runs.find(({ stream }) => stream === 'line-items')?.status).toBe('FAILED');
  expect(runs.find(({ stream }) => stream === 'deals')?.status).toBe('SUCCEEDED');
  expect(await sold()).toMatchObject({
    opportunities: { nodes: [{ hubspot: [{ lineItems: null }] }, { hubspot: [{ lineItems: null }] }, {}] },
  });
});
