import type { Clock } from '@plumbline/connector';
import { randomUUID } from 'node:crypto';
import { createCounters, type Counters } from './counters.ts';
import type { IssueDraft, IssuePatch, ProjectPatch, StatusPatch, WorklogDraft, WorklogPatch } from './inputs.ts';
import { createIssueTable, type IssueTable } from './issue-table.ts';
import type { DynamicWebhook } from './dynamic-webhooks.ts';
import type { IndexedIssue, JqlNames } from './jql-match.ts';
import { createLinkIndex, type LinkIndex } from './link-index.ts';
import { createSearchIndex, type SearchIndex } from './search-index.ts';
import type { JiraIssue, JiraProject, JiraSite, JiraWorklog } from './seed.ts';
import type { SiteEvent, WebhookTarget } from './webhooks.ts';
import { createWorklogTable, type WorklogTable } from './worklog-table.ts';
import type { Zone } from './zone.ts';

export interface JiraLoad {
  projects?: readonly JiraProject[] | undefined;
  issues?: readonly JiraIssue[] | undefined;
  worklogs?: readonly JiraWorklog[] | undefined;
}

/** What can be done to a site from outside the vendor's API. Unknown ids throw. */
export interface JiraControls {
  /** In bulk; times are kept as given, ids that are known are replaced, and search sees it at once. */
  load(data: JiraLoad): void;
  createIssue(draft: IssueDraft): JiraIssue;
  /** Writes the changelog and moves `updated`. */
  updateIssue(id: string, patch: IssuePatch, authorAccountId?: string): JiraIssue;
  /** Gives the issue a new key in another project; its id stays. */
  moveIssue(id: string, projectId: string): JiraIssue;
  /** Takes its worklogs with it, which the deleted feed does not tell. */
  deleteIssue(id: string): void;
  logWork(issueId: string, draft: WorklogDraft): JiraWorklog;
  updateWorklog(id: string, patch: WorklogPatch): JiraWorklog;
  deleteWorklog(id: string): void;
  updateProject(id: string, patch: ProjectPatch): JiraProject;
  /** Gives a status another name or category; no issue that has it is any newer for it. */
  updateStatus(id: string, patch: StatusPatch): void;
  /** From now on the issue is answered with these members written over it, however wrong; moves `updated`. */
  breakIssue(id: string, payloadPatch: Readonly<Record<string, unknown>>): void;
  repairIssue(id: string): void;
  /** Takes the caller's right to see an issue: every answer is as if it were not there. */
  hideIssue(id: string): void;
  showIssue(id: string): void;
  /** From now on the worklog is answered with these members written over it, however wrong; moves `updated`. */
  breakWorklog(id: string, payloadPatch: Readonly<Record<string, unknown>>): void;
  repairWorklog(id: string): void;
  /** Restricts a worklog to a group that the caller is not in: feeds and answers leave it out without a word. */
  hideWorklog(id: string): void;
  showWorklog(id: string): void;
  /** From now on search shows a change so many milliseconds after it was made. */
  lagSearch(milliseconds: number): void;
}

/** What a site holds, and how a changed issue gets into it. */
export interface JiraState {
  readonly site: JiraSite;
  readonly zone: Zone;
  readonly projects: Map<string, JiraProject>;
  readonly issues: IssueTable;
  readonly worklogs: WorklogTable;
  readonly search: SearchIndex;
  readonly links: LinkIndex;
  readonly counters: Counters;
  /** Members written over an issue's answer, by its id. */
  readonly broken: Map<string, Readonly<Record<string, unknown>>>;
  /** Issues that the caller may not see. */
  readonly hidden: Set<string>;
  /** The same of worklogs. */
  readonly brokenWorklogs: Map<string, Readonly<Record<string, unknown>>>;
  readonly hiddenWorklogs: Set<string>;
  /** An issue as far as the caller may see it. */
  visible(id: string): JiraIssue | undefined;
  /** Epoch milliseconds. */
  now(): number;
  /** Keeps the issue; search learns of it after the lag. */
  save(issue: JiraIssue): JiraIssue;
  /** Moves `updated` to now. */
  touch(id: string): void;
  /** Search learns after the lag that it changed or is gone. */
  announce(id: string): void;
  /** What names in a query mean now. */
  names(): JqlNames;
  /** Where events are sent, and who sends them; `registered` counts those that apps ever registered. */
  readonly webhooks: {
    target: WebhookTarget | null;
    dynamic: DynamicWebhook[];
    registered: number;
    send(event: SiteEvent): void;
  };
  /** Tells the target of a change. */
  tell(webhookEvent: string, about: Pick<SiteEvent, 'issue' | 'history' | 'worklog' | 'project'>): void;
  lagSearch(milliseconds: number): void;
}

export interface StateOptions {
  site: JiraSite;
  zone: Zone;
  clock: Pick<Clock, 'now'>;
  searchLagMs: number;
}

export function createState({ site, zone, clock, searchLagMs }: StateOptions): JiraState {
  let lagMs = searchLagMs;
  const hidden = new Set<string>();
  const now = (): number => clock.now().epochMilliseconds;
  const projects = new Map<string, JiraProject>();
  const issues = createIssueTable(site.users.map(({ accountId }) => accountId));
  const links = createLinkIndex();
  const counters = createCounters();
  const visible = (id: string): JiraIssue | undefined => (hidden.has(id) ? undefined : issues.get(id));
  const names = (): JqlNames => ({
    site,
    zone,
    nowMs: now(),
    projects: [...projects.values()],
    idOfKey: issues.idOfKey,
  });
  const search = createSearchIndex({
    names,
    current: (id) => {
      const issue = visible(id);
      return issue ? indexed(issue) : null;
    },
  });
  const announce = (id: string): void => {
    if (lagMs === 0) search.indexNow([id]);
    else search.schedule(id, now() + lagMs);
  };
  const webhooks: JiraState['webhooks'] = { target: null, dynamic: [], registered: 0, send: () => undefined };
  const save = (issue: JiraIssue): JiraIssue => {
    issues.put(issue);
    counters.note(issue);
    links.note(issue);
    announce(issue.id);
    return issue;
  };
  return {
    site,
    zone,
    projects,
    issues,
    worklogs: createWorklogTable(),
    search,
    links,
    counters,
    broken: new Map(),
    hidden,
    brokenWorklogs: new Map(),
    hiddenWorklogs: new Set(),
    visible,
    lagSearch(milliseconds) {
      lagMs = milliseconds;
    },
    now,
    save,
    announce,
    names,
    webhooks,
    tell: (webhookEvent, about) => webhooks.send({ webhookEvent, at: now(), identifier: randomUUID(), ...about }),
    touch: (id) => void save({ ...wanted(issues.get(id), 'issue', id), updated: now() }),
  };
}

const noLabels: readonly string[] = [];

/** What search knows of an issue. */
export function indexed({
  id,
  key,
  projectId,
  typeId,
  statusId,
  parentId,
  labels,
  created,
  updated,
}: JiraIssue): IndexedIssue {
  return {
    id: Number(id),
    key,
    projectId,
    typeId,
    statusId,
    parentId: parentId ?? null,
    // Most issues have none, and need no list of their own.
    labels: labels.length === 0 ? noLabels : labels,
    created,
    updated,
  };
}

/** What must be there; the error names what is not. */
export function wanted<Value>(value: Value | undefined, what: string, id: string): Value {
  if (value === undefined) throw new RangeError(`there is no ${what} ${id}`);
  return value;
}
