import type { Sandbox } from '../../apps/sandbox/src/index.ts';
import type { Random } from '../../packages/emulator/src/index.ts';

/** Somebody at work in one of the three systems; gives one sentence on what was done. */
export type Edit = () => string;

interface Tab {
  spreadsheetId: string;
  tab: string;
  header: number;
  rows: number;
  numeric: number;
}

/** What people do all day, drawn by lot: in HubSpot, in these Jira projects, and in the spreadsheets. */
export function createEdits(
  { hubspot, jira, google, company }: Sandbox,
  of: { random: Random; projects: readonly string[] },
): Edit {
  const { random } = of;
  const deals = new Set<string>();
  const archived = new Set<string>();
  for (const { records = [] } of company.hubspot.batches())
    for (const record of records) if (record.type === 'deals') (record.archived ? archived : deals).add(record.id);
  const issues = new Set<string>();
  /** What others name as their parent or link to: Jira tells nobody what becomes of those when it is deleted. */
  const named = new Set<string>();
  const worklogs = new Map<string, string>();
  const projectIds: string[] = [];
  for (const batch of company.jira.batches()) {
    for (const { id, key } of batch.projects ?? []) if (of.projects.includes(key)) projectIds.push(id);
    for (const issue of batch.issues ?? []) {
      if (of.projects.includes(issue.key.split('-')[0] ?? '')) issues.add(issue.id);
      for (const { outwardIssueId } of issue.links ?? []) named.add(outwardIssueId).add(issue.id);
      if (issue.parentId) named.add(issue.parentId);
    }
    for (const worklog of batch.worklogs ?? [])
      if (issues.has(worklog.issueId)) worklogs.set(worklog.id, worklog.issueId);
  }
  const { site } = company.jira;
  const stages = company.hubspot.portal.pipelines.flatMap((pipeline) =>
    pipeline.stages.map(({ id }) => ({ pipeline: pipeline.id, id })),
  );
  const tabs = tabsOf(company);
  const one = (set: ReadonlySet<string>): string => random.pick([...set]);
  let count = 0;
  const next = (): number => (count += 1);
  const day = (): string =>
    Temporal.PlainDate.from('2026-09-01')
      .add({ days: random.integer(0, 300) })
      .toString();

  const inHubSpot: Edit[] = [
    () => {
      const id = one(deals);
      hubspot.update('deals', id, { dealname: `Renamed ${next()}`, amount: String(random.integer(1, 900) * 100) });
      return `deal ${id} renamed`;
    },
    () => {
      const id = one(deals);
      hubspot.update('deals', id, { closedate: `${day()}T00:00:00Z` });
      return `deal ${id} re-dated`;
    },
    () => {
      const [id, stage] = [one(deals), random.pick(stages)];
      hubspot.update('deals', id, { pipeline: stage.pipeline, dealstage: stage.id });
      return `deal ${id} moved to ${stage.id}`;
    },
    () => {
      const id = one(deals);
      hubspot.archive('deals', id);
      deals.delete(id);
      archived.add(id);
      return `deal ${id} archived`;
    },
    () => {
      if (archived.size === 0) return 'nothing to restore';
      const id = one(archived);
      hubspot.restore('deals', id);
      archived.delete(id);
      deals.add(id);
      return `deal ${id} restored`;
    },
    () => {
      const stage = random.pick(stages);
      const id = hubspot.create('deals', {
        dealname: `New ${next()}`,
        pipeline: stage.pipeline,
        dealstage: stage.id,
        amount: '5000',
      });
      deals.add(id);
      return `deal ${id} created`;
    },
    () => {
      const [primary, merged] = [one(deals), one(deals)];
      if (primary === merged) return 'nothing to merge';
      hubspot.merge('deals', { primary, merged });
      deals.delete(merged);
      return `deal ${merged} merged into ${primary}`;
    },
  ];
  const inJira: Edit[] = [
    () => {
      const id = one(issues);
      jira.updateIssue(id, { summary: `Renamed ${next()}`, statusId: random.pick(site.statuses).id });
      return `issue ${id} renamed and moved on`;
    },
    () => {
      const id = one(issues);
      jira.updateIssue(id, { dueDate: day(), originalEstimateSeconds: random.integer(1, 40) * 3_600 });
      return `issue ${id} estimated`;
    },
    () => {
      const id = one(issues);
      jira.updateIssue(id, { assigneeAccountId: random.chance(0.2) ? null : random.pick(site.users).accountId });
      return `issue ${id} assigned`;
    },
    () => {
      const [id, projectId] = [one(issues), random.pick(projectIds)];
      jira.moveIssue(id, projectId);
      return `issue ${id} moved to project ${projectId}`;
    },
    () => {
      const id = one(issues.difference(named));
      jira.deleteIssue(id);
      issues.delete(id);
      for (const [worklog, issue] of worklogs) if (issue === id) worklogs.delete(worklog);
      return `issue ${id} deleted`;
    },
    () => {
      const { id } = jira.createIssue({
        projectId: random.pick(projectIds),
        typeId: random.pick(site.issueTypes.filter(({ subtask }) => !subtask)).id,
        summary: `New ${next()}`,
      });
      issues.add(id);
      return `issue ${id} created`;
    },
    ...Array.from({ length: 3 }, (): Edit => () => {
      const issue = one(issues);
      const { id } = jira.logWork(issue, {
        authorAccountId: random.pick(site.users).accountId,
        started: `${day()}T0${random.integer(0, 9)}:30:00.000+0200`,
        seconds: random.integer(1, 30) * 900,
      });
      worklogs.set(id, issue);
      return `worklog ${id} logged`;
    }),
    () => {
      if (worklogs.size === 0) return 'no worklog to change';
      const id = random.pick([...worklogs.keys()]);
      jira.updateWorklog(id, { seconds: random.integer(1, 30) * 900 });
      return `worklog ${id} changed`;
    },
    () => {
      if (worklogs.size === 0) return 'no worklog to delete';
      const id = random.pick([...worklogs.keys()]);
      jira.deleteWorklog(id);
      worklogs.delete(id);
      return `worklog ${id} deleted`;
    },
    () => {
      const id = random.pick(projectIds);
      jira.updateProject(id, { name: `Project ${next()}` });
      return `project ${id} renamed`;
    },
  ];
  const inSheets: Edit[] = [
    () => {
      const tab = random.pick(tabs);
      const row = tab.header + random.integer(1, tab.rows);
      google.setCell({ ...place(tab), row, column: tab.numeric, value: random.integer(1, 500) });
      return `${tab.tab}: a number changed`;
    },
    () => {
      const tab = random.pick(tabs);
      if (tab.rows < 3) return 'nothing to delete';
      google.deleteRow({ ...place(tab), row: tab.header + random.integer(1, tab.rows) });
      tab.rows -= 1;
      return `${tab.tab}: a row deleted`;
    },
    () => {
      const tab = random.pick(tabs);
      google.sortRange({ ...place(tab), column: tab.numeric, from: tab.header + 1, descending: random.chance(0.5) });
      return `${tab.tab}: sorted`;
    },
    () => {
      const tab = random.pick(tabs);
      if (tab.header >= MOST_ON_TOP) return 'enough rows on top';
      google.insertRows({ ...place(tab), before: 0, rows: [[]] });
      tab.header += 1;
      return `${tab.tab}: a blank row on top`;
    },
    () => {
      const tab = random.pick(tabs);
      google.insertColumn({ ...place(tab), before: 0 });
      tab.numeric += 1;
      return `${tab.tab}: a column in front`;
    },
  ];
  return () => random.pick(random.pick([inHubSpot, inJira, inJira, inSheets]))();
}

/** Headers are looked for in the first 20 rows. */
const MOST_ON_TOP = 15;

const place = ({ spreadsheetId, tab }: Tab) => ({ spreadsheetId, tab });

/** Tabs with a header, rows beneath it, and a column of numbers. */
function tabsOf(company: Sandbox['company']): Tab[] {
  return company.google.spreadsheets.flatMap(({ spreadsheetId, tabs }) =>
    tabs.flatMap(({ title, rows, formats }) => {
      const header = rows.findIndex((row) => row.filter((cell) => typeof cell === 'string' && cell !== '').length > 2);
      const below = rows.slice(header + 1).filter((row) => row.length > 0);
      const isNumeric = (column: number): boolean =>
        !['DATE', 'DATE_TIME'].includes(formats?.[column] ?? '') &&
        below.filter((row) => typeof row[column] === 'number').length > below.length / 2;
      const numeric = (rows[header] ?? []).findIndex((_, column) => isNumeric(column));
      if (header < 0 || numeric < 0) return [];
      return [{ spreadsheetId, tab: title, header, rows: rows.length - header - 1, numeric }];
    }),
  );
}
