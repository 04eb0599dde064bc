import { manualClock, type ManualClock } from '@plumbline/connector';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startHubSpotEmulator, type HubSpotEmulator, type HubSpotPortal, type HubSpotRecord } from './index.ts';

const portal: HubSpotPortal = {
  portalId: 1,
  accessToken: 'a-token-for-tests',
  timeZone: 'Europe/Berlin',
  companyCurrency: 'EUR',
  additionalCurrencies: ['USD'],
  owners: Array.from({ length: 3 }, (_, index) => ({
    id: String(10 + index),
    userId: 900 + index,
    email: `owner${index}@example.com`,
    firstName: 'Owner',
    lastName: String(index),
    archived: index === 2,
  })),
  pipelines: [
    {
      id: 'default',
      label: 'Sales',
      stages: [
        { id: 'lead', label: 'Lead', probability: 0.4, isClosed: false },
        { id: 'won', label: 'Won', probability: 1, isClosed: true },
      ],
    },
  ],
  properties: [{ objectType: 'deals', name: 'po_number', label: 'PO number', type: 'string' }],
  exchangeRates: [
    { from: 'USD', to: 'EUR', rate: 0.9, effectiveAt: Date.parse('2026-01-01T00:00:00Z') },
    { from: 'USD', to: 'EUR', rate: 0.95, effectiveAt: Date.parse('2026-05-01T00:00:00Z') },
  ],
};

let clock: ManualClock;
let emulator: HubSpotEmulator;
beforeEach(async () => {
  clock = manualClock('2026-06-15T12:00:00Z');
  emulator = await startHubSpotEmulator({ portal, clock, indexLagMs: 2_000, limits: { perTenSeconds: 60 } });
});
afterEach(() => emulator.close());

type Json = Record<string, unknown> & { results: Record<string, unknown>[] };

async function call(
  method: string,
  path: string,
  body?: object,
  token = portal.accessToken,
): Promise<{ status: number; body: Json; headers: Headers }> {
  const response = await fetch(emulator.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: (text ? JSON.parse(text) : {}) as Json, headers: response.headers };
}

function deals(count: number, first = 1): HubSpotRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'deals',
    id: String(first + index),
    properties: { dealname: `Deal ${first + index}`, dealstage: 'lead', pipeline: 'default', amount: '15000' },
    created: Date.parse('2026-01-05T08:00:00Z'),
    updated: Date.parse('2026-02-01T08:00:00Z') + index,
  }));
}

test('without the token there is 401, and errors carry a correlation id', async () => {
  const { status, body } = await call('GET', '/crm/v3/objects/deals', undefined, 'another');
  expect(status).toBe(401);
  expect(body).toMatchObject({
    status: 'error',
    category: 'INVALID_AUTHENTICATION',
    correlationId: expect.any(String),
  });
});

test('lists page by id, bring the default properties unless told, and keep archived records apart', async () => {
  emulator.load({ records: deals(12) });
  emulator.archive('deals', '2');
  const first = await call('GET', '/crm/v3/objects/0-3?limit=6');
  expect(first.body.results.map(({ id }) => id)).toEqual(['1', '3', '4', '5', '6', '7']);
  expect(Object.keys(first.body.results[0]?.['properties'] as object)).toEqual([
    'amount',
    'closedate',
    'createdate',
    'dealname',
    'dealstage',
    'hs_lastmodifieddate',
    'hs_object_id',
    'pipeline',
  ]);
  const next = await call('GET', '/crm/v3/objects/deals?limit=6&after=7&properties=po_number,nonsense');
  expect(next.body.results.map(({ id }) => id)).toEqual(['8', '9', '10', '11', '12']);
  expect(next.body['paging']).toBeUndefined();
  expect(next.body.results[0]?.['properties']).toMatchObject({ po_number: null });
  expect(next.body.results[0]?.['properties']).not.toHaveProperty('nonsense');
  const archived = await call('GET', '/crm/v3/objects/deals?archived=true');
  expect(archived.body.results).toMatchObject([{ id: '2', archived: true, archivedAt: '2026-06-15T12:00:00.000Z' }]);
});

test('computed numbers carry the dust of binary fractions', async () => {
  emulator.load({ records: deals(1) });
  const { body } = await call(
    'GET',
    '/crm/v3/objects/deals/1?properties=hs_projected_amount,hs_deal_stage_probability',
  );
  expect(body['properties']).toMatchObject({
    hs_deal_stage_probability: '0.40000000000000002220446049250313080847263336181640625',
    hs_projected_amount: '6000.00000000000033306690738754696212708950042724609375',
  });
});

test('search has a lag, a cap of 10,000, pages of 200 and five calls a second, and says nothing of it in headers', async () => {
  emulator.load({ records: deals(10_050) });
  const search = (body: object) => call('POST', '/crm/v3/objects/deals/search', body);
  const id = emulator.create('deals', { dealname: 'New', dealstage: 'lead', pipeline: 'default' });
  const filterGroups = [{ filters: [{ propertyName: 'hs_object_id', operator: 'EQ', value: id }] }];
  expect((await search({ filterGroups })).body['total']).toBe(0);
  clock.advance(2_000);
  const found = await search({ filterGroups });
  expect(found.body['total']).toBe(1);
  expect([...found.headers.keys()].filter((name) => name.includes('ratelimit'))).toEqual([]);
  expect((await search({ limit: 201 })).status).toBe(400);
  expect((await search({ limit: 200, after: '9900' })).status).toBe(400);
  expect((await search({ limit: 100, after: '9900' })).body.results).toHaveLength(100);
  expect((await search({})).status).toBe(200);
  const refused = await search({});
  expect(refused).toMatchObject({ status: 429, body: { policyName: 'SECONDLY', errorType: 'RATE_LIMIT' } });
});

test('filters are joined by and within a group, by or between groups', async () => {
  emulator.load({ records: deals(10) });
  const filter = (operator: string, value: string) => ({ propertyName: 'hs_object_id', operator, value });
  const { body } = await call('POST', '/crm/v3/objects/deals/search', {
    filterGroups: [
      { filters: [filter('GT', '2'), filter('LT', '5')] },
      { filters: [{ propertyName: 'dealname', operator: 'IN', values: ['Deal 9'] }] },
    ],
    sorts: [{ propertyName: 'hs_object_id', direction: 'DESCENDING' }],
  });
  expect(body.results.map(({ id }) => id)).toEqual(['9', '4', '3']);
});

test('a company that another one is merged into is known by the domains of both', async () => {
  const at = Date.parse('2026-03-01T09:00:00Z');
  const company = (id: string, properties: Record<string, string>) =>
    ({ type: 'companies', id, properties, created: at, updated: at }) as const;
  emulator.load({
    records: [
      company('60', { domain: 'acme.com', hs_additional_domains: 'acme.de' }),
      company('61', { domain: 'globex.com', hs_additional_domains: 'acme.de;globex.de' }),
      company('62', { name: 'Nowhere' }),
    ],
  });
  const domains = (primary: string, merged: string) => {
    emulator.merge('companies', { primary, merged });
    return emulator.read('companies', primary, { properties: ['domain', 'hs_additional_domains'] });
  };
  expect(domains('60', '61')).toMatchObject({
    properties: { domain: 'acme.com', hs_additional_domains: 'acme.de;globex.com;globex.de' },
  });
  expect(domains('62', '60')).toMatchObject({
    properties: { domain: 'acme.com', hs_additional_domains: 'acme.de;globex.com;globex.de' },
  });
});

test('a batch with ids nobody knows is a 207 with the holes named, a merged id brings the survivor', async () => {
  emulator.load({ records: deals(3) });
  emulator.merge('deals', { primary: '1', merged: '2' });
  const { status, body } = await call('POST', '/crm/v3/objects/deals/batch/read', {
    inputs: [{ id: '2' }, { id: '3' }, { id: '77' }],
    properties: ['hs_merged_object_ids'],
    propertiesWithHistory: ['dealstage'],
  });
  expect(status).toBe(207);
  expect(body.results).toMatchObject([
    { id: '1', properties: { hs_merged_object_ids: '2' } },
    { id: '3', propertiesWithHistory: { dealstage: [{ value: 'lead', timestamp: '2026-01-05T08:00:00.000Z' }] } },
  ]);
  expect(body['errors']).toMatchObject([{ category: 'OBJECT_NOT_FOUND', context: { ids: ['77'] } }]);
  const inputs = Array.from({ length: 51 }, (_, index) => ({ id: String(index) }));
  const tooMany = { inputs, properties: [], propertiesWithHistory: ['amount'] };
  expect((await call('POST', '/crm/v3/objects/deals/batch/read', tooMany)).status).toBe(400);
});

test('writes through the vendor’s API leave history with the app, and are checked', async () => {
  const created = await call('POST', '/crm/v3/objects/deals', {
    properties: { dealname: 'Via API', dealstage: 'lead', pipeline: 'default', amount: 500, closedate: '2026-12-31' },
  });
  expect(created).toMatchObject({
    status: 201,
    body: { properties: { amount: '500', closedate: '2026-12-31T00:00:00Z' } },
  });
  const id = String(created.body['id']);
  clock.advance(1_000);
  await call('PATCH', `/crm/v3/objects/deals/${id}`, { properties: { dealstage: 'won' } });
  expect(emulator.read('deals', id, { history: ['dealstage'] })).toMatchObject({
    updatedAt: '2026-06-15T12:00:01.000Z',
    propertiesWithHistory: {
      dealstage: [
        { value: 'won', timestamp: '2026-06-15T12:00:01.000Z', sourceType: 'INTEGRATION' },
        { value: 'lead', timestamp: '2026-06-15T12:00:00.000Z' },
      ],
    },
  });
  const wrong = [{ nonsense: '1' }, { hs_is_closed: 'true' }, { dealstage: 'no-stage' }, { amount: 'lots' }];
  for (const properties of wrong) {
    expect((await call('PATCH', `/crm/v3/objects/deals/${id}`, { properties })).status).toBe(400);
  }
  expect((await call('DELETE', `/crm/v3/objects/deals/${id}`)).status).toBe(204);
  expect((await call('GET', `/crm/v3/objects/deals/${id}`)).status).toBe(404);
  expect((await call('GET', `/crm/v3/objects/deals/${id}?archived=true`)).body['archived']).toBe(true);
});

test('batches create, update, upsert by a property, and archive', async () => {
  const batch = (name: string, inputs: object[]) => call('POST', `/crm/v3/objects/deals/batch/${name}`, { inputs });
  const properties = { dealname: 'One', dealstage: 'lead', pipeline: 'default', po_number: 'PO-1' };
  const created = await batch('create', [{ properties }]);
  expect(created.status).toBe(201);
  const id = String(created.body.results[0]?.['id']);
  const updated = await batch('update', [
    { id, properties: { amount: '7' } },
    { id: '404', properties: {} },
  ]);
  expect(updated).toMatchObject({ status: 207, body: { results: [{ id, properties: { amount: '7' } }] } });
  const upserted = await batch('upsert', [
    { id: 'PO-1', idProperty: 'po_number', properties: { amount: '8' } },
    { id: 'PO-2', idProperty: 'po_number', properties: { dealname: 'Two' } },
  ]);
  expect(upserted.body.results.map((result) => result['new'])).toEqual([false, true]);
  expect((await batch('archive', [{ id }])).status).toBe(204);
  expect(emulator.read('deals', id)).toMatchObject({ archived: true });
});

test('associations know both sides, their primary one, and say which ids have none', async () => {
  emulator.load({ records: deals(2) });
  for (const id of ['50', '51']) emulator.create('companies', { name: id }, id);
  await call('PUT', '/crm/v4/objects/deals/1/associations/companies/50', [
    { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 },
  ]);
  emulator.associate({ from: { type: 'deals', id: '1' }, to: { type: 'companies', id: '51' }, typeId: 5 });
  const { status, body } = await call('POST', '/crm/v4/associations/deals/companies/batch/read', {
    inputs: [{ id: '1' }, { id: '2' }],
  });
  expect(status).toBe(207);
  const types = (typeId: number) => ({ category: 'HUBSPOT_DEFINED', typeId });
  expect(body.results).toEqual([
    {
      from: { id: '1' },
      to: [
        { toObjectId: '50', associationTypes: [types(341)] },
        { toObjectId: '51', associationTypes: [{ ...types(5), label: 'Primary' }, types(341)] },
      ],
    },
  ]);
  expect(body['errors']).toMatchObject([{ context: { fromObjectId: ['2'] } }]);
  const other = await call('GET', '/crm/v4/objects/companies/50/associations/deals');
  expect(other.body.results).toMatchObject([{ toObjectId: '1' }]);
});

test('owners, pipelines, properties, the account and its rates can be read', async () => {
  expect((await call('GET', '/crm/v3/owners/?limit=1')).body).toMatchObject({
    results: [{ id: '10', userId: 900 }],
    paging: { next: { after: '1' } },
  });
  expect((await call('GET', '/crm/v3/owners/?archived=true')).body.results).toMatchObject([
    { id: '12', archived: true },
  ]);
  expect((await call('GET', '/crm/v3/pipelines/deals')).body.results[0]).toMatchObject({
    stages: [
      { metadata: { isClosed: 'false', probability: '0.4' } },
      { metadata: { isClosed: 'true', probability: '1.0' } },
    ],
  });
  expect((await call('GET', '/crm/v3/properties/deals/po_number')).body).toMatchObject({
    type: 'string',
    hubspotDefined: false,
  });
  expect((await call('GET', '/account-info/v3/details')).body).toMatchObject({
    companyCurrency: 'EUR',
    utcOffset: '+02:00',
    utcOffsetMilliseconds: 7_200_000,
  });
  expect((await call('GET', '/settings/v3/currencies/exchange-rates/current')).body.results).toMatchObject([
    { conversionRate: 0.95 },
  ]);
});

test('what is done under /__control/ is what the functions do', async () => {
  const control = (name: string, body: object) => call('POST', `/__control/${name}`, body);
  const properties = { dealname: 'D', dealstage: 'lead', pipeline: 'default' };
  await control('create', { type: 'deals', id: '1', properties });
  await control('create', { type: 'deals', id: '2', properties });
  await control('update', { type: 'deals', id: '1', properties: { amount: '5' } });
  await control('stage', { pipeline: 'default', stage: 'lead', patch: { label: 'Enquiry' } });
  await control('break', { type: 'deals', id: '1', patch: { properties: { amount: 'lots' } } });
  expect(emulator.read('deals', '1')).toMatchObject({ properties: { amount: 'lots' } });
  await control('repair', { type: 'deals', id: '1' });
  expect(emulator.read('deals', '1')).toMatchObject({ properties: { amount: '5' } });
  await control('archive', { type: 'deals', id: '2' });
  expect(emulator.read('deals', '2')).toMatchObject({ archived: true });
  await control('restore', { type: 'deals', id: '2' });
  await control('merge', { type: 'deals', primary: '1', merged: '2' });
  expect(emulator.read('deals', '2')).toMatchObject({ id: '1' });
  expect((await control('update', { type: 'deals', id: '404', properties: {} })).status).toBe(404);
  expect((await control('update', { type: 'tickets' })).status).toBe(400);
});

test('the calls of ten seconds are counted, and the headers tell how many are left', async () => {
  const first = await call('GET', '/account-info/v3/details');
  expect(first.headers.get('x-hubspot-ratelimit-remaining')).toBe('59');
  for (let calls = 1; calls < 60; calls += 1) await call('GET', '/account-info/v3/details');
  expect(await call('GET', '/account-info/v3/details')).toMatchObject({
    status: 429,
    body: { policyName: 'TEN_SECONDLY_ROLLING' },
  });
  clock.advance(10_000);
  expect((await call('GET', '/account-info/v3/details')).status).toBe(200);
});

test('a property that nobody declared is refused when it is loaded', () => {
  const [record] = deals(1);
  expect(() => emulator.load({ records: [{ ...record!, properties: { nonsense: '1' } }] })).toThrow(
    'deals have no property nonsense',
  );
});

test('pages are as short as the portal likes, and what is purged is in no list', async () => {
  await emulator.close();
  emulator = await startHubSpotEmulator({ portal, clock, pageCap: 4, shortPages: true });
  emulator.load({
    records: Array.from({ length: 7 }, (_, index) => ({
      type: 'companies' as const,
      id: String(index + 1),
      properties: { name: `C${index}` },
      created: 1e12 + index,
      updated: 1e12 + index,
    })),
  });
  const sizes: number[] = [];
  for (let after: string | undefined = '0'; after !== undefined;) {
    const { body } = await call('GET', `/crm/v3/objects/companies?limit=100&after=${after}`);
    sizes.push(body.results.length);
    after = (body['paging'] as { next?: { after: string } } | undefined)?.next?.after;
  }
  expect(sizes).toEqual([4, 2, 1]);
  emulator.purge('companies', '7');
  for (const archived of ['false', 'true']) {
    const { body } = await call('GET', `/crm/v3/objects/companies?after=6&archived=${archived}`);
    expect(body.results).toEqual([]);
  }
});
