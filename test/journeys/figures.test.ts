import { silentLogger, systemClock, type Clock, type Key, type KindName } from '@plumbline/connector';
import { createApi, openHub, type Api, type Hub } from '@plumbline/hub';
import { startSandbox, type Sandbox } from '@plumbline/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { approveRequest } from './ordering.ts';
import { unhurried } from './place.ts';

const today = '2026-11-20';
/** Goes on as time does, from noon of the company's present day on: what is decided is decided after the work. */
const shift = systemClock.now().until(`${today}T12:00:00Z`);
const clock: Clock = { ...systemClock, now: () => systemClock.now().add(shift) };

// What the hub makes of a company is compared with what its generator counted, to the second and to the cent.
// CI runs this on both databases: the first company on each, and one of the others.
const onServer = Boolean(process.env['PLUMBLINE_TEST_DATABASE_URL']);
const seeds = process.env['CI'] ? ['acme', onServer ? 'cobalt' : 'borealis'] : ['acme', 'borealis', 'cobalt'];
describe.for(seeds)('the company of seed %s', (seed) => {
  let database: TestDatabase;
  let sandbox: Sandbox;
  let hub: Hub;
  let api: Api;

  beforeAll(async () => {
    database = await emptyDatabase({ durable: false });
    sandbox = await startSandbox({ seed, size: 'small', today, sheetsReadsPerMinute: 100_000 });
    hub = await openHub({
      database: database.target,
      sources: sandbox.sources.map(unhurried),
      logger: silentLogger,
      clock,
    });
    await hub.sync();
    api = createApi(hub);
  }, 240_000);

  afterAll(async () => {
    await hub.close();
    await sandbox.close();
    await database.drop();
  });

  async function ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const { data, errors } = await api.query(query, variables);
    expect(errors).toBeUndefined();
    return data as Data;
  }

  /** Which entity a key means, as global ids show it. */
  async function entityOf(kind: KindName): Promise<(key: Key) => string> {
    const { rows } = await hub.database.rows.executeQuery<{ key: Key; id: string }>({
      sql: `select key, entity_id as id from identity where kind = $1`,
      parameters: [kind],
      query: { kind: 'RawNode', sqlFragments: [], parameters: [] },
      queryId: { queryId: kind },
    });
    const ids = new Map(rows.map((row) => [row.key, row.id]));
    return (key) => ids.get(key) ?? `nobody knows ${key}`;
  }

  const ownId = (id: string): string => Buffer.from(id, 'base64url').toString().split(':')[1] ?? '';
  const globalId = (type: string, id: string): string => Buffer.from(`${type}:${id}`).toString('base64url');

  test('the time of every project is in the class it had on its day, and worth what its rates say', async () => {
    const fields = `nodes { id work { scope seconds atBillRates { amount currency } atCostRates { amount currency } withoutBillRate withoutCostRate } }`;
    // As many at a time as a request may cost.
    const nodes: ProjectWork[] = [];
    for (let after: string | null = null; ;) {
      const { projects }: { projects: { nodes: ProjectWork[]; pageInfo: PageInfo } } = await ask(
        `{ projects(first: 50 ${after ? `, after: "${after}"` : ''}) { ${fields} pageInfo { hasNextPage endCursor } } }`,
      );
      nodes.push(...projects.nodes);
      if (!projects.pageInfo.hasNextPage) break;
      after = projects.pageInfo.endCursor;
    }
    const idOf = await entityOf('project');
    const found = new Map(nodes.map(({ id, work }) => [ownId(id), work]));
    expect(sandbox.truth.figures.projects.length).toBeGreaterThan(50);
    for (const expected of sandbox.truth.figures.projects) {
      const work = found.get(idOf(expected.project)) ?? [];
      const classes = Object.entries(expected.scope).filter(([, seconds]) => seconds > 0);
      expect([expected.project, Object.fromEntries(work.map(({ scope, seconds }) => [scope, seconds]))]).toEqual([
        expected.project,
        Object.fromEntries(classes),
      ]);
      const leaked = work.filter(({ scope }) => scope === 'UNAPPROVED_CHANGE' || scope === 'UNLINKED');
      const { byCurrency, unpricedSeconds } = expected.leakage;
      expect([expected.project, ...sums(leaked.flatMap((each) => each.atBillRates))]).toEqual([
        expected.project,
        ...sums(byCurrency.map(({ currency, atRisk }) => ({ currency, amount: atRisk }))),
      ]);
      expect(sums(leaked.flatMap((each) => each.atCostRates))).toEqual(
        sums(byCurrency.map(({ currency, costLeak }) => ({ currency, amount: costLeak }))),
      );
      expect(total(leaked.map((each) => each.withoutBillRate))).toBe(unpricedSeconds.bill);
      expect(total(leaked.map((each) => each.withoutCostRate))).toBe(unpricedSeconds.cost);
    }
  });

  test('leakage by project, client, manager, seller and month comes to the whole, and the whole to the truth', async () => {
    const groups = ['PROJECT', 'CLIENT', 'MANAGER', 'SELLER', 'MONTH', 'CURRENCY'];
    const fields = `revenueAtRisk { amount } unapprovedTime unlinkedTime unpricedTime`;
    const parts = groups.map(
      (group) => `${group}: leakage(currency: "EUR", groupBy: ${group}, first: 100) { ${fields} }`,
    );
    type Part = {
      revenueAtRisk: { amount: string };
      unapprovedTime: number;
      unlinkedTime: number;
      unpricedTime: number;
    }[];
    const { whole } = await ask<{ whole: Part }>(`{ whole: leakage(currency: "EUR", first: 1) { ${fields} } }`);
    const { totals } = sandbox.truth.figures;
    expect(whole[0]).toMatchObject({
      unapprovedTime: totals.scope.UNAPPROVED_CHANGE,
      unlinkedTime: totals.scope.UNLINKED,
    });
    for (const part of parts) {
      const [rows] = Object.values(await ask<Record<string, Part>>(`{ ${part} }`));
      expect(total(rows?.map((row) => row.unapprovedTime) ?? [])).toBe(totals.scope.UNAPPROVED_CHANGE);
      expect(total(rows?.map((row) => row.unlinkedTime) ?? [])).toBe(totals.scope.UNLINKED);
      const amount = total(rows?.map((row) => Number(row.revenueAtRisk.amount)) ?? []);
      expect(amount).toBeCloseTo(Number(whole[0]?.revenueAtRisk.amount), 6);
    }
  });

  test('what waited for clients, and rework, is what labels and statuses say, at what its rates say', async () => {
    const nodes: ProjectWaste[] = [];
    for (let after: string | null = null; ;) {
      const { projects }: { projects: { nodes: ProjectWaste[]; pageInfo: PageInfo } } = await ask(
        `query ($after: String) { projects(first: 50, after: $after) { nodes { id workByNature {
          nature seconds atBillRates { amount currency } atCostRates { amount currency } withoutBillRate withoutCostRate
        } } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      nodes.push(...projects.nodes);
      if (!projects.pageInfo.hasNextPage) break;
      after = projects.pageInfo.endCursor;
    }
    const idOf = await entityOf('project');
    const found = new Map(nodes.map(({ id, workByNature }) => [ownId(id), workByNature]));
    const { projects, totals } = sandbox.truth.figures;
    for (const { project, waste } of projects) {
      for (const [nature, expected] of Object.entries(waste)) {
        const work = found.get(idOf(project))?.find((each) => each.nature === nature);
        expect([
          project,
          nature,
          work?.seconds ?? 0,
          sums(work?.atBillRates ?? []),
          sums(work?.atCostRates ?? []),
          work?.withoutBillRate ?? 0,
          work?.withoutCostRate ?? 0,
        ]).toEqual([
          project,
          nature,
          expected.seconds,
          sums(expected.byCurrency.map(({ currency, price }) => ({ currency, amount: price }))),
          sums(expected.byCurrency.map(({ currency, cost }) => ({ currency, amount: cost }))),
          expected.unpricedSeconds.bill,
          expected.unpricedSeconds.cost,
        ]);
      }
    }
    const worked = total(Object.values(totals.scope));
    for (const group of ['', 'PROJECT', 'CLIENT', 'PERSON', 'MONTH']) {
      const { waste } = await ask<{ waste: WasteGroup[] }>(
        `{ waste(currency: "EUR", ${group && `groupBy: ${group},`} first: 100) { worked
          clientWait { seconds withoutBillRate withoutCostRate } rework { seconds withoutBillRate withoutCostRate } } }`,
      );
      const of = (pick: (row: WasteGroup) => number): number => total(waste.map(pick));
      expect([group, of((row) => row.worked)]).toEqual([group, worked]);
      for (const [name, expected] of [
        ['clientWait', totals.waste.CLIENT_WAIT],
        ['rework', totals.waste.REWORK],
      ] as const) {
        expect([group, of((row) => row[name].seconds)]).toEqual([group, expected.seconds]);
        expect(of((row) => row[name].withoutBillRate)).toBe(expected.unpricedSeconds.bill);
        expect(of((row) => row[name].withoutCostRate)).toBe(expected.unpricedSeconds.cost);
      }
    }
  });

  test('what was given away, pushed and overrun is what the generator planned', async () => {
    const { figures } = sandbox.truth;
    const { changeRequests } = await ask<{ changeRequests: { nodes: Absorbed[] } }>(
      `{ changeRequests(first: 100, filter: { state: { eq: ABSORBED } }) { nodes { id priceDelta { amount currency } costDelta { amount currency } } } }`,
    );
    const requestOf = await entityOf('changeRequest');
    const absorbed = new Map(changeRequests.nodes.map((each) => [ownId(each.id), each]));
    expect(absorbed.size).toBe(figures.absorbed.length);
    for (const { changeRequest, price, cost } of figures.absorbed) {
      const found = absorbed.get(requestOf(changeRequest));
      expect([changeRequest, ...sums(found?.priceDelta ? [found.priceDelta] : [])]).toEqual([
        changeRequest,
        ...sums(price ? [price] : []),
      ]);
      expect(sums(found?.costDelta ? [found.costDelta] : [])).toEqual(sums(cost ? [cost] : []));
    }
    const dealOf = await entityOf('opportunity');
    const slipped = new Map<string, unknown>();
    for (let after: string | null = null; ;) {
      const { opportunities }: { opportunities: { nodes: Slipped[]; pageInfo: PageInfo } } = await ask(
        `{ opportunities(first: 50 ${after ? `, after: "${after}"` : ''}) { nodes { id slippage { changes { value } pushes { value } pulls { value } netDays { value } } } pageInfo { hasNextPage endCursor } } }`,
      );
      for (const { id, slippage } of opportunities.nodes)
        slipped.set(
          ownId(id),
          Object.entries(slippage).map(([name, { value }]) => [name, Number(value)]),
        );
      if (!opportunities.pageInfo.hasNextPage) break;
      after = opportunities.pageInfo.endCursor;
    }
    expect(figures.opportunities.length).toBeGreaterThan(100);
    for (const { opportunity, changes, pushes, pulls, netDays } of figures.opportunities) {
      const expected = Object.entries({ changes, pushes, pulls, netDays });
      expect([opportunity, slipped.get(dealOf(opportunity))]).toEqual([opportunity, expected]);
    }
    const projectOf = await entityOf('project');
    const { projects } = await ask<{
      projects: { nodes: { id: string; loggedTime: number; metrics: { value: string | null }[] }[] };
    }>(`{ projects(first: 100) { nodes { id loggedTime metrics(names: ["overrun"]) { value } } } }`);
    const logged = new Map(projects.nodes.map((each) => [ownId(each.id), each]));
    for (const { project, plannedSeconds, loggedSeconds } of figures.overruns) {
      const found = logged.get(projectOf(project));
      expect([project, found?.loggedTime]).toEqual([project, loggedSeconds]);
      expect(Number(found?.metrics[0]?.value)).toBeCloseTo(loggedSeconds / plannedSeconds - 1, 12);
    }
  });

  test('a late approval erases nothing, and an executed order recovers what it pays for', async () => {
    const projectOf = await entityOf('project');
    const requestOf = await entityOf('changeRequest');
    const { recoveries } = sandbox.truth.figures;
    const figures = async (id: string): Promise<(number | null)[]> => {
      const { node } = await ask<{ node: { metrics: { value: string | null }[] } }>(
        `query ($id: ID!) { node(id: $id) { ... on Project {
          metrics(names: ["revenueAtRisk", "recoveredRevenue", "netLeakage"]) { value } } } }`,
        { id },
      );
      return node.metrics.map(({ value }) => (value === null ? null : Math.round(Number(value) * 100)));
    };
    expect(new Set(recoveries.map(({ net }) => net === '0'))).toEqual(new Set([true, false]));
    for (const { project, changeRequest, state, currency, atRisk, order, recovered, net } of recoveries) {
      const id = globalId('Project', projectOf(project));
      const cents = (...amounts: string[]): number[] => amounts.map((amount) => Math.round(Number(amount) * 100));
      expect([project, await figures(id)]).toEqual([project, cents(atRisk, '0', atRisk)]);
      const execute = await approveRequest(ask, {
        project: id,
        request: globalId('ChangeRequest', requestOf(changeRequest)),
        state,
        price: { amount: order, currency },
      });
      expect([project, await figures(id)]).toEqual([project, cents(atRisk, '0', atRisk)]);
      await execute();
      expect([project, await figures(id)]).toEqual([project, cents(atRisk, recovered, net)]);
    }
  });
});

interface ProjectWaste {
  id: string;
  workByNature: (Omit<ProjectWork['work'][number], 'scope'> & { nature: string })[];
}

interface WasteGroup {
  worked: number;
  clientWait: { seconds: number; withoutBillRate: number; withoutCostRate: number };
  rework: { seconds: number; withoutBillRate: number; withoutCostRate: number };
}

interface ProjectWork {
  id: string;
  work: {
    scope: string;
    seconds: number;
    atBillRates: Amount[];
    atCostRates: Amount[];
    withoutBillRate: number;
    withoutCostRate: number;
  }[];
}

interface PageInfo {
  hasNextPage: boolean;
  endCursor: string;
}

interface Slipped {
  id: string;
  slippage: Record<string, { value: string | null }>;
}

interface Absorbed {
  id: string;
  priceDelta: Amount | null;
  costDelta: Amount | null;
}

interface Amount {
  amount: string;
  currency: string;
}

/** By currency, in thousandths, those that come to nothing left out. */
function sums(amounts: readonly Amount[]): [string, number][] {
  const byCurrency = Map.groupBy(amounts, ({ currency }) => currency);
  return [...byCurrency]
    .map(([currency, each]): [string, number] => [
      currency,
      Math.round(total(each.map(({ amount }) => Number(amount))) * 1_000),
    ])
    .filter(([, amount]) => amount !== 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
