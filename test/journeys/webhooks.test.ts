import type { Deliveries } from '../../packages/emulator/src/index.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi } from '@plumbline/hub';
import { tablesOf } from './search.ts';
import { sheet, startToldHub, type ToldHub } from './webhooks.ts';

let told: ToldHub;

beforeAll(async () => {
  told = await startToldHub();
});
afterAll(() => told.close());

const vendors = ['hubspot', 'jira', 'google'] as const;

/** Requests that reached the vendors so far. */
const asked = (): number => vendors.reduce((sum, vendor) => sum + told[vendor].requests.length, 0);

async function look(): Promise<void> {
  for (const source of ['hubspot', 'jira', 'sheets']) await told.hub.look(source);
}

const settled = () => Promise.all(vendors.map((vendor) => told[vendor].deliveries.settled()));

const kindsOfEdit = [
  'rename deal',
  'archive deal',
  'restore deal',
  'create deal',
  'create issue',
  'rename issue',
  'delete issue',
] as const;

interface Edit {
  what: (typeof kindsOfEdit)[number];
  which: number;
  name: string;
}

const edits: fc.Arbitrary<Edit> = fc.record({
  what: fc.constantFrom(...kindsOfEdit),
  which: fc.nat({ max: 9 }),
  name: fc.stringMatching(/^[a-z]{1,8}$/),
});

/** What happens between a vendor and the hub: which of the waiting events arrive, in which order, some more than once. */
const steps = fc.record({
  edits: fc.array(edits, { maxLength: 4 }),
  arrivals: fc.array(fc.nat({ max: 11 }), { maxLength: 8 }),
  replays: fc.array(fc.nat({ max: 30 }), { maxLength: 2 }),
  forgeries: fc.nat({ max: 2 }),
  pauseSeconds: fc.constantFrom(1, 30, 400),
});

type Step = typeof steps extends fc.Arbitrary<infer Value> ? Value : never;

/** What the vendors hold, kept beside them by their own ids. */
interface Truth {
  deals: Map<string, { name: string; archived: boolean }>;
  issues: Map<string, string>;
}

function apply(edit: Edit, truth: Truth): void {
  const { hubspot, jira } = told;
  const pick = <Key, Value>(all: Map<Key, Value>, which: number) => [...all][which % Math.max(1, all.size)];
  if (edit.what === 'create deal') {
    const id = hubspot.create('deals', { dealname: edit.name, pipeline: 'default', dealstage: 'lead' });
    truth.deals.set(id, { name: edit.name, archived: false });
  } else if (edit.what === 'create issue') {
    truth.issues.set(jira.createIssue({ projectId: '1', typeId: '100', summary: edit.name }).id, edit.name);
  } else if (edit.what.endsWith('deal')) {
    const [id, deal] = pick(truth.deals, edit.which) ?? [];
    if (id === undefined || !deal) return;
    if (edit.what === 'restore deal' && deal.archived) hubspot.restore('deals', id);
    if (edit.what === 'archive deal' && !deal.archived) hubspot.archive('deals', id);
    if (edit.what === 'rename deal' && !deal.archived) hubspot.update('deals', id, { dealname: edit.name });
    truth.deals.set(id, {
      name: edit.what === 'rename deal' && !deal.archived ? edit.name : deal.name,
      archived: edit.what === 'archive deal' || (edit.what === 'rename deal' && deal.archived),
    });
  } else {
    const [id] = pick(truth.issues, edit.which) ?? [];
    if (id === undefined) return;
    if (edit.what === 'delete issue') {
      jira.deleteIssue(id);
      truth.issues.delete(id);
    } else {
      jira.updateIssue(id, { summary: edit.name });
      truth.issues.set(id, edit.name);
    }
  }
}

test('whatever happens to events on the way, a poll ends at the truth; forged and repeated ones cause no reading', async () => {
  const truth: Truth = {
    deals: new Map(['1', '2', '3'].map((id) => [id, { name: `Deal ${id}`, archived: false }])),
    issues: new Map([1, 2, 3].map((number) => [String(1_000 + number), `Work ${number}`])),
  };
  const arriving = async <Event>(deliveries: Deliveries<Event>, arrivals: readonly number[]): Promise<Event[]> => {
    const announced: Event[] = [];
    await deliveries.release((waiting) => {
      announced.push(...waiting);
      return arrivals.map((which) => waiting[which]).filter((event) => event !== undefined);
    });
    return announced;
  };
  const replayed = new Set([200, 403]);
  const run = async (journey: readonly Step[]) => {
    for (const step of journey) {
      told.hubspot.deliveries.hold();
      told.jira.deliveries.hold();
      for (const edit of step.edits) {
        apply(edit, truth);
        told.clock.advance(1_000);
      }
      const deals = await arriving(told.hubspot.deliveries, step.arrivals);
      const issues = await arriving(told.jira.deliveries, step.arrivals);
      await look();
      const before = asked();
      for (const event of deals.slice(0, step.forgeries)) expect(await told.hubspot.deliveries.forge(event)).toBe(401);
      for (const event of issues.slice(0, step.forgeries)) expect(await told.jira.deliveries.forge(event)).toBe(401);
      for (const which of step.replays) {
        for (const { sent, replay } of [told.hubspot.deliveries, told.jira.deliveries]) {
          const good = sent.filter(({ status }) => status === 200);
          const again = good[which % Math.max(1, good.length)];
          if (again) replayed.add(await replay(again));
        }
      }
      await look();
      expect(asked()).toBe(before);
      told.clock.advance(step.pauseSeconds * 1_000);
    }
    told.clock.advance(10 * 60_000);
    await told.hub.sync({ census: true });
    const { deals, issues } = await told.names();
    const live = [...truth.deals.values()].filter(({ archived }) => !archived);
    expect(deals).toEqual(live.map(({ name }) => name).sort());
    expect(issues).toEqual([...truth.issues.values()].sort());
  };
  await fc.assert(fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 3 }), run), {
    numRuns: 8,
    endOnFailure: true,
  });
  // Known, or too old to be taken at all.
  expect([...replayed]).toEqual([200, 403]);
});

test('what was looked at is as a poll would have brought it: the poll that follows finds nothing in it', async () => {
  const { hub, hubspot, jira, clock } = told;
  const company = hubspot.create('companies', { name: 'Acme GmbH' });
  const deal = hubspot.create('deals', { dealname: 'Looked at', pipeline: 'default', dealstage: 'lead' });
  hubspot.associate({ from: { type: 'deals', id: deal }, to: { type: 'companies', id: company }, typeId: 5 });
  const item = hubspot.create('line_items', { name: 'Days', price: '10' });
  hubspot.associate({ from: { type: 'line_items', id: item }, to: { type: 'deals', id: deal }, typeId: 20 });
  const { id } = jira.createIssue({ projectId: '1', typeId: '100', summary: 'Looked at' });
  jira.logWork(id, { authorAccountId: 'acc-ada', started: '2026-06-15T09:00:00.000+0200', seconds: 3_600 });
  await settled();
  const looks = [...(await hub.look('hubspot')), ...(await hub.look('jira'))];
  expect(looks.map(({ stream, counts }) => `${stream} ${counts.created}`).toSorted()).toEqual([
    'companies 1',
    'deals 1',
    'issues 1',
    'line-items 1',
    'worklogs 1',
  ]);
  clock.advance(10 * 60_000);
  const polls = await hub.sync();
  const news = polls.filter(({ counts }) => counts.created + counts.changed > 0);
  expect(news.map(({ stream, counts }) => [stream, counts])).toEqual([]);
});

test('an issue that Jira says was deleted is deleted; of one that nobody told of it is said that it may be hidden', async () => {
  const { hub, jira } = told;
  const [toldOf = '', untold = ''] = ['Told of', 'Not told of'].map(
    (summary) => jira.createIssue({ projectId: '1', typeId: '100', summary }).id,
  );
  const worklog = jira.logWork(untold, {
    authorAccountId: 'acc-ada',
    started: '2026-06-15T09:00:00.000+0200',
    seconds: 60,
  });
  await settled();
  await hub.look('jira');
  jira.deleteWorklog(worklog.id);
  jira.deleteIssue(toldOf);
  await settled();
  const looks = await hub.look('jira');
  // The feed of deleted worklogs tells nothing of the last minute; the event does.
  expect(looks.map(({ stream, counts: { deleted, vanished } }) => [stream, deleted, vanished])).toEqual([
    ['issues', 1, 0],
    ['worklogs', 1, 0],
  ]);
  jira.deliveries.hold();
  jira.deleteIssue(untold);
  await jira.deliveries.release(() => []);
  const reports = await hub.sync({ sourceId: 'jira', stream: 'issues', census: true });
  expect(reports.at(-1)).toMatchObject({ task: 'CENSUS', counts: { deleted: 0, vanished: 1 } });
  expect([...looks, ...reports].map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'SUCCEEDED'));
  const { data } = await createApi(hub).query(
    '{ workItems(includeDeleted: true, filter: { title: { in: ["Told of", "Not told of"] } }, orderBy: { field: TITLE }) { nodes { title absence } } }',
  );
  expect(data).toEqual({
    workItems: {
      nodes: [
        { title: 'Not told of', absence: 'INVISIBLE' },
        { title: 'Told of', absence: 'DELETED' },
      ],
    },
  });
});

test('what HubSpot was asked to forget is forgotten here, and a contact, of which nothing was kept, is on record', async () => {
  const { hub, hubspot } = told;
  const deal = hubspot.create('deals', { dealname: 'Kanaria Vogel', pipeline: 'default', dealstage: 'lead' });
  await settled();
  await hub.look('hubspot');
  hubspot.update('deals', deal, { dealname: 'Kanaria Vogel again' });
  await settled();
  await hub.look('hubspot');
  expect(await tablesOf(hub, ['Kanaria'])).not.toEqual([]);
  hubspot.deliveries.hold();
  hubspot.update('deals', deal, { dealname: 'Kanaria V.' });
  hubspot.forget('deals', deal);
  hubspot.forget('contacts', '8001');
  // The latest first, so that what changed before is told after it is forgotten.
  await hubspot.deliveries.release((waiting) => waiting.toReversed());
  expect(hubspot.deliveries.sent.slice(-3).map(({ status }) => status)).toEqual([200, 200, 200]);
  await hub.look('hubspot');
  await hub.sync({ sourceId: 'hubspot', stream: 'deals', census: true });
  expect(await tablesOf(hub, ['Kanaria'])).toEqual([]);
  const { data } = await createApi(hub).query(
    '{ erasures(orderBy: { field: ERASED_AT, direction: ASC }) { nodes { askedBy records { stream } counts { what rows } } } }',
  );
  const nodes = (
    data as { erasures: { nodes: { askedBy: string; records: { stream: string }[]; counts: object[] }[] } }
  ).erasures.nodes;
  expect(
    nodes.map(({ askedBy, records, counts }) => [askedBy, records[0]?.stream, counts.length > 0]).toSorted(),
  ).toEqual([
    ['hubspot', 'contact', false],
    ['hubspot', 'deals', true],
  ]);
});

test('a changed deal, issue and sheet row show at once, with no poll on schedule', async () => {
  const { hub, hubspot, jira, google } = told;
  await hub.startJobs();
  await expect.poll(() => google.channels().length, { timeout: 30_000 }).toBe(1);
  const runs: string[] = [];
  const stop = hub.watch(({ sourceId, task, status, counts }) => {
    if (status === 'SUCCEEDED' && counts.changed + counts.created > 0) runs.push(`${task} ${sourceId}`);
  });
  hubspot.create('deals', { dealname: 'Told by HubSpot', pipeline: 'default', dealstage: 'lead' });
  jira.createIssue({ projectId: '1', typeId: '100', summary: 'Told by Jira' });
  google.setCell({ spreadsheetId: sheet, tab: 'People', row: 1, column: 1, value: 'Told by Google' });
  await expect
    .poll(() => told.names(), { timeout: 45_000, interval: 250 })
    .toMatchObject({
      deals: expect.arrayContaining(['Told by HubSpot']),
      issues: expect.arrayContaining(['Told by Jira']),
      people: expect.arrayContaining(['Told by Google']),
    });
  await settled();
  // What a run wrote shows before the run has ended and is told.
  await expect.poll(() => runs.toSorted(), { timeout: 45_000 }).toEqual(['LOOK hubspot', 'LOOK jira', 'POLL sheets']);
  stop();
});
