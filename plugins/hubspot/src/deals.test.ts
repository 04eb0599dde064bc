import type { Page } from '@plumbline/connector';
import { afterEach, expect, test } from 'vitest';
import { deal, openPortal, portal, type OpenPortal, type Read } from './test-kit.ts';

let open: OpenPortal | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

test('a deal arrives whole: amount, stage, dates, owner, client, projects and what the site adds', async () => {
  open = await openPortal({
    config: {
      deals: { projectKey: {}, customFields: { region: 'sales_region' }, stageStates: { offer: 'NEGOTIATING' } },
    },
  });
  open.emulator.load({
    records: [
      deal(1, {
        dealname: 'Rollout',
        dealstage: 'offer',
        amount: '12500.5',
        deal_currency_code: 'USD',
        closedate: '2026-09-30T22:30:00Z',
        hubspot_owner_id: '71',
        hs_next_step: 'Send the offer',
        jira_project_key: 'abc; XY',
        sales_region: 'North',
        notes_last_contacted: '1772366400000',
      }),
    ],
    associations: [
      { from: { type: 'deals', id: '1' }, to: { type: 'companies', id: '40' }, typeId: 341 },
      { from: { type: 'deals', id: '1' }, to: { type: 'companies', id: '50' }, typeId: 5 },
    ],
  });
  const mapped = open.map('deals', await open.read('deals')).get('1');
  expect(mapped).toMatchObject({
    kind: 'opportunity',
    keys: ['hubspot-deal:1'],
    fields: {
      name: 'Rollout',
      amount: { amount: '12500.5', currency: 'USD' },
      pipeline: 'Sales',
      stage: 'Offer',
      state: 'NEGOTIATING',
      probability: '0.6',
      closeDate: '2026-10-01',
      createdAt: '2026-01-05T08:00:00Z',
      stageEnteredAt: '2026-01-05T08:00:00Z',
      lastActivityAt: '2026-03-01T12:00:00Z',
      nextStep: 'Send the offer',
      nextStepDate: null,
      forecastCategory: null,
      client: 'hubspot-company:50',
      owner: 'hubspot-owner:71',
      projects: ['jira-project-key:ABC', 'jira-project-key:XY'],
      url: 'https://app.hubspot.com/contacts/24601/record/0-3/1',
    },
    customFields: { region: 'North' },
  });
});

test('who made each past value is told as a user, but of what a program did, and where HubSpot names none or nobody', async () => {
  open = await openPortal();
  const entry = (day: number, value: string, more: { sourceType?: string; userId?: number }) => ({
    value,
    at: Date.parse(`2026-02-0${day}T09:00:00Z`),
    sourceType: 'CRM_UI',
    ...more,
  });
  open.emulator.load({
    records: [
      {
        ...deal(1),
        history: {
          dealstage: [
            entry(4, 'closedwon', { sourceType: 'INTEGRATION', userId: 901 }),
            entry(3, 'offer', { sourceType: 'AUTOMATION_PLATFORM', userId: 902 }),
            entry(2, 'scoping', { sourceType: 'IMPORT', userId: 902 }),
            entry(1, 'lead', {}),
          ],
          amount: [entry(2, '1000', { userId: 0 }), entry(1, '900', { userId: 901 })],
        },
      },
    ],
  });
  open.emulator.update('deals', '1', { closedate: '2026-09-30' });
  const history = open.map('deals', await open.read('deals')).get('1')?.history ?? [];
  const by = (field: string) => history.filter((past) => past.field === field).map((past) => past.by ?? null);
  expect(by('stage')).toEqual([null, 'hubspot-user:902', null, null]);
  expect(by('state')).toEqual(by('stage'));
  expect(by('amount')).toEqual(['hubspot-user:901', null]);
  expect(by('closeDate')).toEqual(['hubspot-user:901']);
});

test('members that the official client does not know stay in the payload', async () => {
  open = await openPortal();
  open.emulator.load({ records: [deal(1)] });
  open.emulator.breakRecord('deals', '1', { brandNew: { from: 'tomorrow' } });
  const { records } = await open.read('deals');
  expect(records.get('1')?.payload).toMatchObject({ deal: { brandNew: { from: 'tomorrow' } } });
});

test('the past of stage, amount, close date and owner is told oldest first', async () => {
  open = await openPortal();
  open.emulator.load({ records: [deal(1, { hubspot_owner_id: '71' })] });
  open.emulator.update('deals', '1', { dealstage: 'offer', amount: '2000' });
  open.clock.advance(60_000);
  open.emulator.update('deals', '1', { dealstage: 'closedwon' });
  const mapped = open.map('deals', await open.read('deals')).get('1');
  const of = (field: string) =>
    mapped?.history?.filter((past) => past.field === field).map(({ at, value }) => [at, value]);
  expect(of('stage')).toEqual([
    ['2026-01-05T08:00:00Z', 'Lead'],
    ['2026-06-15T12:00:00Z', 'Offer'],
    ['2026-06-15T12:01:00Z', 'Closed won'],
  ]);
  expect(of('state')?.map(([, value]) => value)).toEqual(['QUALIFYING', 'PROPOSED', 'WON']);
  expect(of('amount')?.map(([, value]) => value)).toEqual([
    { amount: '1000', currency: 'EUR' },
    { amount: '2000', currency: 'EUR' },
  ]);
  expect(of('owner')).toEqual([['2026-01-05T08:00:00Z', 'hubspot-owner:71']]);
  expect(mapped?.fields).toMatchObject({ state: 'WON', probability: '1', stageEnteredAt: '2026-06-15T12:01:00Z' });
});

test('a changed deal is read alone, and a poll that finds nothing gives the same cursor for three requests', async () => {
  open = await openPortal();
  open.emulator.load({ records: Array.from({ length: 450 }, (_, index) => deal(index + 1)) });
  const first = await open.read('deals');
  expect(first.records.size).toBe(450);
  open.emulator.update('deals', '7', { amount: '7777' });
  const second = await open.read('deals', first.cursor);
  expect([...second.records.keys()]).toEqual(['7']);
  open.emulator.forgetRequests();
  const third = await open.read('deals', second.cursor);
  expect(third.records.size).toBe(0);
  expect(third.cursor).toEqual(second.cursor);
  const threeRequests = ['/crm/v3/pipelines/deals', '/crm/v3/objects/deals/search', '/crm/v3/objects/deals'];
  expect(open.emulator.requests.map(({ path }) => path)).toEqual(threeRequests);
  // Companies are read before deals, and have just asked for the portal.
  open.clock.advance(20 * 60_000);
  await open.read('companies');
  open.emulator.forgetRequests();
  expect((await open.read('deals', third.cursor)).cursor).toEqual(third.cursor);
  expect(open.emulator.requests.map(({ path }) => path)).toEqual(threeRequests);
});

test('another currency of the portal is noticed within a quarter of an hour, and at once by what else reads the portal', async () => {
  const changing = { ...portal };
  open = await openPortal({ portal: changing });
  open.emulator.load({ records: [deal(1)] });
  const amountOf = (read: Read) => open?.map('deals', read).get('1')?.fields;
  const first = await open.read('deals');
  Object.assign(changing, { companyCurrency: 'USD' });
  expect((await open.read('deals', first.cursor)).records.size).toBe(0);
  open.clock.advance(15 * 60_000);
  const second = await open.read('deals', first.cursor);
  expect(amountOf(second)).toMatchObject({ amount: { currency: 'USD' } });
  // Another process, which has not read the portal lately, is the first to see the next one.
  Object.assign(changing, { companyCurrency: 'CHF' });
  const config = { ...(open.context.config as object) };
  const pages: Page[] = [];
  for await (const page of open.stream('deals').poll({ ...open.context, config }, second.cursor)) pages.push(page);
  expect(pages[0]?.records[0]?.payload).toMatchObject({ portal: { currency: 'CHF' } });
  const third = await open.read('deals', pages.at(-1)?.cursor);
  expect([third.records.size, third.cursor]).toEqual([0, pages.at(-1)?.cursor]);
  Object.assign(changing, { companyCurrency: 'GBP' });
  const looked = await open.stream('deals').look?.(open.context, ['1']);
  expect(looked?.records[0]?.payload).toMatchObject({ portal: { currency: 'GBP' } });
  expect(amountOf(await open.read('deals', third.cursor))).toMatchObject({ amount: { currency: 'GBP' } });
});

test('a renamed stage brings all deals again, and then none', async () => {
  open = await openPortal();
  open.emulator.load({ records: [deal(1), deal(2, { dealstage: 'offer' })] });
  const first = await open.read('deals');
  open.emulator.updateStage('default', 'lead', { label: 'Enquiry' });
  const second = await open.read('deals', first.cursor);
  expect(open.map('deals', second).get('1')?.fields).toMatchObject({ stage: 'Enquiry' });
  expect(second.records.size).toBe(2);
  const third = await open.read('deals', second.cursor);
  expect(third.records.size).toBe(0);
  expect(third.cursor).toEqual(second.cursor);
});

test('archived deals are reported once, and come back when they are restored', async () => {
  open = await openPortal();
  open.emulator.load({ records: [deal(1), deal(2), deal(3)] });
  const first = await open.read('deals');
  open.emulator.archive('deals', '2');
  const second = await open.read('deals', first.cursor);
  expect(second.pages.flatMap(({ deletes }) => deletes)).toEqual([{ id: '2', at: '2026-06-15T12:00:00Z' }]);
  const third = await open.read('deals', second.cursor);
  expect(third.deletes).toEqual([]);
  expect(third.cursor).toEqual(second.cursor);
  open.clock.advance(3_600_000);
  open.emulator.restore('deals', '2');
  const fourth = await open.read('deals', third.cursor);
  expect([...fourth.records.keys()]).toEqual(['2']);
  open.clock.advance(3_600_000);
  open.emulator.archive('deals', '2');
  expect((await open.read('deals', fourth.cursor)).deletes).toEqual(['2']);
});

test('a restored deal is found even when search is told nothing of it', async () => {
  open = await openPortal({ indexLagMs: 3_600_000 });
  open.emulator.load({ records: [deal(1), deal(2)] });
  const first = await open.read('deals');
  open.emulator.archive('deals', '2');
  const second = await open.read('deals', first.cursor);
  open.emulator.restore('deals', '2');
  const third = await open.read('deals', second.cursor);
  expect([...third.records.keys()]).toEqual(['2']);
});

test('a merge leaves one deal with both keys and reports the other as gone, also while search still shows it', async () => {
  open = await openPortal({ indexLagMs: 60_000 });
  open.emulator.load({ records: [deal(1), deal(2), deal(3)] });
  open.emulator.merge('deals', { primary: '1', merged: '2' });
  const during = await open.read('deals');
  expect([...during.records.keys()].sort()).toEqual(['1', '3']);
  expect(open.map('deals', during).get('1')?.keys).toEqual(['hubspot-deal:1', 'hubspot-deal:2']);
  open.clock.advance(120_000);
  const after = await open.read('deals', during.cursor);
  expect(after.deletes).toEqual(['2']);
  open.emulator.merge('deals', { primary: '1', merged: '3', newId: '99' });
  open.clock.advance(120_000);
  const renamed = await open.read('deals', after.cursor);
  expect(open.map('deals', renamed).get('99')?.keys.toSorted()).toEqual([
    'hubspot-deal:1',
    'hubspot-deal:2',
    'hubspot-deal:3',
    'hubspot-deal:99',
  ]);
  expect(renamed.deletes.toSorted()).toEqual(['1', '2', '3']);
});

test('only the configured pipelines are read; a deal that leaves them is deleted', async () => {
  open = await openPortal({ config: { deals: { pipelines: ['default'] } } });
  open.emulator.load({ records: [deal(1), deal(2, { pipeline: 'renewals', dealstage: '9001' })] });
  const first = await open.read('deals');
  expect([...first.records.keys()]).toEqual(['1']);
  open.emulator.update('deals', '1', { pipeline: 'renewals', dealstage: '9001' });
  expect((await open.read('deals', first.cursor)).deletes).toEqual(['1']);
});

test('a malformed deal is kept as it came and its mapping names the property, while others map', async () => {
  open = await openPortal();
  open.emulator.load({ records: [deal(1), deal(2), deal(3), deal(4), deal(5)] });
  open.emulator.breakRecord('deals', '2', { properties: { amount: 'lots' } });
  open.emulator.breakRecord('deals', '3', { properties: null });
  open.emulator.breakRecord('deals', '4', { properties: { closedate: 'soon' }, updatedAt: 'never' });
  open.emulator.breakRecord('deals', '5', { propertiesWithHistory: 'none', companies: 7 });
  const { records } = await open.read('deals');
  const stream = open.stream('deals');
  expect(records.size).toBe(5);
  expect(stream.map(records.get('1')?.payload)).toHaveLength(1);
  expect(() => stream.map(records.get('2')?.payload)).toThrow(
    'deal 2: property amount wants a decimal number, got "lots"',
  );
  expect(() => stream.map(records.get('3')?.payload)).toThrow('properties');
  expect(() => stream.map(records.get('4')?.payload)).toThrow('deal 4: property closedate wants a date');
  expect(() => stream.map(records.get('5')?.payload)).toThrow('propertiesWithHistory');
  open.emulator.repairRecord('deals', '2');
  expect(open.map('deals', await open.read('deals', (await open.read('deals')).cursor)).size).toBe(0);
});

test('the census lists every deal, and confirming tells the deleted from the present', async () => {
  open = await openPortal();
  open.emulator.load({ records: Array.from({ length: 250 }, (_, index) => deal(index + 1)) });
  open.emulator.archive('deals', '3');
  open.emulator.merge('deals', { primary: '1', merged: '2' });
  const listed = await open.census('deals');
  expect(listed.get('7')).toMatchObject({ changedAt: '2026-03-01T09:00:00Z' });
  expect(listed.size).toBe(248);
  expect(await open.stream('deals').confirm?.(open.context, ['1', '2', '3', '999'])).toEqual([
    { id: '1', state: 'PRESENT' },
    { id: '2', state: 'DELETED' },
    { id: '3', state: 'DELETED' },
    { id: '999', state: 'DELETED' },
  ]);
});

test('a census tells of another company, of which no time of the deal does, and asks little for it', async () => {
  const first = { type: 'companies', id: '50' } as const;
  const second = { type: 'companies', id: '51' } as const;
  open = await openPortal();
  open.emulator.load({ records: Array.from({ length: 250 }, (_, index) => deal(index + 1)) });
  open.emulator.associate({ from: { type: 'deals', id: '7' }, to: first, typeId: 5 });
  const read = await open.read('deals');
  const surroundings = (id: string) => read.records.get(id)?.surroundings;
  open.emulator.forgetRequests();
  for (const [id, listed] of await open.census('deals'))
    expect(listed).toMatchObject({ surroundings: surroundings(id) });
  expect(open.emulator.requests.map(({ path }) => path)).toEqual([
    ...Array.from({ length: 3 }, () => '/crm/v3/objects/deals'),
    '/crm/v4/associations/deals/companies/batch/read',
  ]);
  open.emulator.associate({ from: { type: 'deals', id: '7' }, to: second, typeId: 5 });
  open.emulator.associate({ from: { type: 'deals', id: '8' }, to: second, typeId: 341 });
  const moved = await open.census('deals');
  const others = [...moved.values()].filter(
    (each) => typeof each !== 'string' && each.surroundings !== surroundings(each.id),
  );
  expect(others).toMatchObject([7, 8].map((id) => ({ id: String(id), changedAt: '2026-03-01T09:00:00Z' })));
});
