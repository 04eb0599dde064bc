import { parseRecord } from '@plumbline/connector';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readPortal } from './account.ts';
import type { HubSpotApis } from './client.ts';
import { configSchema } from './config.ts';
import { hubspot } from './connector.ts';
import { rawRecord } from './read-objects.ts';
import type { RawObject } from './requests.ts';

const folder = new URL('../../../../shared/contracts/samples/', import.meta.url);
const present = existsSync(folder);
if (!present) console.info(`Skipped: recorded answers of HubSpot; ${folder.pathname} is not there.`);

const portal = { id: 99_000_002, currency: 'USD', timeZone: 'America/New_York', uiDomain: 'app.hubspot.com' };
const installed = hubspot.install({
  id: 'samples',
  config: configSchema.parse({}),
  secrets: { accessToken: 'not-a-real-token' },
});

function bodyOf(name: string): Record<string, unknown> {
  const sample = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as {
    response: { body: Record<string, unknown> };
  };
  return sample.response.body;
}

function mapAll(stream: string, payloads: readonly unknown[]) {
  const found = installed.streams.find(({ name }) => name === stream);
  return payloads.flatMap((payload) => found?.map(payload) ?? []).map(parseRecord);
}

const ofDeal = (deal: unknown) => ({ deal, companies: [], pipeline: null, stages: [], portal });
const ofCompany = (company: unknown) => ({ company, portal });
const results = (name: string) => bodyOf(name)['results'] as RawObject[];

test.runIf(present)('recorded deals parse and map, and their times are read', () => {
  const deals = results('hubspot-deals-list-associations.json');
  const mapped = mapAll('deals', deals.map(ofDeal));
  expect(mapped).toHaveLength(deals.length);
  expect(mapped[0]).toMatchObject({
    kind: 'opportunity',
    fields: { name: 'Test Deal Updated via Action', amount: { amount: '3000', currency: 'USD' }, closeDate: null },
  });
  expect(deals.map((deal) => rawRecord(deal, {}).changedAt)).not.toContain(null);
});

test.runIf(present).each(['hubspot-deal-create.json', 'hubspot-deal-update.json'])('the deal in %s maps', (name) => {
  const [mapped] = mapAll('deals', [ofDeal(bodyOf(name))]);
  expect(mapped).toMatchObject({ kind: 'opportunity', fields: { amount: { currency: 'USD' } } });
});

test.runIf(present)('float dust, moments and a stage nobody knows are read as HubSpot means them', () => {
  const [mapped] = mapAll('deals', [ofDeal(bodyOf('hubspot-deal-update.json'))]);
  expect(mapped?.fields).toMatchObject({
    probability: '0.4',
    closeDate: '2026-12-30',
    stage: 'qualifiedtobuy',
    state: 'SCOPING',
    stageEnteredAt: '2026-03-12T07:36:20.305Z',
  });
});

test.runIf(present).each(['hubspot-companies-list.json', 'hubspot-companies-batch-create.json'])(
  'the companies in %s map',
  (name) => {
    const companies = results(name);
    const mapped = mapAll('companies', companies.map(ofCompany));
    expect(mapped).toHaveLength(companies.length);
    expect(mapped.every(({ keys }) => keys[0]?.startsWith('hubspot-company:'))).toBe(true);
  },
);

test.runIf(present)('the recorded owner is a person', () => {
  const [mapped] = mapAll('owners', [{ owner: bodyOf('hubspot-owner-get.json'), supersededBy: null }]);
  expect(mapped).toMatchObject({
    kind: 'person',
    keys: ['hubspot-owner:534941', 'hubspot-user:534941', 'email:test@example.com'],
    fields: { name: 'Group Grader', status: 'ACTIVE' },
  });
});

test.runIf(present)('the recorded account gives currency and zone', async () => {
  const apis: Pick<HubSpotApis, 'get'> = { get: async () => bodyOf('hubspot-account-details.json') };
  expect(await readPortal(apis)).toMatchObject({
    currency: 'USD',
    timeZone: 'US/Eastern',
    uiDomain: 'app-eu1.hubspot.com',
  });
});
