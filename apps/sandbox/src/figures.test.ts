import type { HubSpotRecord } from '@plumbline/hubspot/emulator';
import type { JiraIssue, JiraWorklog } from '@plumbline/jira/emulator';
import { describe, expect, test } from 'vitest';
import { dayOf } from './days.ts';
import type { Leakage, ScopeClass, WasteFigures, WorkNature } from './figure-types.ts';
import { slippageOf } from './figures.ts';
import {
  changeRequestState,
  daysBetween,
  enteredOn,
  portalDay,
  readHoldings,
  statusAt,
  sum,
} from './holdings.test-kit.ts';
import type { RuleId } from './truth-types.ts';
import { issueTypes, jiraFields } from './vocabulary.ts';
import { factsOf } from './worklogs.test-kit.ts';

/** Each figure once more, from the vendors' data alone. */
describe.each(['acme', 'zenith', '東京'])('in the company of seed %s', (seed) => {
  const held = readHoldings(seed);
  const truth = held.company.truth();
  const { figures } = truth;
  const { issueOf, projectKeyOf, changeOf, localDay, rateOf } = factsOf(held);
  const clientProjects = new Set(
    held.rows('Projects').flatMap((row) => (row['Client domain'] ? [String(row.Key)] : [])),
  );
  const scopeOf = (worklog: JiraWorklog): ScopeClass => {
    if (!clientProjects.has(projectKeyOf(worklog))) return 'INTERNAL';
    const change = changeOf(issueOf(worklog));
    if (change) return isAgreed(change, localDay(worklog)) ? 'APPROVED_CHANGE' : 'UNAPPROVED_CHANGE';
    return issueOf(worklog).custom[jiraFields.commitment] ? 'BASELINE' : 'UNLINKED';
  };
  const isLeaking = (worklog: JiraWorklog): boolean => ['UNAPPROVED_CHANGE', 'UNLINKED'].includes(scopeOf(worklog));
  /** Quarters of the currency's unit: hours are logged in quarters, so these are whole numbers. */
  const leakageOf = (worklogs: readonly JiraWorklog[]): ReturnType<typeof inQuarters> => {
    const byCurrency: Record<string, { atRisk: number; costLeak: number }> = {};
    const unpricedSeconds = { bill: 0, cost: 0 };
    for (const worklog of worklogs) {
      const { bill, cost, currency } = rateOf(worklog);
      if (bill === null) unpricedSeconds.bill += worklog.seconds;
      if (cost === null) unpricedSeconds.cost += worklog.seconds;
      if (bill === null && cost === null) continue;
      const amounts = (byCurrency[currency] ??= { atRisk: 0, costLeak: 0 });
      amounts.atRisk += ((bill ?? 0) * worklog.seconds) / 900;
      amounts.costLeak += ((cost ?? 0) * worklog.seconds) / 900;
    }
    return { byCurrency, unpricedSeconds };
  };
  const ofProject = Map.groupBy(held.worklogs, projectKeyOf);
  const projectKeys = [...new Set([...held.projects.map(({ key }) => key), ...clientProjects])];

  test('every second of a project is in one scope class', () => {
    const counted = projectKeys.map((key) => [`jira-project-key:${key}`, secondsBy(ofProject.get(key) ?? [], scopeOf)]);
    expect(Object.fromEntries(figures.projects.map(({ project, scope }) => [project, scope]))).toEqual(
      Object.fromEntries(counted),
    );
    expect(figures.totals.scope).toEqual(secondsBy(held.worklogs, scopeOf));
    for (const seconds of Object.values(figures.totals.scope)) expect(seconds).toBeGreaterThan(0);
  });

  test('what leaks is the hours nobody agreed to, at the rates of their day', () => {
    const counted = projectKeys.map((key) => [
      `jira-project-key:${key}`,
      leakageOf((ofProject.get(key) ?? []).filter(isLeaking)),
    ]);
    expect(Object.fromEntries(figures.projects.map(({ project, leakage }) => [project, inQuarters(leakage)]))).toEqual(
      Object.fromEntries(counted),
    );
    expect(inQuarters(figures.totals.leakage)).toEqual(leakageOf(held.worklogs.filter(isLeaking)));
    expect(figures.totals.leakage.byCurrency.length).toBeGreaterThan(2);
  });

  test('waiting and rework are what labels say, and statuses of the time when the work began', () => {
    const natureOf = (worklog: JiraWorklog): WorkNature => {
      const issue = issueOf(worklog);
      const waits = statusAt(issue, Date.parse(worklog.started)) === 'Waiting for customer';
      if (waits || issue.labels.includes('client-wait')) return 'CLIENT_WAIT';
      return issue.labels.includes('rework') ? 'REWORK' : 'WORK';
    };
    for (const nature of ['CLIENT_WAIT', 'REWORK'] as const) {
      const counted = (worklogs: readonly JiraWorklog[]) => {
        const own = worklogs.filter((worklog) => natureOf(worklog) === nature);
        return { seconds: sum(own.map(({ seconds }) => seconds)), ...leakageOf(own) };
      };
      const told = ({ seconds, byCurrency, unpricedSeconds }: WasteFigures) => ({
        seconds,
        ...inQuarters({
          byCurrency: byCurrency.map(({ currency, price, cost }) => ({ currency, atRisk: price, costLeak: cost })),
          unpricedSeconds,
        }),
      });
      expect(Object.fromEntries(figures.projects.map(({ project, waste }) => [project, told(waste[nature])]))).toEqual(
        Object.fromEntries(projectKeys.map((key) => [`jira-project-key:${key}`, counted(ofProject.get(key) ?? [])])),
      );
      expect(told(figures.totals.waste[nature])).toEqual(counted(held.worklogs));
    }
    const byStatus = held.worklogs.filter(
      (worklog) => natureOf(worklog) === 'CLIENT_WAIT' && !issueOf(worklog).labels.includes('client-wait'),
    );
    expect(byStatus.length).toBeGreaterThan(100);
    expect(figures.totals.waste.REWORK.seconds).toBeGreaterThan(100 * 3_600);
  });

  test('the time that R10 and R11 find is the time that leaks', () => {
    const found = (rule: RuleId): number =>
      sum(truth.anomalies.filter((anomaly) => anomaly.rule === rule).map(({ figures: told }) => Number(told.hours)));
    const { UNAPPROVED_CHANGE: unapproved, UNLINKED: unlinked } = figures.totals.scope;
    expect([found('R10'), found('R11')]).toEqual([unapproved / 3_600, unlinked / 3_600]);
  });

  test('absorbed are the requests that Jira, or the register alone, has in that state', () => {
    const inJira = [...held.issues.values()]
      .filter((issue) => issue.typeId === issueTypes.changeRequest.id && changeRequestState(issue) === 'ABSORBED')
      .map(({ id, custom }) => [`jira-issue:${id}`, custom[jiraFields.price], custom[jiraFields.cost]]);
    const inRegister = held
      .rows('Change requests')
      .filter((row) => row.State === 'absorbed' && row['Jira issue'] === null)
      .map((row) => [`sheet-row:change-requests/${row['No.']}`, row.Price, row.Cost]);
    const told = figures.absorbed.map(({ changeRequest, price, cost }) => [
      changeRequest,
      price && Number(price.amount),
      cost && Number(cost.amount),
    ]);
    expect(told.toSorted()).toEqual([...inJira, ...inRegister].toSorted());
    expect(figures.totals.absorbed).toBe(told.length);
    expect(inJira.length).toBeGreaterThan(3);
  });

  test('close dates slipped as HubSpot’s history of them says', () => {
    const slipped = held.deals
      .filter(({ archived }) => !archived)
      .map((deal) => ({ deal, moves: closeDateMoves(deal) }))
      .filter(({ moves }) => moves.length > 0)
      .map(({ deal, moves }) => ({
        opportunity: `hubspot-deal:${deal.id}`,
        changes: moves.length,
        pushes: moves.filter((days) => days > 0).length,
        pulls: moves.filter((days) => days < 0).length,
        netDays: sum(moves),
      }));
    expect(figures.opportunities).toEqual(slipped);
    expect(figures.totals.pushes).toBe(sum(slipped.map(({ pushes }) => pushes)));
    expect(slipped.filter(({ pulls }) => pulls > 0).length).toBeGreaterThan(10);
  });

  test('overruns compare the budgets’ hours with all time logged', () => {
    const planned = held.rows('Budgets').map((row) => ({
      project: `jira-project-key:${row.Project}`,
      plannedSeconds: Number(row['Planned hours']) * 3_600,
      loggedSeconds: sum((ofProject.get(String(row.Project)) ?? []).map(({ seconds }) => seconds)),
    }));
    expect(figures.overruns).toEqual(planned);
  });
});

test('a close date that went from 31 March to 30 April, 15 April and 30 June was pushed twice, 91 days in all', () => {
  const closeDates = ['2025-03-31', '2025-04-30', '2025-04-15', '2025-06-30'].map((date, at) => ({
    value: dayOf(date),
    on: dayOf('2025-02-01') + at,
  }));
  expect(slippageOf({ id: '1', name: 'A deal', closeDates })).toEqual([
    { opportunity: 'hubspot-deal:1', changes: 3, pushes: 2, pulls: 1, netDays: 91 },
  ]);
  expect(slippageOf({ id: '1', name: 'A deal', closeDates: closeDates.slice(0, 1) })).toEqual([]);
});

function isAgreed(change: JiraIssue, day: string): boolean {
  const agreed = enteredOn(change, 'Approved') ?? enteredOn(change, 'Absorbed') ?? '9999';
  const ended = ['Rejected', 'Withdrawn', 'Deferred'].some((status) => {
    const on = enteredOn(change, status);
    return on !== undefined && on >= agreed && on < day;
  });
  return agreed <= day && !ended;
}

function secondsBy(worklogs: readonly JiraWorklog[], scopeOf: (worklog: JiraWorklog) => ScopeClass): object {
  const seconds = { BASELINE: 0, APPROVED_CHANGE: 0, UNAPPROVED_CHANGE: 0, UNLINKED: 0, INTERNAL: 0 };
  for (const worklog of worklogs) seconds[scopeOf(worklog)] += worklog.seconds;
  return seconds;
}

function inQuarters({ byCurrency, unpricedSeconds }: Leakage): {
  byCurrency: Record<string, { atRisk: number; costLeak: number }>;
  unpricedSeconds: object;
} {
  return {
    byCurrency: Object.fromEntries(
      byCurrency.map(({ currency, atRisk, costLeak }) => [
        currency,
        { atRisk: Number(atRisk) * 4, costLeak: Number(costLeak) * 4 },
      ]),
    ),
    unpricedSeconds,
  };
}

/** Days by which each entry moved the date, oldest first, by the portal's calendar. */
function closeDateMoves({ history }: HubSpotRecord): number[] {
  const days = (history?.closedate ?? [])
    .toSorted((one, other) => one.at - other.at)
    .map(({ value }) => portalDay(value));
  return days
    .slice(1)
    .map((day, index) => daysBetween(days[index] ?? day, day))
    .filter((moved) => moved !== 0);
}
