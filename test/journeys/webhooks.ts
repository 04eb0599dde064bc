import { manualClock, silentLogger, systemClock, type ManualClock } from '@plumbline/connector';
import { googleSheets } from '@plumbline/google-sheets';
import { startGoogleEmulator, type GoogleEmulator } from '@plumbline/google-sheets/emulator';
import { createApi, openHub, type Hub } from '@plumbline/hub';
import { hubspot } from '@plumbline/hubspot';
import { startHubSpotEmulator, type HubSpotEmulator } from '@plumbline/hubspot/emulator';
import { jira } from '@plumbline/jira';
import { startJiraEmulator, type JiraEmulator } from '@plumbline/jira/emulator';
import { startServer } from '../../apps/server/src/index.ts';
import { emptyDatabase } from '../../packages/hub/test/database.ts';
import { email, privateKey, publicKeyPem } from '../../plugins/google-sheets/test/desk.ts';
import { accessToken, deal, portal } from '../../plugins/hubspot/src/test-kit.ts';
import { issue, projects, smallSite } from '../../plugins/jira/test/site.ts';

export const sheet = '1PeopleOfAcme';
const secret = 'known-to-the-hub-and-the-vendor';

export interface ToldHub {
  hub: Hub;
  clock: ManualClock;
  /** Where it is reached, without a trailing slash. */
  url: string;
  hubspot: HubSpotEmulator;
  jira: JiraEmulator;
  google: GoogleEmulator;
  /** What the graph has, by kind. */
  names(): Promise<{ deals: string[]; issues: string[]; people: string[] }>;
  close(): Promise<void>;
}

/** A hub over three vendors that tell it of changes, all over real HTTP; searches of both trackers run a minute behind. */
export async function startToldHub(): Promise<ToldHub> {
  const clock = manualClock('2026-06-15T12:00:00Z');
  const crm = await startHubSpotEmulator({ portal, clock, indexLagMs: 60_000 });
  crm.load({ records: [deal(1), deal(2), deal(3)] });
  const tracker = await startJiraEmulator({ site: smallSite(), clock, searchLagMs: 60_000 });
  tracker.load({ projects, issues: [issue(1), issue(2), issue(3)] });
  const google = await startGoogleEmulator({
    spreadsheets: [people()],
    serviceAccounts: [{ email, publicKeyPem }],
    clock,
    tokenClock: systemClock,
    limits: { reads: 100_000 },
  });
  const database = await emptyDatabase({ durable: false });
  const hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    sources: sourcesAt({ hubspot: crm.url, jira: tracker.url, google: google.url }),
  });
  const api = createApi(hub);
  const server = await startServer({
    api,
    webhooks: hub.webhooks,
    port: 0,
    host: '127.0.0.1',
    apiKeys: [{ key: 'a-key-that-no-vendor-has' }],
    logger: silentLogger,
  });
  hub.webhooks.callAt(server.url);
  crm.sendWebhooks({ url: `${server.url}/webhooks/hubspot`, secret });
  tracker.sendWebhooks({ url: `${server.url}/webhooks/jira`, secret });
  await hub.sync();
  return {
    hub,
    clock,
    url: server.url,
    hubspot: crm,
    jira: tracker,
    google,
    async names() {
      const list = (field: string) => `${field}(first: 100) { nodes { name } }`;
      const { data, errors } = await api.query(
        `{ deals: ${list('opportunities')} issues: workItems(first: 100) { nodes { name: title } } people: ${list('people')} }`,
      );
      if (errors?.[0]) throw errors[0];
      const found = data as Record<'deals' | 'issues' | 'people', { nodes: { name: string }[] }>;
      const of = (kind: keyof typeof found): string[] => found[kind].nodes.map(({ name }) => name).sort();
      return { deals: of('deals'), issues: of('issues'), people: of('people') };
    },
    async close() {
      await server.close();
      await hub.close();
      await Promise.all([crm.close(), tracker.close(), google.close()]);
      await database.drop();
    },
  };
}

function people() {
  const rows = [
    ['E-mail', 'Name'],
    ['eve@acme.example', 'Eve'],
  ];
  const tabs = [{ sheetId: 1, title: 'People', rows }];
  return { spreadsheetId: sheet, title: 'People', locale: 'en_GB', timeZone: 'Europe/Berlin', tabs };
}

function sourcesAt(at: { hubspot: string; jira: string; google: string }) {
  const everyMinutes = 600;
  const tab = {
    name: 'people',
    tab: 'People',
    kind: 'person',
    key: { column: 'E-mail', scheme: 'email' },
    columns: { name: 'Name' },
  };
  return [
    {
      id: 'hubspot',
      connector: hubspot,
      config: { address: at.hubspot, limits: { requestsPerTenSeconds: 1_000, searchesPerSecond: 5 } },
      secrets: { accessToken, webhookSecret: secret },
      everyMinutes,
    },
    {
      id: 'jira',
      connector: jira,
      config: { site: at.jira, email: 'hub@acme.example', rateShare: 1 },
      secrets: { apiToken: 'token-of-the-hub', webhookSecret: secret },
      everyMinutes,
    },
    {
      id: 'sheets',
      connector: googleSheets,
      config: { rootUrl: at.google, requestsPerMinute: 50_000, spreadsheets: [{ id: sheet, tabs: [tab] }] },
      secrets: { clientEmail: email, privateKey },
      everyMinutes,
    },
  ];
}
