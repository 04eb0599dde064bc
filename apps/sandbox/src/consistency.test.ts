import { describe, expect, test } from 'vitest';
import type { JiraIssue } from '@plumbline/jira/emulator';
import { portalDay, property, readHoldings, sum } from './holdings.test-kit.ts';
import { dealStages } from './vocabulary.ts';

const held = readHoldings('acme');
const issues = [...held.issues.values()];
const { site } = held.company.jira;
const beginOfToday = Date.parse(`${held.today}T00:00:00Z`);
const register = new Map(held.rows('Projects').map((row) => [row.Key, row]));
const projectOf = new Map(held.projects.map((project) => [project.id, project]));

describe('references', () => {
  test('deals name owners, companies, stages and projects that exist', () => {
    const companies = new Set(held.companies.map(({ id }) => id));
    const keys = new Set([...held.projects.map(({ key }) => key), ...register.keys()]);
    for (const deal of held.deals) {
      expect(held.ownerIsHere.has(property(deal, 'hubspot_owner_id'))).toBe(true);
      expect(companies.has(held.companyOf.get(deal.id) ?? '')).toBe(true);
      expect(
        dealStages.some(
          ({ id, pipeline }) => id === property(deal, 'dealstage') && pipeline === property(deal, 'pipeline'),
        ),
      ).toBe(true);
      const key = property(deal, 'jira_project_key');
      expect(key === '' || keys.has(key)).toBe(true);
    }
    for (const item of held.lineItems)
      expect(held.deals.some(({ id }) => id === held.dealOfLineItem.get(item.id))).toBe(true);
  });

  test('issues and worklogs name people, parents, versions and projects that exist', () => {
    const lost = issues.filter((issue) => {
      const project = projectOf.get(issue.projectId);
      const known = [
        issue.key.startsWith(`${project?.key}-`),
        held.users.has(issue.reporterAccountId),
        issue.assigneeAccountId === null || held.users.has(issue.assigneeAccountId),
        !issue.parentId || held.issues.get(issue.parentId)?.projectId === issue.projectId,
        issue.fixVersionIds.every((id) => project?.versions?.some((version) => version.id === id)),
        (issue.links ?? []).every(({ outwardIssueId }) => held.issues.has(outwardIssueId)),
        site.issueTypes.some(({ id }) => id === issue.typeId),
        site.statuses.some(({ id }) => id === issue.statusId),
      ];
      return known.includes(false);
    });
    expect(lost).toEqual([]);
    const nowhere = held.worklogs.filter(
      ({ issueId, authorAccountId }) => !held.issues.has(issueId) || !held.users.has(authorAccountId),
    );
    expect(nowhere).toEqual([]);
  });

  test('ids, keys, addresses and domains are unique', () => {
    const unique = (values: readonly string[]): void => expect(new Set(values).size).toBe(values.length);
    unique(issues.map(({ key }) => key));
    unique(held.worklogs.map(({ id }) => id));
    unique([...held.deals, ...held.companies, ...held.lineItems].map(({ type, id }) => `${type} ${id}`));
    unique(held.companies.map((company) => property(company, 'domain')));
    unique(held.projects.map(({ key }) => key));
    unique(held.rows('People').map((row) => String(row['E-Mail']).trim().toLowerCase()));
    unique(issues.flatMap(({ history }) => history.map(({ id }) => id)));
  });
});

describe('histories', () => {
  test('of deals are newest first and end in the present values', () => {
    for (const deal of held.deals) {
      for (const [name, entries] of Object.entries(deal.history ?? {})) {
        expect(entries[0]?.value).toBe(property(deal, name));
        const times = entries.map(({ at }) => at);
        expect(times).toEqual(times.toSorted((one, other) => other - one));
        expect(new Set(times).size).toBe(times.length);
        expect(Math.min(...times)).toBeGreaterThanOrEqual(deal.created);
        expect(Math.max(...times)).toBeLessThanOrEqual(Math.min(deal.updated, beginOfToday));
      }
    }
  });

  test('of closed deals put the close on the close date', () => {
    for (const deal of held.deals.filter((each) => property(each, 'dealstage').startsWith('closed'))) {
      expect(portalDay(deal.history?.dealstage?.[0]?.at ?? 0)).toBe(portalDay(property(deal, 'closedate')));
    }
  });

  test('of issues are unbroken chains that end in the present values', () => {
    const present: Record<string, (issue: JiraIssue) => string | null> = {
      status: ({ statusId }) => statusId,
      assignee: ({ assigneeAccountId }) => assigneeAccountId,
      timeoriginalestimate: ({ originalEstimateSeconds }) =>
        originalEstimateSeconds === null ? null : String(originalEstimateSeconds),
      resolution: ({ resolved }) => (resolved === null ? null : '10000'),
    };
    const broken = issues.filter((issue) => {
      const times = issue.history.map(({ at }) => at);
      const unordered = times.some((at, index) => at < (times[index - 1] ?? 0));
      const wrong = Object.entries(present).some(([field, valueOf]) => {
        const changes = issue.history.flatMap(({ items }) => items.filter((item) => item.field === field));
        const jumps = changes.some(({ from }, index) => index > 0 && from !== changes[index - 1]?.to);
        const idle = changes.some(({ from, to }) => from === to);
        return jumps || idle || (changes.length > 0 && changes.at(-1)?.to !== valueOf(issue));
      });
      return unordered || wrong;
    });
    expect(broken).toEqual([]);
  });
});

describe('time', () => {
  test('nothing has happened later than yesterday, and nothing before it could', () => {
    const early = issues.filter(
      ({ created, updated, resolved, history }) =>
        updated > beginOfToday ||
        created > Math.min(updated, history[0]?.at ?? updated) ||
        (resolved ?? created) < created,
    );
    expect(early).toEqual([]);
    const hasty = held.worklogs.filter((worklog) => {
      const ended = Date.parse(worklog.started) + worklog.seconds * 1_000;
      const touched = held.issues.get(worklog.issueId)?.updated ?? 0;
      return (
        ended > worklog.created ||
        worklog.created > worklog.updated ||
        worklog.updated >= beginOfToday ||
        worklog.updated > touched
      );
    });
    expect(hasty).toEqual([]);
  });

  test('issues are opened while their project runs, but for those that prepare a planned one', () => {
    for (const { projectId, created } of issues) {
      const row = register.get(projectOf.get(projectId)?.key ?? '');
      if (!row || row.Status === 'planned') continue;
      const day = new Date(created).toISOString().slice(0, 10);
      expect(day >= String(row.Start) && day <= String(row.End)).toBe(true);
    }
  });

  test('time is logged between an issue’s creation and its end, but for what is planted', () => {
    const afterEnd = new Set(
      [...register.values()].filter(({ Status: status }) => status === 'closed').map(({ Key: key }) => key),
    );
    const outside = held.worklogs.filter((worklog) => {
      const issue = held.issues.get(worklog.issueId);
      const started = Date.parse(worklog.started);
      const planted = afterEnd.has(projectOf.get(issue?.projectId ?? '')?.key ?? '');
      return started <= (issue?.created ?? Infinity) || (!planted && started >= (issue?.resolved ?? beginOfToday));
    });
    expect(outside).toEqual([]);
  });

  test('nobody works more than ten hours on a day, and everybody logs with the offset of where they are', () => {
    const days = Map.groupBy(
      held.worklogs,
      ({ authorAccountId, started }) => `${authorAccountId} ${started.slice(0, 10)}`,
    );
    for (const logs of days.values()) expect(sum(logs.map(({ seconds }) => seconds))).toBeLessThanOrEqual(10 * 3_600);
    const offsets = new Set(held.worklogs.map(({ started }) => started.slice(-5)));
    for (const offset of ['+0100', '+0200', '-0500', '-0400', '+0900', '-0300', '+0400'])
      expect(offsets).toContain(offset);
    expect(
      held.worklogs.some(({ started }) => started.slice(0, 10) !== new Date(started).toISOString().slice(0, 10)),
    ).toBe(true);
  });
});

describe('money', () => {
  test('line items cost what their deal costs', () => {
    const lines = Map.groupBy(held.lineItems, ({ id }) => held.dealOfLineItem.get(id) ?? '');
    const off = held.deals.filter(({ id, properties }) => {
      const items = lines.get(id);
      if (!items) return false;
      const total = sum(
        items.map(
          (item) =>
            Number(item.properties.price) *
            Number(item.properties.quantity) *
            (1 - Number(item.properties.hs_discount_percentage ?? 0) / 100),
        ),
      );
      return Math.abs(total - Number(properties.amount)) > 25;
    });
    // Unit prices of discounted lines are rounded, in yen to whole ones; nothing more may be missing.
    expect(off).toEqual([]);
    expect(lines.size).toBeGreaterThan(80);
  });

  test('yen have no decimals, and every currency of the firm is in use', () => {
    const yen = held.deals.filter((deal) => property(deal, 'deal_currency_code') === 'JPY');
    for (const deal of yen) expect(property(deal, 'amount')).toMatch(/^-?\d+$/);
    expect(new Set(held.deals.map((deal) => property(deal, 'deal_currency_code')))).toEqual(
      new Set(['EUR', 'USD', 'GBP', 'CHF', 'JPY']),
    );
  });
});
