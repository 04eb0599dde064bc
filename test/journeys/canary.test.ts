import { readFileSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ratesConfig } from '../../plugins/google-sheets/test/rates.ts';
import { run, type Running } from './cli.ts';
import { newPlace, type Place } from './place.ts';
import { filesWith, spellingsOf, tablesWith } from './search.ts';
import { startSmallVendors, type SmallVendors } from './small-vendors.ts';

const root = join(import.meta.dirname, '../..');
const apiKey = 'canary-of-the-api-key-0123456789';
const webhookSecret = 'canary-of-the-webhook-secret';
const databasePassword = 'canary-of-the-database';

let vendors: SmallVendors;
let place: Place;
let hub: Running;
/** What answered people who asked, and vendors who told. */
let answers: string[];

beforeEach(async () => {
  vendors = await startSmallVendors();
  place = await newPlace();
  answers = [];
  await writeFile(join(place.folder, 'plumbline.config.ts'), configText());
});
afterEach(async () => {
  hub.kill('SIGKILL');
  await hub.ended;
  await vendors.close();
  await place.remove();
});

/** Secrets come from the environment, as most people give them. The process crashes when it is told to. */
function configText(): string {
  const plugin = (name: string): string => JSON.stringify(join(root, 'plugins', name, 'src/index.ts'));
  const { hubspot, jira, google } = vendors;
  return `import { hubspot } from ${plugin('hubspot')};
import { jira } from ${plugin('jira')};
import { googleSheets } from ${plugin('google-sheets')};
const { HUBSPOT_TOKEN, JIRA_TOKEN, GOOGLE_KEY, GOOGLE_EMAIL, WEBHOOK_SECRET } = process.env;
process.on('SIGUSR2', () => { throw new Error('a crash that was ordered'); });
export default {
  webhooks: { address: 'http://127.0.0.1:9' },
  sources: [
    { id: 'hubspot', connector: hubspot, config: { address: '${hubspot.url}' }, secrets: { accessToken: HUBSPOT_TOKEN, webhookSecret: WEBHOOK_SECRET } },
    { id: 'jira', connector: jira, config: { site: '${jira.url}', email: '${vendors.site.caller.email}', rateShare: 1 }, secrets: { apiToken: JIRA_TOKEN, webhookSecret: WEBHOOK_SECRET } },
    { id: 'sheets', connector: googleSheets, config: { rootUrl: '${google.url}', requestsPerMinute: 10000, ...${JSON.stringify(ratesConfig())} }, secrets: { clientEmail: GOOGLE_EMAIL, privateKey: GOOGLE_KEY } },
  ],
};
`;
}

function startWithCanaries(): Running {
  const { hubspot, jira, google } = vendors.secrets;
  const environment: Record<string, string> = {
    ...place.environment,
    HUBSPOT_TOKEN: hubspot,
    JIRA_TOKEN: jira,
    GOOGLE_KEY: google.private_key,
    GOOGLE_EMAIL: google.client_email,
    WEBHOOK_SECRET: webhookSecret,
    PLUMBLINE_API_KEY: apiKey,
    NODE_OPTIONS: `--report-uncaught-exception --report-directory=${place.folder}`,
  };
  if (environment['DATABASE_URL']) {
    const url = new URL(environment['DATABASE_URL']);
    url.password = databasePassword;
    environment['DATABASE_URL'] = url.href;
  }
  return run(['start', '--port', '0', '--json', '--verbose', '--data', place.data], { ...place, environment });
}

/** Every secret as it is, and as it may stand in addresses and headers. */
function canaries(): string[] {
  const { hubspot, jira, google } = vendors.secrets;
  const lines = google.private_key.split('\n').filter((line) => line.length > 40 && !line.startsWith('-'));
  const secrets = [hubspot, jira, ...lines, apiKey, webhookSecret, databasePassword];
  return spellingsOf(secrets, vendors.site.caller.email);
}

const found = (texts: readonly string[]): string[] =>
  canaries().filter((canary) => texts.some((text) => text.includes(canary)));

async function ask(url: string, query: string, key = apiKey): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  answers.push(text, JSON.stringify([...response.headers]));
  return text;
}

/** Vendors that fail, and repeat in their answers whatever they were sent. */
function spoilVendors(): void {
  const { hubspot, jira } = vendors.secrets;
  const basic = Buffer.from(`${vendors.site.caller.email}:${jira}`).toString('base64');
  const echo = { kind: 'answer', headers: { 'x-echo': hubspot } } as const;
  vendors.hubspot.faults.add({
    ...echo,
    status: 500,
    times: 2,
    body: { message: `Bearer ${hubspot} cannot be served` },
  });
  vendors.hubspot.faults.add({ ...echo, status: 400, path: 'line_items', body: { message: `what is ${hubspot}?` } });
  vendors.jira.faults.add({ ...echo, status: 403, path: 'worklog', body: `Basic ${basic} or ${jira} may not do this` });
  vendors.jira.faults.add({ kind: 'html', times: 1, path: 'project' });
  // An unchanged sheet is not read.
  vendors.google.setCell({ spreadsheetId: 'rates-2026', tab: 77, row: 1, column: 1, value: 'Developer' });
  vendors.google.faults.add({
    ...echo,
    status: 400,
    path: '^/v4',
    body: { error: { message: vendors.secrets.google.private_key } },
  });
}

test('no secret is in what a hub writes, answers, shows of itself or leaves behind when it crashes', async () => {
  hub = startWithCanaries();
  const { url } = (await hub.event('ready')) as unknown as { url: string };
  spoilVendors();
  await ask(url, 'mutation { sync { __typename ... on FailedError { message } } }');
  const commandLine = readFileSync(`/proc/${hub.child.pid}/cmdline`, 'utf8');
  // No process of its own has a command line or an environment that others may read.
  expect(readFileSync(`/proc/${hub.child.pid}/task/${hub.child.pid}/children`, 'utf8')).toBe('');

  const introspection = await ask(
    url,
    '{ __schema { types { name description fields { name description args { name description defaultValue } } inputFields { name defaultValue } enumValues { name description } } } }',
  );
  expect(introspection).toContain('SyncRun');
  const runs = await ask(
    url,
    '{ syncRuns(first: 100) { nodes { sourceId stream status error warnings } } quarantine(first: 100) { nodes { error } } }',
  );
  for (const failed of ['line-items', 'worklogs', 'rates'])
    expect(runs).toMatch(new RegExp(`"${failed}","status":"FAILED"`));
  await ask(
    url,
    '{ sources { name webhooks { address lastRefusal problems subscriptions { subject } } mapping { findings { message } } } }',
  );
  await ask(url, `{ clients(filter: { name: { eq: 7 } }) { nodes { nonsense } } }`);
  expect(await ask(url, '{ __typename }', `${apiKey}x`)).toContain('Send an API key');
  const forged = await fetch(new URL(`/webhooks/hubspot/${webhookSecret}`, url), {
    method: 'POST',
    headers: { 'x-hubspot-signature-v3': webhookSecret, 'x-hubspot-request-timestamp': '1' },
    body: `{"secret":"${webhookSecret}"}`,
  });
  answers.push(await forged.text());
  expect(forged.status).toBeGreaterThanOrEqual(400);

  hub.kill('SIGUSR2');
  expect((await hub.ended).code).not.toBe(0);
  const reports = readdirSync(place.folder).filter((name) => name.startsWith('report.'));
  expect(reports).toHaveLength(1);
  expect(readFileSync(join(place.folder, reports[0] ?? ''), 'utf8')).toContain('a crash that was ordered');

  expect(hub.errors.length).toBeGreaterThan(3);
  expect(found([commandLine])).toEqual([]);
  expect(found(hub.lines)).toEqual([]);
  expect(found(hub.errors)).toEqual([]);
  expect(found(answers)).toEqual([]);
  expect(filesWith(place.folder, canaries())).toEqual([]);
  expect(await tablesWith(place.database, canaries())).toEqual([]);
}, 240_000);
