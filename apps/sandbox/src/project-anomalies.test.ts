import type { HubSpotRecord } from '@plumbline/hubspot/emulator';
import type { JiraIssue } from '@plumbline/jira/emulator';
import { describe, expect, test } from 'vitest';
import {
  changeRequestState,
  daysBetween,
  isOpen,
  portalDay,
  property,
  readHoldings,
  stateOf,
  sum,
} from './holdings.test-kit.ts';
import type { RuleId } from './truth-types.ts';
import { issueTypes, jiraFields } from './vocabulary.ts';

describe.each(['acme', 'zenith', '東京'])('in the company of seed %s', (seed) => {
  const held = readHoldings(seed);
  const truth = held.company.truth();
  const register = new Map(held.rows('Projects').map((row) => [String(row.Key), row]));
  const budgets = new Map(held.rows('Budgets').map((row) => [String(row.Project), row]));
  const live = held.deals.filter(({ archived }) => !archived);
  const contractsOf = (key: string): HubSpotRecord[] => {
    const ids =
      (held.projects.find((project) => project.key === key)?.properties?.plumbline as { deals: string[] } | undefined)
        ?.deals ?? [];
    return live.filter(
      (deal) =>
        property(deal, 'change_request_key') === '' &&
        (property(deal, 'jira_project_key') === key || ids.includes(deal.id)),
    );
  };
  const subjects = (rule: RuleId): string[] =>
    truth.anomalies
      .filter((anomaly) => anomaly.rule === rule)
      .map(({ subject }) => subject.key)
      .sort();
  const projectsWhere = (condition: (key: string, deals: HubSpotRecord[]) => boolean): string[] =>
    [...register.keys()]
      .filter((key) => condition(key, contractsOf(key)))
      .map((key) => `jira-project-key:${key}`)
      .sort();
  const active = (key: string): boolean => register.get(key)?.Status === 'active';

  test('R02 and R03 are projects at work without a contract', () => {
    expect(subjects('R02')).toEqual(projectsWhere((key, deals) => active(key) && deals.some(isOpen)));
    expect(subjects('R03')).toEqual(
      projectsWhere((key, deals) => active(key) && deals.some((deal) => stateOf(deal) === 'LOST')),
    );
    expect([subjects('R02').length, subjects('R03').length]).toEqual([2, 2]);
  });

  test('R04 and R05 are amounts and currencies that two systems do not agree on; half a percent is agreement', () => {
    const difference = (key: string, [deal]: HubSpotRecord[]): number =>
      Math.abs(Number(deal && property(deal, 'amount')) - Number(budgets.get(key)?.['Contract value']));
    const sameCurrency = (key: string, [deal]: HubSpotRecord[]): boolean =>
      deal !== undefined && property(deal, 'deal_currency_code') === register.get(key)?.Currency;
    const off = (key: string, deals: HubSpotRecord[]): boolean =>
      deals.length === 1 && sameCurrency(key, deals) && difference(key, deals) > 0;
    const tolerance = (key: string): number => Math.max(100, Number(budgets.get(key)?.['Contract value']) / 100);
    expect(subjects('R04')).toEqual(
      projectsWhere((key, deals) => off(key, deals) && difference(key, deals) > tolerance(key)),
    );
    expect(projectsWhere((key, deals) => off(key, deals) && difference(key, deals) <= tolerance(key))).toHaveLength(2);
    expect(subjects('R05')).toEqual(projectsWhere((key, deals) => deals.length > 0 && !sameCurrency(key, deals)));
    expect([subjects('R04').length, subjects('R05').length]).toEqual([3, 2]);
  });

  test('R06 and R34 are about when and how often a project was sold', () => {
    const early = (key: string, deals: HubSpotRecord[]): boolean =>
      deals.some((deal) => String(register.get(key)?.Start) < portalDay(property(deal, 'closedate')));
    expect(subjects('R06')).toEqual(projectsWhere(early));
    expect(subjects('R06').length).toBeGreaterThanOrEqual(2);
    expect(subjects('R34')).toEqual(
      projectsWhere((_, deals) => deals.filter((deal) => stateOf(deal) === 'WON').length > 1),
    );
    expect(subjects('R34')).toHaveLength(2);
  });

  test('R19 is every active project whose manager has left', () => {
    const left = new Set(
      held
        .rows('People')
        .filter((row) => row.Status === 'left')
        .map((row) => String(row['E-Mail']).trim().toLowerCase()),
    );
    const orphans = projectsWhere((key) => active(key) && left.has(String(register.get(key)?.Manager)));
    expect(subjects('R19').filter((key) => key.startsWith('jira-project-key:'))).toEqual(orphans);
    expect(orphans).toHaveLength(2);
  });

  test('R25 is every project whose estimates outgrew what was sold', () => {
    const estimated = (key: string): number => {
      const { id } = held.projects.find((project) => project.key === key) ?? {};
      return (
        sum(
          [...held.issues.values()]
            .filter(({ projectId }) => projectId === id)
            .map(({ originalEstimateSeconds }) => originalEstimateSeconds ?? 0),
        ) / 3_600
      );
    };
    const sold = (key: string): number => Number(budgets.get(key)?.['Planned hours']);
    const outgrown = projectsWhere((key) => estimated(key) > sold(key) * 1.1);
    expect(subjects('R25')).toEqual(outgrown);
    expect(outgrown).toHaveLength(2);
    for (const { subject, figures } of truth.anomalies.filter(({ rule }) => rule === 'R25')) {
      const key = subject.key.slice('jira-project-key:'.length);
      expect([estimated(key), sold(key)]).toEqual([figures.estimatedHours, figures.soldHours]);
    }
  });

  const requests = [...held.issues.values()].filter(({ typeId }) => typeId === issueTypes.changeRequest.id);
  const price = ({ custom }: JiraIssue): number => Number(custom[jiraFields.price] ?? 0);

  test('R09 is every agreed price without a deal of its own', () => {
    const ordered = new Set(live.map((deal) => property(deal, 'change_request_key')));
    const agreed = ['approved', 'implementing', 'implemented', 'closed'];
    const registered = held.rows('Change requests');
    const inRegister = new Set(registered.map((row) => row['Jira issue']));
    const missing = [
      ...requests
        .filter((issue) => agreed.includes(changeRequestState(issue).toLowerCase()) && price(issue) !== 0)
        .filter(({ key }) => !ordered.has(key) && !inRegister.has(key))
        .map(({ id }) => `jira-issue:${id}`),
      ...registered
        .filter(
          (row) =>
            agreed.includes(String(row.State)) && Number(row.Price ?? 0) !== 0 && !ordered.has(String(row['No.'])),
        )
        .map((row) => {
          const issue = requests.find(({ key }) => key === row['Jira issue']);
          return issue ? `jira-issue:${issue.id}` : `sheet-row:change-requests/${String(row['No.'])}`;
        }),
    ];
    expect(subjects('R09')).toEqual(missing.sort());
    expect(missing).toHaveLength(4);
  });

  test('R35 is every project with small changes that together are none', () => {
    const small = Map.groupBy(
      requests.filter((issue) => price(issue) > 0 && price(issue) < 2_500),
      ({ projectId }) => projectId,
    );
    const together = [...small].filter(([, issues]) => {
      const days = issues.map(({ created }) => portalDay(created)).sort();
      return (
        issues.length >= 3 && sum(issues.map(price)) > 5_000 && daysBetween(days[0] ?? '', days.at(-1) ?? '') <= 60
      );
    });
    const keyOf = (id: string): string => `jira-project-key:${held.projects.find((project) => project.id === id)?.key}`;
    expect(subjects('R35')).toEqual(together.map(([id]) => keyOf(id)).sort());
    expect(together).toHaveLength(2);
    expect([...small.keys()]).toHaveLength(2);
  });

  test('R20 is every client that the finance sheet knows otherwise', () => {
    const rows = held.rows('Clients');
    const otherwise = held.companies.filter((company) => {
      const sameDomain = rows.find((row) => row.Domain === property(company, 'domain'));
      return sameDomain
        ? sameDomain.Name !== property(company, 'name')
        : rows.some((row) => row.Name === property(company, 'name'));
    });
    expect(subjects('R20')).toEqual(otherwise.map(({ id }) => `hubspot-company:${id}`).sort());
    expect(otherwise).toHaveLength(4);
  });
});
