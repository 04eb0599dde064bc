import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manualClock, silentLogger, type ManualClock } from '../../packages/connector/src/index.ts';
import { createApi, openHub, type Hub } from '../../packages/hub/src/index.ts';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { files } from '../../plugins/files/src/index.ts';
import { googleSheets } from '../../plugins/google-sheets/src/index.ts';
import { ratesConfig } from '../../plugins/google-sheets/test/rates.ts';
import { hubspot } from '../../plugins/hubspot/src/index.ts';
import { jira } from '../../plugins/jira/src/index.ts';
import { startSmallVendors, type SmallVendors } from './small-vendors.ts';

const DEALS = '[{ "id": "1", "name": "Portal", "amount": 5 }, { "id": "2", "name": "Shop", "amount": 7 }]';
const QUOTAS = 'No.,From,Target\nq1,2026-01-01,100000\n';

let vendors: SmallVendors;
let database: TestDatabase;
let clock: ManualClock;
let hub: Hub;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-drift-'));
  await writeFile(join(folder, 'deals.json'), DEALS);
  await writeFile(join(folder, 'quotas.csv'), QUOTAS);
  clock = manualClock('2026-06-15T12:00:00Z');
  vendors = await startSmallVendors({ clock });
  database = await emptyDatabase({ durable: false });
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    sources: [
      {
        id: 'hubspot',
        connector: hubspot,
        config: {
          address: vendors.hubspot.url,
          deals: { customFields: { region: 'sales_region' }, stageStates: { lead: 'QUALIFYING' } },
        },
        secrets: { accessToken: vendors.secrets.hubspot },
      },
      {
        id: 'jira',
        connector: jira,
        config: {
          site: vendors.jira.url,
          email: vendors.site.caller.email,
          changeRequests: {
            issueTypes: ['Change Request'],
            states: { Quoted: 'QUOTED' },
            priceDelta: { field: 'customfield_2', currency: { fixed: 'EUR' } },
          },
        },
        secrets: { apiToken: vendors.secrets.jira },
      },
      {
        id: 'sheets',
        connector: googleSheets,
        config: { rootUrl: vendors.google.url, requestsPerMinute: 10_000, ...ratesConfig() },
        secrets: vendors.secrets.google,
      },
      {
        id: 'exports',
        connector: files,
        config: {
          folder,
          tables: [
            {
              name: 'deals',
              files: 'deals.json',
              kind: 'opportunity',
              key: { column: 'id' },
              columns: { name: 'name', amount: { column: 'amount', currency: 'EUR' } },
            },
            {
              name: 'quotas',
              files: 'quotas.csv',
              kind: 'quota',
              key: { column: 'No.' },
              columns: { periodStart: 'From', amount: { column: 'Target', currency: 'EUR' } },
            },
          ],
        },
        secrets: {},
      },
    ],
  });
});
afterEach(async () => {
  await hub.close();
  await vendors.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** What the run of a stream came to an hour later: its status, what it warned of, and why it failed. */
async function syncLater(sourceId: string, stream: string): Promise<{ status: string; said: string }> {
  clock.advance(3_600_000);
  const reports = await hub.sync({ sourceId });
  const report = reports.find((each) => each.stream === stream);
  // Only the stream that is concerned tells it.
  expect(reports.filter((each) => each !== report).flatMap(({ warnings }) => warnings)).toEqual([]);
  return { status: report?.status ?? 'none', said: [...(report?.warnings ?? []), report?.error ?? ''].join(' | ') };
}

const fine = { status: 'SUCCEEDED', said: '' };

test('HubSpot: a property that vanishes or changes its type, and a new stage, until each is repaired', async () => {
  expect(await syncLater('hubspot', 'deals')).toEqual(fine);
  vendors.hubspot.removeProperty('deals', 'sales_region');
  const gone = await syncLater('hubspot', 'deals');
  expect(gone.status).toBe('PARTIAL');
  expect(gone.said).toContain(
    'deals.customFields.region names the property of deals "sales_region", which the account no longer has',
  );
  // A check names it as well, and does not keep a command from reading the rest.
  const [checked] = await hub.check('hubspot');
  const failed = checked?.checks.filter(({ ok }) => !ok) ?? [];
  expect(failed.map(({ subject, blocks }) => [subject, blocks])).toEqual([['deals.customFields.region', false]]);
  const property = { objectType: 'deals', name: 'sales_region', label: 'Sales region' } as const;
  vendors.hubspot.defineProperty({ ...property, type: 'number' });
  expect((await syncLater('hubspot', 'deals')).said).toContain('whose type was string and is now number');
  vendors.hubspot.defineProperty({ ...property, type: 'string' });
  expect(await syncLater('hubspot', 'deals')).toEqual(fine);
  vendors.hubspot.addStage('default', { id: 'legal', label: 'Legal review', probability: 0.7, isClosed: false });
  const stage = await syncLater('hubspot', 'deals');
  expect(stage.status).toBe('PARTIAL');
  expect(stage.said).toContain(
    'deals.stageStates says nothing of the stage "Legal review" (legal), which is new: its deals get the state that its own probability suggests.',
  );
  await hub.compareMapping({ sourceId: 'hubspot', accept: true });
  expect(await syncLater('hubspot', 'deals')).toEqual(fine);
});

test('Jira: a field that vanishes or is made anew as another type, and a new status, until each is repaired', async () => {
  expect(await syncLater('jira', 'issues')).toEqual(fine);
  const { fields, statuses } = vendors.site;
  const at = fields.findIndex(({ id }) => id === 'customfield_2');
  const [field] = fields.splice(at, 1);
  if (!field) throw new RangeError('the site has no such field');
  const gone = await syncLater('jira', 'issues');
  expect(gone.status).toBe('PARTIAL');
  expect(gone.said).toContain(
    'changeRequests.priceDelta.field names the field "customfield_2", which the account no longer has',
  );
  fields.push({ ...field, type: 'string', custom: 'com.atlassian.jira:textfield' });
  expect((await syncLater('jira', 'issues')).said).toMatch(/whose type was .*float and is now .*textfield/);
  fields.splice(-1, 1, field);
  expect(await syncLater('jira', 'issues')).toEqual(fine);
  statuses.push({ id: '5', name: 'Waiting for legal', category: 'indeterminate' });
  const status = await syncLater('jira', 'issues');
  expect(status.status).toBe('PARTIAL');
  expect(status.said).toContain(
    'changeRequests.states says nothing of the status "Waiting for legal" (5), which is new: a change request in it has no state.',
  );
  statuses.pop();
  expect(await syncLater('jira', 'issues')).toEqual(fine);
});

test('Google Sheets: a column that shows something else is told, and one that vanished leaves what was read of its tab', async () => {
  expect(await syncLater('sheets', 'rates')).toEqual(fine);
  const cell = { spreadsheetId: 'rates-2026', tab: 77 };
  vendors.google.setCell({ ...cell, row: 1, column: 3, value: 150, format: 'PERCENT' });
  const changed = await syncLater('sheets', 'rates');
  expect(changed.status).toBe('PARTIAL');
  expect(changed.said).toMatch(/names the header "bill rate of rates", whose type was \w+ and is now PERCENT/);
  vendors.google.setCell({ ...cell, row: 1, column: 3, value: 150, format: 'CURRENCY' });
  expect(await syncLater('sheets', 'rates')).toEqual(fine);
  const rates = '{ rates(orderBy: { field: ROLE }) { nodes { role billRate { amount currency } } } }';
  const before = await createApi(hub).query(rates);
  vendors.google.setCell({ ...cell, row: 0, column: 3, value: 'Price' });
  const gone = await syncLater('sheets', 'rates');
  expect(gone.status).toBe('PARTIAL');
  expect(gone.said).toContain('names the header "bill rate of rates", which the account no longer has');
  expect(gone.said).toContain('has no header "BILL  rate" in row 1');
  expect(await createApi(hub).query(rates)).toEqual(before);
  expect(JSON.stringify(before)).toContain('"amount":"150');
  vendors.google.setCell({ ...cell, row: 0, column: 3, value: 'Bill rate' });
  expect(await syncLater('sheets', 'rates')).toEqual(fine);
});

test('Files: a member and a header that were renamed are told and found, and leave what was read', async () => {
  expect(await syncLater('exports', 'deals')).toEqual(fine);
  const graph = `{
    opportunities(orderBy: { field: NAME }, filter: { name: { in: ["Portal", "Shop"] } }) { nodes { name amount { amount } } }
    quotas { nodes { amount { amount } } }
  }`;
  const before = await createApi(hub).query(graph);
  expect(JSON.stringify(before)).toContain('{"name":"Portal","amount":{"amount":"5"}}');
  const findings = async () => {
    const { data } = await createApi(hub).query('{ sources { name mapping { findings { path stream problem } } } }');
    const sources = (data?.['sources'] ?? []) as Sources;
    return sources.find(({ name }) => name === 'exports')?.mapping?.findings;
  };
  expect(await findings()).toEqual([]);
  await writeFile(join(folder, 'deals.json'), DEALS.replaceAll('amount', 'deal_amount'));
  const gone = await syncLater('exports', 'deals');
  expect(gone.status).toBe('PARTIAL');
  expect(gone.said).toContain(
    'tables.deals.columns.amount names the column "amount of deals", which the account no longer has',
  );
  expect(gone.said).toContain('File deals.json no longer has "amount" in any of its 2 items');
  expect(await findings()).toEqual([{ path: 'tables.deals.columns.amount', stream: 'deals', problem: 'GONE' }]);
  await writeFile(join(folder, 'deals.json'), DEALS);
  expect(await syncLater('exports', 'deals')).toEqual(fine);
  await writeFile(join(folder, 'quotas.csv'), QUOTAS.replace('Target', 'Goal'));
  const lost = await syncLater('exports', 'quotas');
  expect(lost.status).toBe('PARTIAL');
  expect(lost.said).toContain(
    'tables.quotas.columns.amount names the column "target of quotas", which the account no longer',
  );
  expect(await findings()).toEqual([{ path: 'tables.quotas.columns.amount', stream: 'quotas', problem: 'GONE' }]);
  expect(await createApi(hub).query(graph)).toEqual(before);
});

type Sources = { name: string; mapping: { findings: object[] } | null }[];
