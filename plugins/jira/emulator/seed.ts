/** What a Jira site holds, in the emulator's own compact form; the emulator renders it as Jira would. */
export interface JiraSite {
  /** Host name people see in links, such as "acme.atlassian.net". */
  host: string;
  /** The account that calls the API; JQL dates are read and timestamps are written in its zone. */
  caller: { accountId: string; email: string; apiToken: string; timeZone: string };
  users: readonly JiraUser[];
  statuses: readonly { id: string; name: string; category: 'new' | 'indeterminate' | 'done' }[];
  issueTypes: readonly { id: string; name: string; subtask?: boolean }[];
  fields: readonly JiraField[];
  /** Of Jira Software; null where the caller has no licence for it, none when absent. */
  boards?: readonly JiraBoard[] | null;
}

export interface JiraBoard {
  id: number;
  name: string;
  type: 'scrum' | 'kanban' | 'simple';
  /** Null for a board of a person. */
  projectId: string | null;
  /** Absent where the board has none, as on a Kanban board. */
  sprints?: readonly JiraSprint[];
}

/** Times as Jira writes them here, such as "2026-03-02T09:00:00.000Z". */
export interface JiraSprint {
  id: number;
  name: string;
  state: 'future' | 'active' | 'closed';
  startDate?: string;
  endDate?: string;
  completeDate?: string;
  goal?: string;
}

export interface JiraUser {
  accountId: string;
  displayName: string;
  /** Null where profile privacy hides it. */
  email: string | null;
  timeZone: string | null;
  active: boolean;
}

/** A custom field. `type` is the schema's type: string, number, date, user, option, array … */
export interface JiraField {
  id: `customfield_${number}`;
  name: string;
  type: string;
  custom: string;
  /** The team-managed project that has it for itself. */
  projectId?: string;
}

export interface JiraProject {
  id: string;
  key: string;
  name: string;
  description: string;
  leadAccountId: string;
  /** Entity properties, as `/project/{key}/properties/{name}` and `search?properties=` give them. */
  properties?: Readonly<Record<string, unknown>>;
  versions?: readonly JiraVersion[];
}

export interface JiraVersion {
  id: string;
  name: string;
  description?: string;
  startDate?: string;
  releaseDate?: string;
  released: boolean;
  archived: boolean;
}

export interface JiraIssue {
  id: string;
  key: string;
  projectId: string;
  typeId: string;
  statusId: string;
  summary: string;
  /** Plain text; paragraphs are separated by blank lines. Rendered as ADF. */
  description: string | null;
  reporterAccountId: string;
  assigneeAccountId: string | null;
  parentId?: string | null;
  labels: readonly string[];
  fixVersionIds: readonly string[];
  dueDate: string | null;
  originalEstimateSeconds: number | null;
  remainingEstimateSeconds: number | null;
  /** Values of custom fields, as REST v3 shows them. */
  custom: Readonly<Record<string, unknown>>;
  /** Links to other issues: "implements", "blocks" and so on. */
  links?: readonly { id: string; type: string; outwardIssueId: string }[];
  /** Epoch milliseconds. */
  created: number;
  updated: number;
  resolved: number | null;
  /** Oldest first. */
  history: readonly JiraHistory[];
}

export interface JiraHistory {
  id: string;
  at: number;
  authorAccountId: string;
  items: readonly {
    field: string;
    fieldId?: string;
    fieldtype?: 'jira' | 'custom';
    from: string | null;
    fromString: string | null;
    to: string | null;
    toString: string | null;
    /** In old entries, where `from` and `to` are names that people had before accounts. */
    tmpFromAccountId?: string | null;
    tmpToAccountId?: string | null;
  }[];
}

export interface JiraWorklog {
  id: string;
  issueId: string;
  authorAccountId: string;
  /** Local time with its own offset, in Jira's form: "2026-04-28T15:33:31.783+0200". */
  started: string;
  seconds: number;
  comment: string | null;
  created: number;
  updated: number;
}
