import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateCompany } from '../../apps/sandbox/src/index.ts';
import { run, type Event, type Running } from './cli.ts';
import { readGraph } from './graph.ts';
import { newPlace, type Place } from './place.ts';

/** The sandbox as a new user gets it: one command, three emulators, real processes. */
let place: Place;
let first: Running;
let listening: Event;
let ready: Event;

const command = (): string[] => ['start', '--json', '--port', '0', '--data', place.data];

beforeAll(async () => {
  place = await newPlace();
  first = run(command(), place);
  listening = await first.event('listening');
  ready = await first.event('ready');
});

afterAll(async () => {
  first.kill('SIGKILL');
  await first.ended;
  await place.remove();
});

interface Runs {
  stream: string;
  status: string;
  counts: Record<string, number>;
}

function endings(running: Running): Runs[] {
  return running.lines
    .filter((line) => line.startsWith('{"event":"progress"'))
    .map((line) => JSON.parse(line) as Runs)
    .filter(({ status }) => status !== 'RUNNING');
}

async function ask(query: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(String(listening['url']), { method: 'POST', headers, body: JSON.stringify({ query }) });
  return answer.json();
}

const truth = (): ReturnType<ReturnType<typeof generateCompany>['truth']> => {
  const { seed, size, today } = JSON.parse(readFileSync(join(place.data, 'sandbox.json'), 'utf8')) as {
    seed: string;
    size: 'small';
    today: string;
  };
  return generateCompany({ seed, size, today }).truth();
};

test('the API listens before the first sync ends', () => {
  const order = first.lines.map((line) => (JSON.parse(line) as Event).event);
  expect(order.indexOf('listening')).toBe(0);
  expect(order.indexOf('ready')).toBeGreaterThan(order.indexOf('progress'));
});

test('every stream of the first sync succeeds', () => {
  const bad = endings(first).filter(({ status }) => status !== 'SUCCEEDED');
  expect(bad).toEqual([]);
  expect(endings(first).length).toBeGreaterThan(15);
});

/** What is not of the vendors, but told to the hub. */
const told: Record<string, number> = {
  proposal: 5,
  proposalRole: 8,
  commitment: 15,
  changeRequest: 2,
  obstacle: 4,
  closeNeed: 3,
};

test('what the first start serves is what the truth file says, and what is told of offers and views', async () => {
  const lists = {
    person: 'people',
    client: 'clients',
    exchangeRate: 'exchangeRates',
    rate: 'rates',
    capacity: 'capacities',
    opportunity: 'opportunities',
    lineItem: 'lineItems',
    proposal: 'proposals',
    proposalRole: 'proposalRoles',
    commitment: 'commitments',
    quota: 'quotas',
    target: 'targets',
    project: 'projects',
    budget: 'budgets',
    milestone: 'milestones',
    allocation: 'allocations',
    changeRequest: 'changeRequests',
    workItem: 'workItems',
    timeEntry: 'timeEntries',
    risk: 'risks',
    obstacle: 'obstacles',
    closeNeed: 'closeNeeds',
  };
  const counts: Record<string, number> = {};
  for (const [kind, list] of Object.entries(lists)) {
    const { data } = (await ask(`{ list: ${list}(first: 1) { totalCount } }`)) as {
      data: { list: { totalCount: number } };
    };
    counts[kind] = data.list.totalCount;
  }
  const expected = Object.entries(truth().counts).map(([kind, count]) => [kind, count + (told[kind] ?? 0)]);
  expect(counts).toEqual(Object.fromEntries(expected));
});

test('the summary shows the planted disagreements', () => {
  const counts = Object.fromEntries(
    (ready['disagreements'] as { id: string; count: number }[]).map(({ id, count }) => [id, count]),
  );
  const planted = Map.groupBy(truth().anomalies, ({ rule }) => rule);
  expect(counts).toMatchObject({
    openPastClose: planted.get('R07')?.length,
    activeWithoutWonDeal: (planted.get('R02')?.length ?? 0) + (planted.get('R03')?.length ?? 0),
    quarantined: 0,
  });
  expect(counts['wonWithoutProject']).toBeGreaterThanOrEqual(planted.get('R01')?.length ?? 0);
  expect(counts['suggestedLinks']).toBeGreaterThan(0);
  expect(counts['fieldConflicts']).toBeGreaterThan(0);
});

test('the summary shows the work that nobody ordered', () => {
  const { totals } = truth().figures;
  expect(ready['leakage']).toMatchObject({
    unapprovedSeconds: totals.scope.UNAPPROVED_CHANGE,
    unlinkedSeconds: totals.scope.UNLINKED,
    waitingSeconds: totals.waste.CLIENT_WAIT.seconds,
    reworkSeconds: totals.waste.REWORK.seconds,
  });
  const { projects, riskiest } = ready['leakage'] as { projects: unknown[]; riskiest: unknown };
  expect(projects).toHaveLength(3);
  expect(riskiest).not.toBeNull();
});

test('the summary shows what nobody looks after, and a client sees its status by the token it names', async () => {
  expect(ready['promises']).toEqual({ unreviewed: 1, unplanned: 1, overdue: 3, reportsMissed: 0, reportsNotSent: 0 });
  const { name, page, token } = ready['client'] as Record<'name' | 'page' | 'token', string>;
  const shown = await fetch(page, { headers: { cookie: `plumbline-client=${token}` } });
  const text = await shown.text();
  expect(text).toContain(`Status for ${name}`);
  expect(text).toContain('Waiting for your decision');
});

test('a second process in the same data folder is told so in one sentence, and the first goes on', async () => {
  const second = run(['query', '{ sources { name } }', '--data', place.data], place);
  const { code } = await second.ended;
  expect(code).toBe(process.env['PLUMBLINE_TEST_DATABASE_URL'] ? 0 : 1);
  const said = process.env['PLUMBLINE_TEST_DATABASE_URL']
    ? []
    : [
        `The data folder ${place.data} is in use by another Plumbline process. Stop that process, choose another folder with --data, or ask the hub that runs: \`query\` and \`report\` take --hub.`,
      ];
  expect(second.errors).toEqual(said);
  expect(await ask('{ __typename }')).toMatchObject({ data: { __typename: 'Query' } });
});

test('a second process asks the first one, and writes a review of what it holds', async () => {
  const { origin } = new URL(String(listening['url']));
  const asked = run(['query', '{ projects { totalCount } }', '--hub', origin, '--json', '--data', place.data], place);
  expect(await asked.ended).toEqual({ code: 0, signal: null });
  expect(JSON.parse(asked.lines.join(''))).toEqual({ data: { projects: { totalCount: truth().counts['project'] } } });
  const written = run(['report', '--portfolio', '--currency', 'EUR', '--hub', origin, '--data', place.data], place);
  expect(await written.ended).toEqual({ code: 0, signal: null });
  expect(written.lines[0]).toBe('# Review of the whole portfolio: sales and delivery');
});

test('a port in use is one sentence with the way out, and a non-zero exit code', async () => {
  const other = await newPlace();
  const port = new URL(String(listening['url'])).port;
  const second = run(['start', '--port', port, '--data', other.data], other);
  expect(await second.ended).toEqual({ code: 1, signal: null });
  expect(second.errors).toEqual([
    `Port ${port} on 127.0.0.1 is in use by another program. Stop that program, or choose another port with --port.`,
  ]);
  await other.remove();
});

test('Ctrl-C ends it cleanly, and a second start goes on with the same company and finds nothing new', async () => {
  first.kill('SIGINT');
  expect(await first.ended).toEqual({ code: 0, signal: null });
  const before = await readGraph(place.database);
  const second = run(command(), place);
  const again = await second.event('listening');
  expect(again['sandbox']).toEqual(listening['sandbox']);
  const summary = await second.event('ready');
  second.kill('SIGINT');
  expect(await second.ended).toEqual({ code: 0, signal: null });
  expect(summary['totals']).toEqual(ready['totals']);
  expect(summary['client']).toMatchObject({ token: (ready['client'] as { token: string }).token });
  const news = endings(second).filter(
    ({ counts }) => (counts['created'] ?? 0) + (counts['changed'] ?? 0) + (counts['deleted'] ?? 0) > 0,
  );
  expect(news).toEqual([]);
  expect(await readGraph(place.database)).toEqual(before);
});

test('interrupted in its first sync, it ends with exit code 0 and says where it stopped', async () => {
  const other = await newPlace();
  const interrupted = ['start', '--json', '--port', '0', '--data', other.data];
  const victim = run(interrupted, other);
  await victim.line((line) => line.includes('"stream":"issues"') && line.includes('"pages":2'));
  victim.kill('SIGINT');
  expect(await victim.ended).toEqual({ code: 0, signal: null });
  expect(victim.lines.at(-1)).toBe('{"event":"stopped"}');
  const issues = endings(victim).filter(({ stream }) => stream === 'issues');
  expect(issues.map(({ status }) => status)).toEqual(['INTERRUPTED']);
  await other.remove();
});
