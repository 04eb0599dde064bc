import { readFileSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { connect as connectCommand } from '../../apps/cli/src/commands/connect.ts';
import { createConsole } from '../../apps/cli/src/console.ts';
import { readEnvironment } from '../../apps/cli/src/environment.ts';
import { report } from '../../apps/cli/src/failure.ts';
import { silentLogger, systemClock } from '../../packages/connector/src/index.ts';
import { openHub } from '../../packages/hub/src/index.ts';
import { startTemplateVendorEmulator } from '../../packages/create-connector/template/emulator/index.ts';
import { jira as jiraConnector } from '../../plugins/jira/src/index.ts';
import { finished, type RunOptions } from './cli.ts';
import { readGraph } from './graph.ts';
import { newPlace, type Place } from './place.ts';
import { filesWith, tablesWith } from './search.ts';
import { startSmallVendors, type SmallVendors } from './small-vendors.ts';

const root = join(import.meta.dirname, '../..');

let vendors: SmallVendors;
let place: Place;
/** Where the answers are: outside the folder that is searched for secrets. */
let desk: string;

beforeAll(async () => {
  vendors = await startSmallVendors();
});
afterAll(() => vendors.close());
beforeEach(async () => {
  place = await newPlace();
  desk = await mkdtemp(join(tmpdir(), 'plumbline-desk-'));
  // What a configuration imports is found from where it stands.
  await symlink(join(root, 'node_modules'), join(place.folder, 'node_modules'));
});
afterEach(async () => {
  await place.remove();
  await rm(desk, { recursive: true, force: true });
});

type Finished = Awaited<ReturnType<typeof finished>>;
type Answers = Readonly<Record<string, string | readonly string[] | null>>;

/** Everything the program has said in this test. */
const said: string[] = [];
beforeEach(() => {
  said.length = 0;
});

async function plumbline(command: readonly string[], options: Partial<RunOptions> = {}): Promise<Finished> {
  const environment = { ...place.environment, PLUMBLINE_SECRET_KEY_FILE: keyFile(), ...options.environment };
  const ended = await finished([...command, '--data', place.data], { ...place, ...options, environment });
  said.push(...ended.lines, ...ended.errors);
  return ended;
}

async function connect(name: string, answers: Answers, flags: readonly string[] = []): Promise<Finished> {
  const file = join(desk, `${name}.json`);
  await writeFile(file, JSON.stringify(answers));
  return plumbline(['connect', name, '--answers', file, ...flags]);
}

const keyFile = (): string => join(desk, 'secret.key');
const configText = (): Promise<string> => readFile(join(place.folder, 'plumbline.config.ts'), 'utf8');

const answersTo = {
  hubspot: (): Answers => ({ accessToken: vendors.secrets.hubspot, address: vendors.hubspot.url }),
  jira: (): Answers => ({
    site: vendors.jira.url,
    email: vendors.site.caller.email,
    apiToken: vendors.secrets.jira,
    opportunities: 'property',
    'changeRequests.states': ['Quoted'],
    'changeRequests.currency': 'fixed',
    'changeRequests.currency.fixed': 'EUR',
  }),
  sheets: async (): Promise<Answers> => {
    await writeFile(join(desk, 'account.json'), JSON.stringify(vendors.secrets.google));
    return {
      keyFile: join(desk, 'account.json'),
      spreadsheets: 'https://docs.google.com/spreadsheets/d/rates-2026/edit#gid=77',
      rootUrl: vendors.google.url,
      requestsPerMinute: '10000',
      'tabs.it-s-the-rates.kind': 'rate',
      'tabs.it-s-the-rates.currency': 'EUR',
    };
  },
};

const canaries = (): string[] => {
  const { hubspot, jira, google } = vendors.secrets;
  const key = readFileSync(keyFile(), 'utf8').trim();
  return [hubspot, jira, google.private_key.split('\n')[5] ?? 'no line', key];
};

test('three systems are connected from nothing by answers from files, and what was written syncs', async () => {
  const hubspot = await connect('hubspot', answersTo.hubspot());
  expect([hubspot.code, hubspot.errors]).toEqual([0, []]);
  expect(hubspot.lines).toContain('opportunity');
  expect(hubspot.lines.join('\n')).toMatch(/Deal 1 +1000 EUR/);
  const jira = await connect('jira', answersTo.jira());
  expect([jira.code, jira.errors]).toEqual([0, []]);
  expect(jira.lines.join('\n')).toMatch(/ABC-2 +More seats/);
  const sheets = await connect('google-sheets', await answersTo.sheets(), ['--id', 'rates', '--json']);
  expect([sheets.code, sheets.errors]).toEqual([0, []]);
  const events = sheets.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events.map(({ event }) => event)).toEqual(['preview', 'connected']);
  expect(events[1]).toMatchObject({
    source: 'rates',
    configuration: 'EDITED',
    files: { config: 'plumbline.config.ts', source: 'plumbline.sources/rates.ts' },
    secrets: ['rates.clientEmail', 'rates.privateKey'],
  });

  expect(await configText()).toBe(`import { defineConfig } from '@plumbline/hub';
import hubspot from './plumbline.sources/hubspot.ts';
import jira from './plumbline.sources/jira.ts';
import rates from './plumbline.sources/rates.ts';

// plumbline.config.example.ts shows every option.
export default defineConfig({
  sources: [rates, jira, hubspot],
});
`);
  expect(await readFile(join(place.folder, 'plumbline.sources/hubspot.ts'), 'utf8')).toContain('portalId: ');
  const sync = await plumbline(['sync']);
  expect([sync.code, sync.errors]).toEqual([0, []]);
  const { entities } = await readGraph(place.database);
  expect(entities['opportunity']).toHaveLength(3);
  expect(entities['rate']).toHaveLength(3);
  expect(entities['risk']).toHaveLength(1);
  expect(JSON.stringify(entities['change_request'])).toContain('1250');
  expect(JSON.stringify(entities['rate'])).toContain('90.5');

  const doctor = await plumbline(['doctor']);
  expect(doctor.code).toBe(0);
  const offers = doctor.lines.filter((line) => line.startsWith('·'));
  expect(offers.join('\n')).toMatch(/^· rates nobody maps the tab Read me/m);
  const secrets = await plumbline(['secrets', 'list']);
  expect(secrets.lines).toEqual(['hubspot.accessToken', 'jira.apiToken', 'rates.clientEmail', 'rates.privateKey']);

  expect(filesWith(place.folder, canaries())).toEqual([]);
  expect(await tablesWith(place.database, canaries())).toEqual([]);
  expect(canaries().filter((canary) => said.join('\n').includes(canary))).toEqual([]);
}, 240_000);

test('OAuth apps are connected by a refresh token, and every process goes on with the tokens of the one before', async () => {
  const apps = [vendors.jira.oauth, vendors.hubspot.oauth];
  const [forJira, forHubSpot] = apps.map(({ clientId, clientSecret, consent }) => ({
    access: 'app',
    clientId,
    clientSecret,
    refreshToken: consent(),
  }));
  const before = apps.map(({ exchanges }) => exchanges);
  const { email: _, apiToken: __, ...jiraAnswers } = answersTo.jira();
  const places = { site: 'https://acme.atlassian.net', api: vendors.jira.url, login: vendors.jira.url };
  const jira = await connect('jira', { ...jiraAnswers, ...places, ...forJira });
  expect([jira.code, jira.errors]).toEqual([0, []]);
  const hubspot = await connect('hubspot', { address: vendors.hubspot.url, ...forHubSpot });
  expect([hubspot.code, hubspot.errors]).toEqual([0, []]);
  const sync = await plumbline(['sync']);
  expect([sync.code, sync.errors]).toEqual([0, []]);
  expect((await plumbline(['doctor'])).code).toBe(0);
  // Good for an hour, and half an hour: one exchange was enough for four processes.
  expect(apps.map(({ exchanges }, index) => exchanges - (before[index] ?? 0))).toEqual([1, 1]);
  vendors.jira.oauth.expire();
  expect((await plumbline(['sync', 'jira'])).code).toBe(0);
  expect(vendors.jira.oauth.exchanges - (before[0] ?? 0)).toBe(2);
  vendors.jira.oauth.revoke();
  const refused = await plumbline(['doctor', 'jira']);
  expect(refused.code).toBe(1);
  expect(refused.lines.join('\n')).toMatch(
    /no longer takes the refresh token[^]*plumbline connect jira --id jira --replace/,
  );

  const tokens = apps.flatMap(({ clientSecret, latest }) => [clientSecret, latest.access_token, latest.refresh_token]);
  const secrets = [...tokens, String(forJira?.refreshToken), String(forHubSpot?.refreshToken)];
  expect(filesWith(place.folder, secrets)).toEqual([]);
  expect(await tablesWith(place.database, secrets)).toEqual([]);
  expect(secrets.filter((secret) => said.join('\n').includes(secret))).toEqual([]);
}, 240_000);

test('a refresh token that could not be replaced where it stands is refused before it is spent', async () => {
  const { clientId, clientSecret } = vendors.jira.oauth;
  const secrets = { clientId, clientSecret, refreshToken: vendors.jira.oauth.consent() };
  const source = {
    id: 'jira-acme',
    connector: jiraConnector,
    config: { site: 'https://acme.atlassian.net', oauth: { api: vendors.jira.url, login: vendors.jira.url } },
    secrets,
  };
  const opened = openHub({ database: place.database, sources: [source], logger: silentLogger });
  await expect(opened).rejects.toMatchObject({
    code: 'BAD_CONFIG',
    message:
      'The source "jira-acme" has its refreshToken where the hub cannot replace it, and its vendor makes each one good for one use only.',
    remedy:
      "Store it by `plumbline secrets set jira-acme.refreshToken`, and write refreshToken: stored('jira-acme.refreshToken').",
  });
});

/** The command within this process, where many of them would take long. */
async function connectHere(
  name: string,
  answers: Answers | string | null,
  more: readonly string[] = [],
): Promise<{ code: number; errors: readonly string[] }> {
  const errors: string[] = [];
  const lines = (to: string[]) =>
    new Writable({
      write(chunk: Buffer, _, done) {
        to.push(...String(chunk).split('\n').filter(Boolean));
        done();
      },
    });
  const console = createConsole({ out: lines(said), err: lines(errors) }, { json: false });
  const interruption = {
    signal: new AbortController().signal,
    requested: new Promise<void>(() => undefined),
    release() {},
  };
  const environment = readEnvironment({ PLUMBLINE_SECRET_KEY_FILE: keyFile() });
  const context = { console, environment, logger: silentLogger, interruption, folder: place.folder };
  const file = join(desk, 'answers.json');
  if (answers) await writeFile(file, typeof answers === 'string' ? answers : JSON.stringify(answers));
  const flags = { ...(answers ? { answers: file } : {}), ...(more.length > 0 ? { answer: [...more] } : {}) };
  try {
    await connectCommand(context, { data: place.data, ...flags }, name);
    return { code: 0, errors };
  } catch (error) {
    const code = report(error, console, { verbose: false });
    // What --verbose would print besides.
    if (error instanceof Error) said.push(inspect(error));
    return { code, errors };
  } finally {
    said.push(...errors);
  }
}

test('a wrong answer is told in one sentence, and nothing is written', async () => {
  const hubspot = answersTo.hubspot();
  const cases: [string, Answers | null, RegExp][] = [
    ['hubspot', { ...hubspot, accessToken: 'pat-wrong-canary' }, /rejects the credentials \(401\)/],
    ['hubspot', { ...hubspot, accessToken: 'canary' }, /secrets is not valid: accessToken: .* Correct the answer\.$/],
    ['hubspot', { address: vendors.hubspot.url }, /^There is no answer "accessToken" \(Access token .*--answers FILE/],
    [
      'hubspot',
      { ...hubspot, pipelines: ['renewal'] },
      /^The answer "pipelines" .*"renewal" is none of default, renewals\./,
    ],
    [
      'hubspot',
      { ...hubspot, piplines: ['default'] },
      /^Nothing asks for the answer "piplines"\. Asked was for: address, access, accessToken/,
    ],
    ['jira', { ...answersTo.jira(), apiToken: 'token-wrong-canary' }, /credentials: .*\(401\)/],
    ['jira', { ...answersTo.jira(), site: 'http://127.0.0.1:1' }, /127\.0\.0\.1:1 cannot be reached/],
    ['jira', { ...answersTo.jira(), 'changeRequests.currency.fixed': 'Euro' }, /three capital letters, such as EUR/],
    [
      'google-sheets',
      { ...(await answersTo.sheets()), keyFile: 'nowhere.json' },
      /^The file nowhere\.json cannot be read/,
    ],
    [
      'google-sheets',
      { ...(await answersTo.sheets()), keyFile: '-----BEGIN PRIVATE KEY-----\ncanary\n' },
      /^The file that is named cannot be read \(ENOENT\)\. Check its path\.$/,
    ],
    [
      'google-sheets',
      { ...(await answersTo.sheets()), spreadsheets: 'unshared' },
      /Share the spreadsheet with plumbline@acme/,
    ],
    [
      'salesforce',
      {},
      /^There is no connector "salesforce" to connect\. There are: hubspot, jira, google-sheets, files; others by the name of their package, once it is installed in /,
    ],
    ...[
      './plugins/files',
      '/etc/passwd',
      'file:///srv/a.js',
      'data:text/javascript,0',
      'node:fs',
      '../files',
      'a/b',
    ].map((name): [string, Answers, RegExp] => [
      name,
      {},
      /^".*" is no name of a connector\. .*from a path or an address\.$/,
    ]),
    ['files', { folder: 'exports' }, /An absolute path is wanted/],
    ['files', { folder: place.folder }, /^There is no file of CSV or JSON with columns in /],
    // Node has modules of its own by such names.
    ['fs', {}, /^There is no connector "fs" to connect\./],
    [
      'jira',
      null,
      /^This command asks questions, and there is no terminal to ask them at\. Give the answers by --answers FILE/,
    ],
  ];
  for (const [name, answers, sentence] of cases) {
    const ended = await connectHere(name, answers);
    expect([name, ended.code, ended.errors.length]).toEqual([name, 1, 1]);
    expect(ended.errors[0]).toMatch(sentence);
  }
  expect(said.join('\n')).not.toContain('canary');
  expect(readdirSync(place.folder).filter((name) => name !== 'node_modules')).toEqual([]);
});

test('a secret on the command line, or in a file that is no JSON, is refused and not repeated', async () => {
  const { accessToken: _, ...hubspot } = answersTo.hubspot();
  const open = await connectHere('hubspot', hubspot, ['accessToken=pat-canary-of-the-command-line']);
  expect(open.errors).toEqual([
    expect.stringMatching(/^The answer "accessToken" \(Access token .*is a secret.*--answers FILE/),
  ]);
  const key = JSON.stringify({ client_email: 'a@b.example', private_key: 'canary' });
  const file = await connectHere('google-sheets', { rootUrl: vendors.google.url }, [`keyFile=${key}`]);
  expect(file.errors).toEqual([expect.stringMatching(/^The answer "keyFile" .*is a secret/)]);
  const pair = await connectHere('hubspot', hubspot, ['pat-canary-alone']);
  expect(pair.errors).toEqual([expect.stringMatching(/^--answer wants name=value, and got something else\./)]);
  const text = await connectHere('hubspot', "{'accessToken': 'canary'}");
  expect(text.errors).toEqual([expect.stringMatching(/are no JSON object of texts and lists/)]);
  const proposed = await connectHere('hubspot', hubspot, ['pipelines=default']);
  expect(proposed.errors).toEqual([expect.stringMatching(/or on standard input by --answers -\.$/)]);
  expect(said.join('\n')).not.toContain('canary');
});

test('a try that fails after it has used up a refresh token says so, where it has', async () => {
  const app = ({
    clientId,
    clientSecret,
    consent,
  }: SmallVendors['jira']['oauth'] | SmallVendors['hubspot']['oauth']) => ({
    access: 'app',
    clientId,
    clientSecret,
    refreshToken: consent(),
  });
  const { email: _, apiToken: __, ...jiraAnswers } = answersTo.jira();
  const places = { site: 'https://acme.atlassian.net', api: vendors.jira.url, login: vendors.jira.url };
  const wrong = { ...jiraAnswers, ...places, ...app(vendors.jira.oauth), 'changeRequests.currency.fixed': 'Euro' };
  const jira = await connectHere('jira', wrong);
  expect(jira.errors.join('\n')).toMatch(
    /such as EUR.* The refresh token was good for one use, and this try has used it: give a new one with the next try\.$/,
  );
  // The same answers again: what is wrong now is the token.
  expect((await connectHere('jira', wrong)).errors.join('\n')).toMatch(
    /no longer takes the refresh token(?!.*this try)/,
  );
  // HubSpot's stays good.
  const address = vendors.hubspot.url;
  const hubspot = await connectHere('hubspot', { address, ...app(vendors.hubspot.oauth), pipelines: ['renewal'] });
  expect(hubspot.errors.join('\n')).toMatch(/"renewal" is none of default, renewals\.(?!.*refresh token)/);
});

test('a missing scope is named, with where to add it', async () => {
  const narrow = await startSmallVendors({ hubspotScopes: ['crm.objects.deals.read', 'crm.schemas.deals.read'] });
  try {
    const answers = { accessToken: narrow.secrets.hubspot, address: narrow.hubspot.url };
    const ended = await connectHere('hubspot', answers);
    expect([ended.code, ended.errors.length]).toEqual([1, 1]);
    expect(ended.errors[0]).toMatch(
      /lacks a scope \(crm\.objects\.companies\.read\b.*Add the scope to the private app/,
    );
  } finally {
    await narrow.close();
  }
});

test('the sandbox company’s folder is no place for real sources', async () => {
  await mkdir(place.data, { recursive: true });
  await writeFile(join(place.data, 'sandbox.json'), '{}');
  const ended = await connectHere('hubspot', answersTo.hubspot());
  expect([ended.code, ended.errors.length]).toEqual([1, 1]);
  expect(ended.errors[0]).toContain('holds the sandbox company, which must not mix with real sources');
});

/** A project with packages of its own beside Plumbline's; gives where they are. */
async function ownModules(): Promise<string> {
  const modules = join(place.folder, 'node_modules');
  await rm(modules);
  await mkdir(join(modules, '@plumbline'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules/@plumbline')))
    await symlink(join(root, 'node_modules/@plumbline', name), join(modules, '@plumbline', name));
  return modules;
}

test('a folder with exports is connected: columns are proposed, and what was written syncs', async () => {
  const folder = join(desk, 'exports');
  await mkdir(join(folder, 'crm'), { recursive: true });
  await writeFile(
    join(folder, 'crm/Deals.csv'),
    Buffer.from(
      'Export of June\nNo.;Name;Amount;Close date;Owner email\n7;Größe;1.250,50;2026-07-01;ada@acme.example\n',
      'latin1',
    ),
  );
  const customers = [{ id: 'A1', name: 'Acme', billing: { currency: 'CHF' } }];
  await writeFile(join(folder, 'customers.json'), JSON.stringify({ data: { customers } }));
  await writeFile(join(folder, 'notes.txt'), 'nothing of a table\n');
  await writeFile(join(folder, 'torn.json'), '{"a": ');
  const ended = await connect('files', { folder, 'tables.deals.currency': 'EUR' });
  expect([ended.code, ended.errors]).toEqual([0, []]);
  expect(ended.lines.join('\n')).toMatch(/Größe +1250\.5 EUR/);
  const written = await readFile(join(place.folder, 'plumbline.sources/files.ts'), 'utf8');
  for (const text of [
    "files: 'crm/Deals.csv'",
    "encoding: 'windows-1252'",
    "path: 'data.customers'",
    "decimalSeparator: ','",
  ])
    expect(written).toContain(text);
  const sync = await plumbline(['sync']);
  expect([sync.code, sync.errors]).toEqual([0, []]);
  const { entities } = await readGraph(place.database);
  expect(JSON.stringify(entities['opportunity'])).toContain('Größe');
  expect(JSON.stringify(entities['client'])).toContain('Acme');
}, 120_000);

test('a connector of somebody else is connected by the name of its package', async () => {
  const modules = await ownModules();
  await symlink(join(root, 'packages/create-connector/template'), join(modules, '@plumbline/template-vendor'));
  const emulator = await startTemplateVendorEmulator({ clock: systemClock, token: 'a-secret-token' });
  try {
    emulator.put({
      id: 7,
      title: 'The supplier is late',
      status: 'open',
      probability: null,
      cost: '80000',
      project: null,
    });
    const answers = { address: emulator.url, token: 'a-secret-token', currency: 'EUR' };
    const ended = await connect('template-vendor', answers);
    expect([ended.code, ended.errors]).toEqual([0, []]);
    expect(ended.lines.join('\n')).toContain('The supplier is late');
    const sync = await plumbline(['sync']);
    expect([sync.code, sync.errors]).toEqual([0, []]);
    expect((await readGraph(place.database)).entities['risk']).toHaveLength(1);
  } finally {
    await emulator.close();
  }
}, 120_000);

test('a package that is no connector is told, and what does not depend on the contract is not run', async () => {
  const modules = await ownModules();
  const put = async (name: string, code: string, dependencies: object = { '@plumbline/connector': '*' }) => {
    await mkdir(join(modules, name), { recursive: true });
    await writeFile(join(modules, name, 'index.js'), code);
    const manifest = { name, type: 'module', exports: './index.js', dependencies };
    await writeFile(join(modules, name, 'package.json'), JSON.stringify(manifest));
  };
  await put(
    'left-pad',
    `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(join(desk, 'ran'))}, '');`,
    {},
  );
  await put('empty', 'export const nothing = {};');
  await put('torn', "throw new Error('it is torn');");
  await put('plain', "export const plain = { name: 'plain', title: 'Plain', setup: null, install() {} };");
  const sentences = {
    'left-pad': /^The package left-pad is no connector: it does not depend on @plumbline\/connector\./,
    empty: /^The package empty exports no connector\./,
    torn: /^The package torn cannot be loaded: it is torn\./,
    plain: /^The connector plain does not say how it is set up\./,
  };
  for (const [name, sentence] of Object.entries(sentences)) {
    const ended = await connectHere(name, {});
    expect([name, ended.code, ended.errors]).toEqual([name, 1, [expect.stringMatching(sentence)]]);
  }
  expect(readdirSync(desk)).not.toContain('ran');
});
