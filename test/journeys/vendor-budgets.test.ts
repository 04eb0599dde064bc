import { googleSheets } from '@plumbline/google-sheets';
import { startGoogleEmulator, type GoogleEmulator } from '@plumbline/google-sheets/emulator';
import { hubspot } from '@plumbline/hubspot';
import { startHubSpotEmulator, type HubSpotEmulator } from '@plumbline/hubspot/emulator';
import { jira } from '@plumbline/jira';
import { startJiraEmulator, type JiraEmulator, type JiraLimits } from '@plumbline/jira/emulator';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  keepInMemory,
  manualClock,
  silentLogger,
  systemClock,
  type Clock,
} from '../../packages/connector/src/index.ts';
import { createApi, openHub, type Hub, type SourceOptions } from '../../packages/hub/src/index.ts';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { email, privateKey, publicKeyPem } from '../../plugins/google-sheets/test/desk.ts';
import { ratesSpreadsheet, ratesTab } from '../../plugins/google-sheets/test/rates.ts';
import { accessToken, deal, portal } from '../../plugins/hubspot/src/test-kit.ts';
import { issue, projects, smallSite } from '../../plugins/jira/test/site.ts';
import { finished } from './cli.ts';
import { lockstepClock } from './lockstep.ts';
import { newPlace } from './place.ts';

const START = '2026-06-15T12:00:00Z';
const HOUR_MS = 3_600_000;
/** A hundred calls in any ten seconds, as HubSpot counts for a free account. */
const perTenSeconds = 100;

let database: TestDatabase;
let hub: Hub | null;

beforeEach(async () => {
  hub = null;
  database = await emptyDatabase({ durable: false });
});
afterEach(async () => {
  await hub?.close();
  await database.drop();
});

async function openSource(source: SourceOptions, clock: Clock): Promise<Hub> {
  const opened = await openHub({ database: database.target, logger: silentLogger, clock, sources: [source] });
  hub = opened;
  return opened;
}

const secondsOn = (clock: Clock): number => clock.now().since(Temporal.Instant.from(START)).total('seconds');

interface Seen {
  status: number;
  at: string;
}
const refused = (requests: readonly Seen[]): Seen[] => requests.filter(({ status }) => status === 429);

/** Requests that were refused although the one before them had been. */
function refusedAgain(requests: readonly Seen[]): Seen[] {
  return requests.filter(({ status }, place) => status === 429 && requests[place - 1]?.status === 429);
}

test('a first sync of a portal uses nine tenths of what HubSpot allows, and HubSpot refuses nothing', async () => {
  const clock = manualClock(START);
  const vendor = await openPortal(clock, 200);
  const source = { id: 'crm', connector: hubspot, config: { address: vendor.url }, secrets: { accessToken } };
  const reports = await (await openSource(source, clock)).sync();
  await vendor.close();
  expect(reports.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
  expect(vendor.requests.filter(({ status }) => status >= 400)).toEqual([]);
  expect(vendor.requests.length).toBeGreaterThan(120);
  expect(vendor.requests.length).toBeGreaterThanOrEqual((0.9 * secondsOn(clock) * perTenSeconds) / 10);
});

test('a first sync of a site uses nine tenths of what Jira allows an endpoint in a second, and Jira refuses nothing', async () => {
  const clock = lockstepClock(START);
  const vendor = await openSite(clock, { issues: 120, burst: { calls: 100, perMs: 1_000 } });
  const reports = await (await openSource(accountAt(vendor), clock)).sync();
  await vendor.close();
  expect(reports.map(({ status }) => status)).toEqual(reports.map(() => 'SUCCEEDED'));
  expect(vendor.requests.filter(({ status }) => status >= 400)).toEqual([]);
  const searches = vendor.requests.filter(({ path }) => path.endsWith('/search/jql'));
  expect(searches.length).toBeGreaterThanOrEqual(120);
  const seconds = Temporal.Instant.from(searches[0]?.at ?? '')
    .until(searches.at(-1)?.at ?? '')
    .total('seconds');
  expect(searches.length).toBeGreaterThanOrEqual(0.9 * seconds * 100);
});

test('a first sync uses up the points of every hour that Jira allows an app, and asks nothing more in that hour', async () => {
  const clock = manualClock('2026-06-15T12:40:00Z');
  const vendor = await openSite(clock, { issues: 150, pointsPerHour: 120 });
  const { clientId, clientSecret } = vendor.oauth;
  const keeper = keepInMemory(vendor.oauth.consent());
  const opened = await openSource(
    {
      id: 'jira',
      connector: jira,
      config: { site: 'https://acme.atlassian.net', oauth: { api: vendor.url, login: vendor.url } },
      secrets: { clientId, clientSecret, refreshToken: keeper.text },
      keeperOf: (member) => (member === 'refreshToken' ? keeper : null),
    },
    clock,
  );
  // The schedule comes by every five minutes.
  let rounds = 0;
  while ((await opened.sync()).some(({ status }) => status !== 'SUCCEEDED')) {
    expect((rounds += 1)).toBeLessThan(200);
    clock.advance(5 * 60_000);
  }
  const asked = vendor.requests.filter(({ path }) => path.includes('/rest/'));
  const { data } = await createApi(opened).query('{ workItems { totalCount } }');
  await vendor.close();
  expect(data).toEqual({ workItems: { totalCount: 150 } });
  const hours = Map.groupBy(asked, ({ at }) => Math.floor(Temporal.Instant.from(at).epochMilliseconds / HOUR_MS));
  expect(hours.size).toBeGreaterThan(3);
  for (const requests of [...hours.values()].slice(0, -1)) {
    // A refusal says that the hour's points are used up. A page, and issues and changelogs of the one before, are asked together.
    const refusals = refused(requests).length;
    expect([1, 2, 3]).toContain(refusals);
    expect(refused(requests.slice(-refusals))).toHaveLength(refusals);
  }
});

test('a first read of many tabs uses nine tenths of what Google allows in a minute, and Google refuses nothing', async () => {
  const clock = manualClock(START);
  const vendor = await openCompany(clock, 60);
  const reports = await (await openSource(accountOf(vendor.url), clock)).sync();
  await vendor.close();
  expect(reports.map(({ status }) => status)).toEqual(Array.from({ length: TABS }, () => 'SUCCEEDED'));
  expect(vendor.requests.filter(({ status }) => status >= 400)).toEqual([]);
  expect(vendor.requests.length).toBeGreaterThan(120);
  expect(vendor.requests.length).toBeGreaterThanOrEqual(0.9 * secondsOn(clock));
});

test('two sources that are one service account to Google share what it is allowed', async () => {
  const clock = lockstepClock(START);
  const vendor = await openCompany(clock, 60);
  const first = accountOf(vendor.url);
  const opened = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    sources: [first, { ...first, id: 'other-sheets', realm: 'other' }],
  });
  hub = opened;
  const reports = await opened.sync();
  await vendor.close();
  expect(reports.map(({ status }) => status)).toEqual(Array.from({ length: 2 * TABS }, () => 'SUCCEEDED'));
  expect(refused(vendor.requests)).toEqual([]);
});

test('an account that others use up as well is refused by Google once, and not again when its minute is over', async () => {
  const clock = manualClock(START);
  const vendor = await openCompany(clock, 25);
  const reports = await (await openSource(accountOf(vendor.url), clock)).sync();
  await vendor.close();
  expect(reports.map(({ status }) => status)).toEqual(Array.from({ length: TABS }, () => 'SUCCEEDED'));
  expect(refused(vendor.requests).length).toBeGreaterThan(3);
  expect(refusedAgain(vendor.requests)).toEqual([]);
});

// An embedded database has one process.
test.skipIf(!globalThis.process.env['PLUMBLINE_TEST_DATABASE_URL'])(
  'two processes that sync the same accounts at the same time are refused nothing, and both read them whole',
  async () => {
    const portalOfAll = await openPortal(systemClock, 80);
    // As many in a second as a tenth of what Jira allows: what two processes on a small machine can exceed.
    const site = await openSite(systemClock, { issues: 60, burst: { calls: 10, perMs: 1_000 } });
    const place = await newPlace();
    const plugin = (name: string): string => join(import.meta.dirname, `../../plugins/${name}/src/index.ts`);
    const sources = [
      `{ id: 'crm', connector: hubspot, config: { address: '${portalOfAll.url}' }, secrets: { accessToken: '${accessToken}' } }`,
      `{ id: 'jira', connector: jira, config: { site: '${site.url}', email: '${caller.email}', rateShare: 0.1 }, secrets: { apiToken: '${caller.apiToken}' } }`,
    ];
    await writeFile(
      join(place.folder, 'plumbline.config.ts'),
      `import { hubspot } from '${plugin('hubspot')}';\nimport { jira } from '${plugin('jira')}';\nexport default { sources: [${sources.join(', ')}] };\n`,
    );
    expect((await finished(['migrate'], place)).code).toBe(0);
    const endings = await Promise.all([1, 2].map(() => finished(['sync', '--json'], place)));
    await portalOfAll.close();
    await site.close();
    await place.remove();
    expect(endings.map(({ code, errors }) => [code, errors])).toEqual([
      [0, []],
      [0, []],
    ]);
    // Without one budget for both, so many would not have been let through.
    for (const vendor of [portalOfAll, site]) {
      expect(vendor.requests.length).toBeGreaterThan(120);
      expect(refused(vendor.requests)).toEqual([]);
    }
  },
  180_000,
);

/** So few records on a page that reading it takes far more requests than may come at once. */
async function openPortal(clock: Clock, deals: number): Promise<HubSpotEmulator> {
  const emulator = await startHubSpotEmulator({ portal, clock, pageCap: 5, limits: { perTenSeconds } });
  emulator.load({ records: Array.from({ length: deals }, (_, index) => deal(index + 1)) });
  return emulator;
}

const { caller } = smallSite();

async function openSite(clock: Clock, { issues, ...limits }: JiraLimits & { issues: number }): Promise<JiraEmulator> {
  const searchPageCap = limits.burst ? 1 : 5;
  const emulator = await startJiraEmulator({ site: smallSite(), clock, searchPageCap, limits });
  emulator.load({ projects, issues: Array.from({ length: issues }, (_, index) => issue(index + 1)) });
  return emulator;
}

function accountAt({ url }: JiraEmulator): SourceOptions {
  const config = { site: url, email: caller.email, rateShare: 1 };
  return { id: 'jira', connector: jira, config, secrets: { apiToken: caller.apiToken } };
}

const TABS = 45;
const names = Array.from({ length: TABS }, (_, index) => `rates-${index + 1}`);

/** Three requests a tab, at least. */
function openCompany(clock: Clock, reads: number): Promise<GoogleEmulator> {
  const [, rates] = ratesSpreadsheet().tabs;
  const tabs = names.map((title, sheetId) => ({ ...rates, rows: rates?.rows ?? [], title, sheetId }));
  return startGoogleEmulator({
    spreadsheets: [{ ...ratesSpreadsheet(), tabs }],
    serviceAccounts: [{ email, publicKeyPem }],
    clock,
    // Tokens are signed by the machine's time.
    tokenClock: systemClock,
    limits: { reads },
  });
}

function accountOf(rootUrl: string): SourceOptions {
  const tabs = names.map((name) => ({ ...ratesTab, name, tab: name }));
  const config = { rootUrl, spreadsheets: [{ id: 'rates-2026', tabs }] };
  return { id: 'sheets', connector: googleSheets, config, secrets: { clientEmail: email, privateKey } };
}
