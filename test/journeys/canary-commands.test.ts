import { readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { email, privateKey } from '../../plugins/google-sheets/test/desk.ts';
import { ratesConfig } from '../../plugins/google-sheets/test/rates.ts';
import { run, type Running } from './cli.ts';
import { startEcho, type Echo } from './echo.ts';
import { newPlace, type Place } from './place.ts';
import { filesWith, spellingsOf, tablesWith } from './search.ts';

const root = join(import.meta.dirname, '../..');
const user = 'hub@acme.example';

/** As long as Atlassian's: a message that is cut short would cut through it. */
const long = (name: string): string => `canary-of-${name}-${'0a1B2c3D4e5F'.repeat(15)}`;
const secrets = {
  HUBSPOT_TOKEN: long('hubspot'),
  HUBSPOT_CLIENT: long('the-client-of-hubspot'),
  HUBSPOT_REFRESH: long('the-refresh-of-hubspot'),
  JIRA_TOKEN: long('jira'),
  GOOGLE_KEY: privateKey,
  WEBHOOK_SECRET: long('webhooks'),
  PLUMBLINE_API_KEY: long('the-api-key'),
};
const jiraApp = { clientId: 'app-of-acme', clientSecret: long('the-client-of-jira'), refreshToken: long('the-grant') };
const databasePassword = 'canary-of-the-database';

const statuses = [400, 401, 403, 200] as const;
let echoes: Record<(typeof statuses)[number], Echo>;
let place: Place;
/** Where the answers are: outside the folder that is searched. */
let desk: string;
const said: string[] = [];

beforeEach(async () => {
  const [bad, unauthorised, forbidden, good] = await Promise.all(statuses.map((status) => startEcho(status)));
  if (!bad || !unauthorised || !forbidden || !good) throw new Error('an echo for every status');
  echoes = { 400: bad, 401: unauthorised, 403: forbidden, 200: good };
  place = await newPlace();
  desk = await mkdtemp(join(tmpdir(), 'plumbline-desk-'));
  said.length = 0;
  // What a configuration imports is found from where it stands.
  await symlink(join(root, 'node_modules'), join(place.folder, 'node_modules'));
});
afterEach(async () => {
  await Promise.all(Object.values(echoes).map((echo) => echo.close()));
  await place.remove();
  await rm(desk, { recursive: true, force: true });
});

/** Three vendors, each of them failing in every way, and an app whose tokens nobody gives. */
function configText(): string {
  const plugin = (name: string): string => JSON.stringify(join(root, 'plugins', name, 'src/index.ts'));
  const sources = statuses.flatMap((status) => {
    const { url } = echoes[status];
    const source = (id: string, connector: string, config: object, own: string): string =>
      `{ id: '${id}-${status}', realm: '${id}-${status}', connector: ${connector}, config: ${JSON.stringify(config)}, secrets: ${own} }`;
    return [
      source('hubspot', 'hubspot', { address: url }, '{ accessToken: HUBSPOT_TOKEN, webhookSecret: WEBHOOK_SECRET }'),
      source(
        'app',
        'hubspot',
        { address: url },
        "{ clientId: 'app-of-acme', clientSecret: HUBSPOT_CLIENT, refreshToken: HUBSPOT_REFRESH }",
      ),
      source('jira', 'jira', { site: url, email: user }, '{ apiToken: JIRA_TOKEN }'),
      source(
        'sheets',
        'googleSheets',
        { rootUrl: url, ...sheetsOf(status) },
        `{ clientEmail: '${email}', privateKey: GOOGLE_KEY }`,
      ),
    ];
  });
  return `import { hubspot } from ${plugin('hubspot')};
import { jira } from ${plugin('jira')};
import { googleSheets } from ${plugin('google-sheets')};
const { HUBSPOT_TOKEN, HUBSPOT_CLIENT, HUBSPOT_REFRESH, JIRA_TOKEN, GOOGLE_KEY, WEBHOOK_SECRET } = process.env;
export default { sources: [${sources.join(',\n')}] };
`;
}

/** Streams have their tabs' names. */
function sheetsOf(status: number): object {
  return ratesConfig({ name: `rates-${status}` });
}

function start(command: readonly string[], database = databaseWithPassword()): Running {
  const environment: Record<string, string> = { ...place.environment, ...secrets, ...database };
  environment['PLUMBLINE_SECRET_KEY_FILE'] = join(desk, 'secret.key');
  const running = run([...command, '--json', '--verbose', '--data', place.data], { ...place, environment });
  said.push(readFileSync(`/proc/${running.child.pid}/cmdline`, 'utf8'));
  return running;
}

function databaseWithPassword(): Record<string, string> {
  const { DATABASE_URL: address } = place.environment;
  if (address === undefined) return {};
  const url = new URL(address);
  url.password = databasePassword;
  return { DATABASE_URL: url.href };
}

const plumbline = (...command: string[]): Promise<Outcome> => outcome(start(command));

interface Outcome {
  code: number | null;
  text: string;
}

async function outcome(running: Running): Promise<Outcome> {
  const { code } = await running.ended;
  const text = [...running.lines, ...running.errors].join('\n');
  said.push(text);
  return { code, text };
}

async function connect(connector: string, answers: object): Promise<Outcome> {
  const file = join(desk, `${connector}-${Math.random()}.json`);
  await writeFile(file, JSON.stringify(answers));
  return plumbline('connect', connector, '--answers', file);
}

/** What was sent, and what it was made of. */
function canaries(): string[] {
  const { GOOGLE_KEY, ...tokens } = secrets;
  // A key that was cut short still begins with these.
  const lines = GOOGLE_KEY.split('\n').slice(1, 4);
  const known = [...Object.values(tokens), jiraApp.clientSecret, jiraApp.refreshToken, ...lines, databasePassword];
  const sent = Object.values(echoes).flatMap(({ credentials }) => [...credentials]);
  // Also a piece of one, which a message that was cut short would end with.
  return [...new Set([...spellingsOf(known, user), ...sent].map((secret) => secret.slice(0, 40)))];
}

const found = (texts: readonly string[]): string[] =>
  canaries().filter((canary) => texts.some((text) => text.includes(canary)));

test('no secret is in what connecting, checking, syncing, mapping and reporting say and write, whatever vendors repeat', async () => {
  const address = (status: (typeof statuses)[number]): string => echoes[status].url;
  const keyFile = JSON.stringify({ client_email: email, private_key: privateKey });
  const failed = await Promise.all([
    connect('hubspot', { accessToken: secrets.HUBSPOT_TOKEN, address: address(401) }),
    connect('hubspot', { accessToken: secrets.HUBSPOT_TOKEN, address: address(200) }),
    connect('jira', { site: address(400), email: user, apiToken: secrets.JIRA_TOKEN }),
    connect('jira', { ...jiraApp, access: 'app', site: address(400), api: address(400), login: address(400) }),
    connect('google-sheets', { keyFile, spreadsheets: 'rates-2026', rootUrl: address(403) }),
    outcome(start(['migrate'], { DATABASE_URL: `postgres://someone:${databasePassword}@127.0.0.1:1/plumbline` })),
  ]);
  expect(failed.map(({ code, text }) => [code, text.includes('"event":"error"')])).toEqual(failed.map(() => [1, true]));
  expect(failed.map(({ text }) => text).join('\n')).toContain('•••');

  await writeFile(join(place.folder, 'plumbline.config.ts'), configText());
  const sync = await plumbline('sync');
  expect(sync.code).not.toBe(0);
  expect(sync.text).toContain('•••');
  const doctor = await plumbline('doctor');
  expect(doctor.code).toBe(1);
  expect(doctor.text).toContain('•••');
  expect((await plumbline('remap')).code).toBe(0);
  expect((await plumbline('report', '--portfolio', '--currency', 'EUR')).code).toBe(0);

  expect(Object.values(echoes).map(({ credentials }) => credentials.size > 0)).toEqual([true, true, true, true]);
  expect(found(said)).toEqual([]);
  expect(filesWith(place.folder, canaries())).toEqual([]);
  expect(await tablesWith(place.database, canaries())).toEqual([]);
}, 240_000);
