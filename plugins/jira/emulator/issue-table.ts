import type { JiraHistory, JiraIssue } from './seed.ts';

/** Every issue by id, packed as text: some hundred bytes each, so that hundreds of thousands fit. */
export interface IssueTable {
  readonly size: number;
  /** A fresh object at every call. */
  get(id: string): JiraIssue | undefined;
  /** Knows former keys of moved issues too. */
  idOfKey(key: string): string | undefined;
  put(issue: JiraIssue): void;
  delete(id: string): void;
}

export function createIssueTable(accounts: readonly string[]): IssueTable {
  const packed = new Map<string, string>();
  const ids = new Map<string, string>();
  const codec = createCodec(accounts);
  return {
    get size() {
      return packed.size;
    },
    get(id) {
      const text = packed.get(id);
      return text === undefined ? undefined : codec.unpack(text);
    },
    idOfKey: (key) => ids.get(key),
    put(issue) {
      packed.set(issue.id, codec.pack(issue));
      ids.set(issue.key, issue.id);
    },
    delete(id) {
      packed.delete(id);
    },
  };
}

type PackedHistory = readonly [string, number, number | string, readonly PackedItem[]];
type PackedItem = readonly [string, string | 0, 'jira' | 'custom' | 0, ...(string | null)[]];

/** Writes member values without member names, and account ids as their position in the list of users. */
function createCodec(accounts: readonly string[]): { pack(issue: JiraIssue): string; unpack(text: string): JiraIssue } {
  const positions = new Map(accounts.map((accountId, position) => [accountId, position]));
  const short = (accountId: string): number | string => positions.get(accountId) ?? accountId;
  const long = (account: number | string): string =>
    typeof account === 'number' ? (accounts[account] as string) : account;

  const packHistory = ({ id, at, authorAccountId, items }: JiraHistory): PackedHistory => [
    id,
    at,
    short(authorAccountId),
    items.map((item) => [
      item.field,
      item.fieldId ?? 0,
      item.fieldtype ?? 0,
      item.from,
      item.fromString,
      item.to,
      item.toString,
      ...(item.tmpToAccountId === undefined ? [] : [item.tmpFromAccountId ?? null, item.tmpToAccountId]),
    ]),
  ];
  const unpackHistory = ([id, at, author, items]: PackedHistory): JiraHistory => ({
    id,
    at,
    authorAccountId: long(author),
    items: items.map(([field, fieldId, fieldtype, from, fromString, to, toString, tmpFrom, tmpTo]) => ({
      field,
      ...(fieldId ? { fieldId } : {}),
      ...(fieldtype ? { fieldtype } : {}),
      from: from ?? null,
      fromString: fromString ?? null,
      to: to ?? null,
      toString: toString ?? null,
      ...(tmpTo === undefined ? {} : { tmpFromAccountId: tmpFrom ?? null, tmpToAccountId: tmpTo }),
    })),
  });
  return {
    pack: ({ history, reporterAccountId, assigneeAccountId, ...rest }) =>
      JSON.stringify([
        MEMBERS.map((member) => rest[member] ?? null),
        short(reporterAccountId),
        assigneeAccountId === null ? null : short(assigneeAccountId),
        history.map(packHistory),
      ]),
    unpack(text) {
      const [values, reporter, assignee, history] = JSON.parse(text) as [
        unknown[],
        number | string,
        number | string | null,
        PackedHistory[],
      ];
      const rest = Object.fromEntries(MEMBERS.map((member, index) => [member, values[index]])) as Packed;
      return {
        ...rest,
        links: rest.links ?? [],
        reporterAccountId: long(reporter),
        assigneeAccountId: assignee === null ? null : long(assignee),
        history: history.map(unpackHistory),
      };
    },
  };
}

type Packed = Omit<JiraIssue, 'history' | 'reporterAccountId' | 'assigneeAccountId'>;

const MEMBERS = [
  'id',
  'key',
  'projectId',
  'typeId',
  'statusId',
  'summary',
  'description',
  'parentId',
  'labels',
  'fixVersionIds',
  'dueDate',
  'originalEstimateSeconds',
  'remainingEstimateSeconds',
  'custom',
  'links',
  'created',
  'updated',
  'resolved',
] as const satisfies readonly (keyof Packed)[];
