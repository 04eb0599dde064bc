import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock, silentLogger } from '../../packages/connector/src/index.ts';
import { createApi, openHub, type Hub, type SourceOptions } from '../../packages/hub/src/index.ts';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { startSandbox, type Sandbox } from '../../apps/sandbox/src/index.ts';

/** A hub that synced twice is asked how all stood after the first time; another one synced only then. */
const clock = manualClock('2026-11-20T09:00:00Z');
const databases: TestDatabase[] = [];
const hubs: Hub[] = [];
let vendors: Sandbox;
let later: Hub;
let shown: { at: string; answers: unknown[] };

beforeAll(async () => {
  vendors = await startSandbox({
    seed: 'as-of',
    size: 'small',
    today: '2026-11-20',
    clock,
    sheetsReadsPerMinute: 100_000,
  });
  later = await syncedHub();
  const then = await syncedHub();
  shown = { at: clock.now().toString(), answers: await answers(then, null) };
});

afterAll(async () => {
  for (const hub of hubs) await hub.close();
  for (const database of databases) await database.drop();
  await vendors.close();
});

async function syncedHub(): Promise<Hub> {
  const database = await emptyDatabase({ durable: false });
  databases.push(database);
  const [batch] = vendors.company.jira.batches();
  const projects = (batch?.projects ?? []).slice(0, 2).map(({ key }) => key);
  const changes = { jira: { projects }, hubspot: {}, 'google-sheets': { requestsPerMinute: 50_000 } };
  const sources: SourceOptions[] = vendors.sources.map((source) => ({
    ...source,
    config: { ...(source.config as object), ...changes[source.id] },
  }));
  const hub = await openHub({ database: database.target, sources, logger: silentLogger, clock });
  hubs.push(hub);
  await hub.sync();
  return hub;
}

const period = 'from: "2026-01-01", to: "2026-12-31"';

/** Every list and the main figures, by what both hubs call alike. */
function questions(asOf: string | null): string[] {
  const [at, also] = asOf === null ? ['', ''] : [`(asOf: "${asOf}")`, `, asOf: "${asOf}"`];
  const list = (name: string, orderBy: string, fields: string): string =>
    `{ ${name}(first: 100, orderBy: { field: ${orderBy} }${also}) { totalCount nodes { ${fields} } } }`;
  const money = 'amount currency';
  return [
    list('opportunities', 'URL', `url name stage state amount { ${money} } closeDate probability owner { email }`),
    list('workItems', 'KEY', 'key title status statusCategory estimate assignee { email } customFields'),
    list('changeRequests', 'KEY', `key title state priceDelta { ${money} } effortDelta requester { email }`),
    list('risks', 'KEY', `key title status probability impact { ${money} }`),
    `{ projects(first: 10, orderBy: { field: NAME }${also}) { totalCount nodes {
      code name status loggedTime${at} budgets(first: 3, orderBy: { field: VALID_FROM }${also}) { nodes { plannedCost { ${money} } } }
      opportunities(first: 3, orderBy: { field: URL }${also}) { nodes { url } } metrics${at} { name value reason }
    } } }`,
    `{ people(first: 20, orderBy: { field: EMAIL }${also}) { totalCount nodes {
      email role rates(first: 5, orderBy: { field: VALID_FROM }${also}) { nodes { billRate { ${money} } costRate { ${money} } validFrom } }
    } } }`,
    `{ timeEntries(first: 100, orderBy: { field: STARTED_AT }${also}) { totalCount }
      leakage(currency: "EUR", groupBy: MONTH${also}) { key unapprovedTime unlinkedTime revenueAtRisk { amount } unpricedTime } }`,
    `{ portfolio(currency: "EUR"${also}) { projects leftOut { project { code } reason } metrics { name value } } }`,
    `{ pipeline(${period}, currency: "EUR"${also}) {
      openPipeline { value } weightedPipeline { value } winRate { value } coverage { value }
      groups(by: STAGE) { key open won lost openAmount { amount } wonAmount { amount } }
    } }`,
    `{ utilisation(${period}, groupBy: ROLE${also}) { name worked billable calendar excluded } }`,
  ];
}

/** Rows without an order of their own, in an order of what they say. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) {
    const text = (item: unknown): string => JSON.stringify(item);
    return value.map(comparable).toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, comparable(member)]));
}

async function answers(hub: Hub, asOf: string | null): Promise<unknown[]> {
  const api = createApi(hub);
  const all: unknown[] = [];
  for (const question of questions(asOf)) {
    const { data, errors } = await api.query(question);
    expect(errors ?? []).toEqual([]);
    all.push(comparable(JSON.parse(JSON.stringify(data))));
  }
  return all;
}

/** Sales, delivery and the spreadsheets go on: things change, come and go. */
function changeEverything(): void {
  const deals = [...vendors.company.hubspot.batches()]
    .flatMap(({ records }) => [...records])
    .filter(({ type, archived }) => type === 'deals' && !archived);
  for (const { id } of deals.slice(0, 20))
    vendors.hubspot.update('deals', id, { amount: '4711', closedate: '2026-12-31' });
  vendors.hubspot.archive('deals', String(deals[20]?.id));
  const [batch] = vendors.company.jira.batches();
  const [first, second, third, ...others] = batch?.worklogs ?? [];
  vendors.jira.updateWorklog(String(first?.id), { seconds: 12_345 });
  vendors.jira.deleteWorklog(String(second?.id));
  vendors.jira.logWork(String(third?.issueId), {
    authorAccountId: String(third?.authorAccountId),
    started: clock.now().toString(),
    seconds: 7_200,
  });
  for (const { issueId } of others.slice(0, 10))
    vendors.jira.updateIssue(issueId, { summary: 'Renamed', dueDate: '2026-12-24' });
  for (const { spreadsheetId, tabs } of vendors.company.google.spreadsheets)
    for (const { title, rows } of tabs) {
      const top = rows.findIndex((row) => row.includes('Bill rate'));
      const column = rows[top]?.indexOf('Bill rate') ?? -1;
      if (title === 'Rates' && column >= 0)
        for (const row of [top + 1, top + 2])
          vendors.google.setCell({ spreadsheetId, tab: title, row, column, value: 987.65 });
    }
}

test('a hub that is asked for a past instant shows what another one shows that was synced up to it', async () => {
  clock.advance(2 * 3_600_000);
  changeEverything();
  clock.advance(2 * 3_600_000);
  await later.sync();
  expect(await answers(later, shown.at)).toEqual(shown.answers);
  const now = await answers(later, null);
  const same = now.filter((answer, index) => JSON.stringify(answer) === JSON.stringify(shown.answers[index]));
  expect(same.length).toBeLessThanOrEqual(2);
}, 120_000);
