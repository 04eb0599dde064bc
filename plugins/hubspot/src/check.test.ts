import { afterEach, expect, test } from 'vitest';
import { openPortal, type OpenPortal } from './test-kit.ts';

let open: OpenPortal | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

test('a good configuration passes every check', async () => {
  open = await openPortal({
    config: { deals: { projectKey: {}, stageStates: { offer: 'NEGOTIATING' }, pipelines: ['default'] } },
  });
  const checks = await open.check();
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.map(({ subject }) => subject)).toEqual([
    'credentials',
    'scopes.deals',
    'scopes.companies',
    'scopes.line_items',
    'scopes.owners',
    'properties.deals',
    'deals.stageStates',
  ]);
});

test('a token of another portal than the configured one is told, with what follows', async () => {
  open = await openPortal({ config: { portalId: 99_999 } });
  expect((await open.check()).filter(({ ok }) => !ok)).toEqual([
    {
      subject: 'portalId',
      ok: false,
      message: 'portalId is 99999, and the token opens portal 24601: what HubSpot says of that one is not taken.',
      remedy: 'Set portalId to 24601, or give a token of portal 99999.',
    },
  ]);
});

test('a wrong token ends the check with what to do', async () => {
  open = await openPortal({ token: 'pat-na1-wrong-wrong-wrong' });
  expect(await open.check()).toEqual([
    {
      subject: 'credentials',
      ok: false,
      message: 'hubspot-acme: the vendor rejects the credentials (401).',
      remedy: 'Check the token and the account it belongs to, then run `plumbline doctor`.',
    },
  ]);
});

test('a missing scope is one failed check among the others', async () => {
  open = await openPortal({
    scopes: [
      'crm.objects.deals.read',
      'crm.schemas.deals.read',
      'crm.objects.companies.read',
      'crm.objects.owners.read',
    ],
  });
  const failed = (await open.check()).filter(({ ok }) => !ok);
  expect(failed.map(({ subject }) => subject)).toEqual(['scopes.line_items']);
  expect(failed[0]?.message).toContain('crm.objects.line_items.read');
});

test('a property, a pipeline or a stage that does not exist is named with its place and what comes near', async () => {
  open = await openPortal({
    config: {
      deals: {
        properties: { nextStep: 'next_step' },
        customFields: { region: { property: 'sales_regions', type: 'list' } },
        stageStates: { closed_won: 'WON' },
        pipelines: ['renewal'],
      },
      companies: { currencyProperty: 'billing_currency' },
    },
  });
  const failed = (await open.check()).filter(({ ok }) => !ok);
  expect(failed.map(({ subject }) => subject)).toEqual([
    'deals.properties.nextStep',
    'deals.customFields.region',
    'deals.pipelines',
    'deals.stageStates.closed_won',
  ]);
  expect(failed[0]?.message).toMatch(/^deals have no property "next_step"\. Near it are: hs_next_step, /);
  expect(failed[0]?.message.split(', ')).toHaveLength(15);
  expect(failed[1]?.message).toContain('Near it are: sales_region,');
  expect(failed[2]?.message).toContain('renewals (Renewals)');
  expect(failed[3]?.message).toContain('closedwon (Closed won)');
});
