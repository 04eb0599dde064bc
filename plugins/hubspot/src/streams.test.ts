import { afterEach, expect, test } from 'vitest';
import type { HubSpotRecord } from '../emulator/index.ts';
import { deal, openPortal, portal, type OpenPortal } from './test-kit.ts';

let open: OpenPortal | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

function other(type: 'companies' | 'line_items', id: string, properties: HubSpotRecord['properties']): HubSpotRecord {
  const at = Date.parse('2026-03-01T09:00:00Z');
  return { type, id, properties, created: at, updated: at };
}

test('owners are people; deactivated ones have left, unless they came back under another id', async () => {
  open = await openPortal();
  const read = await open.read('owners');
  const people = open.map('owners', read);
  expect(people.get('71')).toMatchObject({
    kind: 'person',
    keys: ['hubspot-owner:71', 'hubspot-user:901', 'email:ada@example.com'],
    fields: { name: 'Ada Berg', email: 'ada@example.com', status: 'ACTIVE' },
  });
  expect(people.get('72')).toMatchObject({
    // HubSpot tells the user of who left by another member.
    keys: ['hubspot-owner:72', 'hubspot-user:902', 'email:bob@example.com'],
    fields: { status: 'LEFT' },
  });
  expect(people.get('73')).toMatchObject({ keys: ['hubspot-owner:73', 'hubspot-user:903', 'email:ada@example.com'] });
  expect(people.get('73')?.fields).not.toHaveProperty('status');
  expect((await open.read('owners', read.cursor)).cursor).toEqual(read.cursor);
});

test('an owner who came without an id is told, and the others are there', async () => {
  open = await openPortal();
  const body = { results: [{ email: 'nobody@example.com' }, { id: '75', email: 'dora@example.com' }] };
  open.emulator.faults.add({ kind: 'answer', path: 'owners', status: 200, body, times: 1 });
  const read = await open.read('owners');
  expect(read.pages.flatMap(({ skipped }) => skipped ?? [])).toEqual([
    { id: null, reason: '1 owners came without an id' },
  ]);
  expect([...read.records.keys()]).toContain('75');
});

test('a queue owns deals but is nobody', async () => {
  const queue = { id: '74', userId: 904, email: '', firstName: 'Inbound', lastName: '', archived: false } as const;
  open = await openPortal({ portal: { ...portal, owners: [...portal.owners, { ...queue, type: 'QUEUE' }] } });
  const read = await open.read('owners');
  expect([...read.records.keys()]).toContain('74');
  expect([...open.map('owners', read).keys()].toSorted()).toEqual(['71', '72', '73']);
});

test('exchange rates are read where that is wanted, each from the day it took effect where the portal is', async () => {
  open = await openPortal({ config: { exchangeRates: true } });
  const read = await open.read('exchange-rates');
  const rates = open.map('exchange-rates', read);
  expect(rates.get('1')).toMatchObject({
    kind: 'exchangeRate',
    keys: ['hubspot-exchange-rate:1'],
    fields: { base: 'USD', quote: 'EUR', validOn: '2026-02-01', rate: '0.92' },
  });
  expect(rates.get('2')?.fields).toMatchObject({ base: 'JPY', quote: 'EUR', rate: '0.0000000612' });
  expect(read.pages.at(-1)).toMatchObject({ complete: true, allIds: ['1', '2'] });
  expect((await open.check()).find(({ subject }) => subject === 'scopes.exchangeRates')?.ok).toBe(true);
  await open.close();
  open = await openPortal();
  expect(() => open?.stream('exchange-rates')).toThrow('no stream');
});

test('more exchange rates than fit a page are all there; one that came without an id lets none be taken for gone', async () => {
  const rate = (day: number) => ({ from: 'USD', to: 'EUR', rate: 0.9, effectiveAt: Date.UTC(2025, 0, day) });
  const many = Array.from({ length: 130 }, (_, day) => rate(day + 1));
  open = await openPortal({ config: { exchangeRates: true }, portal: { ...portal, exchangeRates: many } });
  const read = await open.read('exchange-rates');
  expect([read.records.size, read.pages.at(-1)?.allIds?.length]).toEqual([130, 130]);
  const body = { results: [{ fromCurrencyCode: 'USD' }] };
  open.emulator.faults.add({ kind: 'answer', path: 'exchange-rates', status: 200, body });
  const [page] = (await open.read('exchange-rates')).pages;
  expect(page?.skipped).toEqual([{ id: null, reason: '1 exchange rates came without an id' }]);
  expect(page).not.toHaveProperty('allIds');
});

test('companies are clients, known by their domains but not by those of mailbox providers', async () => {
  open = await openPortal({ config: { companies: { currencyProperty: 'billing_currency' } } });
  open.emulator.load({
    records: [
      other('companies', '50', {
        name: 'Acme',
        domain: 'https://www.Acme.com/about',
        hs_additional_domains: 'acme.de;gmail.com',
        hubspot_owner_id: '71',
        billing_currency: 'USD',
      }),
      other('companies', '51', { name: 'No domain' }),
    ],
  });
  const clients = open.map('companies', await open.read('companies'));
  expect(clients.get('50')).toMatchObject({
    kind: 'client',
    keys: ['hubspot-company:50', 'domain:acme.com', 'domain:acme.de'],
    fields: { name: 'Acme', domains: ['acme.com', 'acme.de', 'gmail.com'], owner: 'hubspot-owner:71', currency: 'USD' },
  });
  expect(clients.get('51')).toMatchObject({ keys: ['hubspot-company:51'], fields: { domains: [], owner: null } });
});

test('a merged company keeps both keys, an archived one is deleted, and a quiet poll takes three requests', async () => {
  open = await openPortal();
  open.emulator.load({ records: ['1', '2', '3'].map((id) => other('companies', id, { name: `C${id}` })) });
  const first = await open.read('companies');
  open.emulator.merge('companies', { primary: '1', merged: '2' });
  open.emulator.archive('companies', '3');
  const second = await open.read('companies', first.cursor);
  expect(second.deletes.toSorted()).toEqual(['2', '3']);
  expect(open.map('companies', second).get('1')?.keys).toEqual(['hubspot-company:1', 'hubspot-company:2']);
  open.emulator.forgetRequests();
  const third = await open.read('companies', second.cursor);
  expect(third.cursor).toEqual(second.cursor);
  expect(open.emulator.requests).toHaveLength(3);
});

test('what search still shows after it was archived does not come back', async () => {
  open = await openPortal({ indexLagMs: 120_000 });
  open.emulator.load({ records: [other('companies', '1', { name: 'C1' })] });
  const first = await open.read('companies');
  open.emulator.update('companies', '1', { name: 'C2' });
  open.emulator.archive('companies', '1');
  const second = await open.read('companies', first.cursor);
  expect(second.deletes).toEqual(['1']);
  open.clock.advance(120_000);
  expect((await open.read('companies', second.cursor)).records.size).toBe(0);
});

test('line items hang on their deal and are in their own currency, their deal’s or the portal’s', async () => {
  open = await openPortal();
  open.emulator.load({
    records: [
      deal(1),
      deal(2, { deal_currency_code: 'JPY' }),
      other('line_items', '92', { name: 'Setup', quantity: '1', price: '99500' }),
      other('line_items', '90', {
        name: 'Days',
        quantity: '2.5',
        price: '1000.125',
        hs_line_item_currency_code: 'USD',
      }),
      other('line_items', '91', { name: 'Fee', quantity: '1', price: '99.5', discount: '0.1' }),
    ],
    associations: [
      { from: { type: 'line_items', id: '90' }, to: { type: 'deals', id: '1' }, typeId: 20 },
      { from: { type: 'line_items', id: '92' }, to: { type: 'deals', id: '2' }, typeId: 20 },
    ],
  });
  const lines = open.map('line-items', await open.read('line-items'));
  expect(lines.get('90')).toMatchObject({
    kind: 'lineItem',
    keys: ['hubspot-line-item:90'],
    fields: {
      opportunity: 'hubspot-deal:1',
      name: 'Days',
      quantity: '2.5',
      unitPrice: { amount: '1000.125', currency: 'USD' },
      amount: { amount: '2500.31', currency: 'USD' },
    },
  });
  expect(lines.get('92')?.fields).toMatchObject({
    opportunity: 'hubspot-deal:2',
    amount: { amount: '99500', currency: 'JPY' },
  });
  expect(lines.get('91')?.fields).toMatchObject({ opportunity: null, amount: { amount: '99.4', currency: 'EUR' } });
});

test('a census tells of a line item whose deal is another one, or in another currency', async () => {
  const ids = ['90', '91', '92', '93'];
  open = await openPortal();
  open.emulator.load({
    records: [
      deal(1),
      deal(2),
      deal(3),
      ...ids.map((id) => other('line_items', id, { price: '10' })),
      other('line_items', '94', { price: '10', hs_line_item_currency_code: 'USD' }),
    ],
    associations: [...ids, '94'].map((id) => ({
      from: { type: 'line_items', id },
      to: { type: 'deals', id: { '90': '1', '92': '3' }[id] ?? '2' },
      typeId: 20,
    })),
  });
  const { records } = await open.read('line-items');
  const told = async () =>
    [...((await open?.census('line-items')) ?? [])].flatMap(([id, listed]) =>
      typeof listed !== 'string' && listed.surroundings === records.get(id)?.surroundings ? [] : [id],
    );
  expect(await told()).toEqual([]);
  open.emulator.update('deals', '2', { deal_currency_code: 'JPY' });
  expect(await told()).toEqual(['91', '93']);
  open.emulator.merge('deals', { primary: '1', merged: '3' });
  expect(await told()).toEqual(['91', '92', '93']);
});

test('a line item shows what HubSpot keeps of it: its product and how it is billed, null where nothing is said', async () => {
  open = await openPortal();
  open.emulator.load({
    records: [
      deal(2, { deal_currency_code: 'JPY' }),
      other('line_items', '90', {
        name: 'Hosting',
        quantity: '12',
        price: '250.5',
        hs_discount_percentage: '10',
        hs_line_item_currency_code: 'USD',
        hs_product_id: '7001',
        hs_sku: 'HOST-M',
        recurringbillingfrequency: 'monthly',
        hs_recurring_billing_period: 'P12M',
        hs_recurring_billing_start_date: '2026-09-01',
      }),
      other('line_items', '91', { name: 'Setup', price: '99500' }),
      other('line_items', '92', { name: 'Odd', price: '1', hs_recurring_billing_start_date: 'soon' }),
    ],
    associations: [{ from: { type: 'line_items', id: '91' }, to: { type: 'deals', id: '2' }, typeId: 20 }],
  });
  const { records } = await open.read('line-items');
  const [lineItem] = open.stream('line-items').views;
  expect(lineItem?.on).toBe('lineItem');
  expect(lineItem?.read(records.get('90')?.payload)).toEqual({
    id: '90',
    name: 'Hosting',
    product: '7001',
    sku: 'HOST-M',
    quantity: '12',
    price: { amount: '250.5', currency: 'USD' },
    amount: { amount: '2705.4', currency: 'USD' },
    billing: 'monthly',
    billingTerm: 'P12M',
    billingStart: '2026-09-01',
  });
  expect(lineItem?.read(records.get('91')?.payload)).toEqual({
    id: '91',
    name: 'Setup',
    product: null,
    sku: null,
    quantity: null,
    price: { amount: '99500', currency: 'JPY' },
    amount: { amount: '99500', currency: 'JPY' },
    billing: null,
    billingTerm: null,
    billingStart: null,
  });
  expect(() => lineItem?.read(records.get('92')?.payload)).toThrow(
    'line item 92: property hs_recurring_billing_start_date wants a date',
  );
});

test('so many properties that a search would be too long are read by id', async () => {
  const names = Array.from({ length: 90 }, (_, index) => `a_property_with_a_long_name_${index}`);
  open = await openPortal({
    portal: {
      ...portal,
      properties: names.map((name) => ({ objectType: 'companies', name, label: name, type: 'string' })),
    },
    config: { companies: { customFields: Object.fromEntries(names.map((name) => [name, name])) } },
  });
  open.emulator.load({ records: [other('companies', '1', { name: 'C1', a_property_with_a_long_name_89: 'last' })] });
  const client = open.map('companies', await open.read('companies')).get('1');
  expect(client?.customFields).toMatchObject({ a_property_with_a_long_name_89: 'last' });
});
