import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock, silentLogger } from '../../packages/connector/src/index.ts';
import {
  createApi,
  openHub,
  type Api,
  type Hub,
  type RunReport,
  type SourceOptions,
} from '../../packages/hub/src/index.ts';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { startSandbox, type Sandbox } from '../../apps/sandbox/src/index.ts';

/** What people change in the three systems, as the next poll finds it. Time is a clock's that only moves when told to. */
const clock = manualClock('2026-11-20T09:00:00Z');
let vendors: Sandbox;
let database: TestDatabase;
let hub: Hub;
let api: Api;
let first: RunReport[];

beforeAll(async () => {
  vendors = await startSandbox({
    seed: 'changes',
    size: 'small',
    today: '2026-11-20',
    clock,
    malformed: true,
    sheetsReadsPerMinute: 100_000,
  });
  database = await emptyDatabase({ durable: false });
  hub = await openHub({
    database: database.target,
    sources: vendors.sources.map(unhurried),
    logger: silentLogger,
    clock,
  });
  api = createApi(hub);
  first = await hub.sync();
});

afterAll(async () => {
  await hub.close();
  await vendors.close();
  await database.drop();
});

/** Two projects are enough of Jira, besides the one that the unreadable issues are in. */
function unhurried(source: Sandbox['sources'][number]): SourceOptions {
  const broken = vendors.company.malformed.jira.map(({ issue }) => issue.projectId);
  const projects: string[] = [];
  for (const batch of vendors.company.jira.batches())
    for (const { id, key } of batch.projects) if (projects.length < 2 || broken.includes(id)) projects.push(key);
  const changes = { jira: { projects }, hubspot: {}, 'google-sheets': { requestsPerMinute: 50_000 } };
  return { ...source, config: { ...(source.config as object), ...changes[source.id] } };
}

async function ask<Data>(document: string, variables?: Record<string, unknown>): Promise<Data> {
  const { data, errors } = await api.query(document, variables);
  expect(errors ?? []).toEqual([]);
  return data as Data;
}

/** A later poll: Jira keeps back the last minute of worklogs, and lists that seldom change are read once an hour. */
async function poll(): Promise<RunReport[]> {
  clock.advance(2 * 3_600_000);
  return hub.sync();
}

const news = ({ counts }: RunReport): number =>
  counts.created + counts.changed + counts.deleted + counts.released + counts.quarantined;

/** Where the header of this tab is, and its first row: spreadsheet, row and column, counted from 0. */
function cellOf(
  title: string,
  header: string,
): { spreadsheetId: string; tab: string; row: number; column: number; value: string } {
  for (const { spreadsheetId, tabs } of vendors.company.google.spreadsheets) {
    for (const tab of tabs.filter((each) => each.title === title)) {
      const top = tab.rows.findIndex((row) => row.includes(header));
      const column = tab.rows[top]?.indexOf(header) ?? -1;
      return { spreadsheetId, tab: title, row: top + 1, column, value: String(tab.rows[top + 1]?.[column]) };
    }
  }
  throw new RangeError(`no column ${header} in ${title}`);
}

async function marks(): Promise<unknown> {
  const statement = `select (select max(seq) from version) as versions,
    (select md5(string_agg(xmin::text, ',' order by id)) from record) as records, (select md5(string_agg(xmin::text, ',' order by id)) from facet) as facets,
    (select md5(string_agg(xmin::text, ',' order by source_id, stream)) from stream_cursor) as cursors, (select count(*) from project_link) as links`;
  return hub.database.orm.em.getConnection().execute(statement);
}

test('a malformed record of each connector is in quarantine with a message that names the field, and the rest of its page is there', async () => {
  const { list } = await ask<{
    list: { edges: { node: { sourceId: string; stream: string; externalId: string; error: string } }[] };
  }>('{ list: quarantine(first: 100) { edges { node { sourceId stream externalId error } } } }');
  const found = list.edges.map(({ node }) => node);
  const truth = vendors.truth.quarantine;
  const label = (source: string, stream: string, id: string): string => `${source}/${stream} ${id}`;
  expect(found.map((each) => label(each.sourceId, each.stream, each.externalId)).toSorted()).toEqual(
    truth.map((each) => label(each.source, each.stream, each.id)).toSorted(),
  );
  const errors = Object.fromEntries(found.map(({ externalId, error }) => [externalId, error]));
  expect(errors).toMatchObject({
    '39999999901': expect.stringMatching(/amount/i),
    '39999999902': expect.stringMatching(/close ?date/i),
    '1999901': expect.stringMatching(/due/i),
    '1999902': expect.stringMatching(/estimate/i),
    BROKEN1: expect.stringMatching(/contract ?value/i),
    OLDKEY: expect.stringMatching(/start/i),
  });
  const partial = first
    .filter(({ status }) => status !== 'SUCCEEDED')
    .map(({ sourceId, stream, status }) => `${sourceId}/${stream} ${status}`);
  expect(partial.toSorted()).toEqual([
    'google-sheets/budgets PARTIAL',
    'google-sheets/exchange-rates PARTIAL',
    'google-sheets/projects PARTIAL',
    'google-sheets/rates PARTIAL',
    'hubspot/deals PARTIAL',
    'jira/issues PARTIAL',
  ]);
  const counts = await ask<Record<string, { totalCount: number }>>(
    '{ opportunities(first: 1) { totalCount } rates(first: 1) { totalCount } }',
  );
  expect(counts).toEqual({
    opportunities: { totalCount: vendors.truth.counts.opportunity },
    rates: { totalCount: vendors.truth.counts.rate },
  });
});

test('a poll that finds nothing new writes nothing but its runs', async () => {
  await poll();
  const before = await marks();
  const reports = await poll();
  expect(reports.filter((report) => news(report) > 0 || report.status === 'FAILED')).toEqual([]);
  expect(await marks()).toEqual(before);
});

test('a changed deal, issue, worklog and sheet row each show after the next poll, and nothing else does', async () => {
  const deal = [...vendors.company.hubspot.batches()]
    .flatMap(({ records }) => [...records])
    .find(({ type, archived }) => type === 'deals' && !archived);
  const [batch] = vendors.company.jira.batches();
  const worklog = batch?.worklogs[0];
  // Logging work changes the issue as well: with this one it is the same.
  const issue = batch?.issues.find(({ id }) => id === worklog?.issueId);
  const rate = cellOf('Rates', 'Bill rate');
  vendors.hubspot.update('deals', String(deal?.id), { dealname: 'Renamed in HubSpot' });
  vendors.jira.updateIssue(String(issue?.id), { summary: 'Renamed in Jira' });
  vendors.jira.updateWorklog(String(worklog?.id), { seconds: 12_345 });
  vendors.google.setCell({ ...rate, value: 987.65 });
  const reports = await poll();
  const changed = reports
    .filter((report) => news(report) > 0)
    .map(({ sourceId, stream, counts }) => `${sourceId}/${stream} ${counts.changed}`);
  expect(changed.toSorted()).toEqual(['google-sheets/rates 1', 'hubspot/deals 1', 'jira/issues 1', 'jira/worklogs 1']);
  const seen = await ask<Record<string, { edges: { node: object }[] }>>(
    `{
      opportunities(first: 5, filter: { name: { eq: "Renamed in HubSpot" } }) { edges { node { name } } }
      workItems(first: 5, filter: { title: { eq: "Renamed in Jira" } }) { edges { node { title } } }
      timeEntries(first: 5, filter: { seconds: { eq: 12345 } }) { edges { node { seconds } } }
      rates(first: 100) { edges { node { billRate { amount } } } }
    }`,
  );
  const nodes = Object.fromEntries(
    Object.entries(seen).map(([name, { edges }]) => [name, edges.map(({ node }) => node)]),
  );
  expect(nodes).toEqual({
    opportunities: [{ name: 'Renamed in HubSpot' }],
    workItems: [{ title: 'Renamed in Jira' }],
    timeEntries: [{ seconds: 12_345 }],
    rates: expect.arrayContaining([{ billRate: { amount: '987.65' } }]),
  });
});

test('repaired, a record leaves quarantine with the next poll', async () => {
  vendors.hubspot.repairRecord('deals', '39999999901');
  vendors.hubspot.update('deals', '39999999901', { amount: '1000' });
  vendors.jira.repairIssue('1999901');
  vendors.jira.updateIssue('1999901', { dueDate: '2026-12-24' });
  const budget = cellOf('Budgets', 'Contract value');
  const tab = vendors.company.google.spreadsheets.flatMap(({ tabs }) => tabs).find(({ title }) => title === 'Budgets');
  const row = tab?.rows.findIndex((cells) => cells.includes('BROKEN1')) ?? -1;
  vendors.google.setCell({ ...budget, row, value: 5_000 });
  const reports = await poll();
  const released = reports
    .filter(({ counts }) => counts.released > 0)
    .map(({ sourceId, stream, counts }) => `${sourceId}/${stream} ${counts.released}`);
  expect(released.toSorted()).toEqual(['google-sheets/budgets 1', 'hubspot/deals 1', 'jira/issues 1']);
  const { list } = await ask<{ list: { edges: { node: { externalId: string } }[] } }>(
    '{ list: quarantine(first: 100) { edges { node { externalId } } } }',
  );
  const left = list.edges.map(({ node }) => node.externalId);
  for (const id of ['39999999901', '1999901', 'BROKEN1']) expect(left).not.toContain(id);
});
