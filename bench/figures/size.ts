/** How many of each; what is not named here hangs on one of these. */
export interface Size {
  clients: number;
  persons: number;
  projects: number;
  opportunities: number;
  /** As many for each project, so that a project's own figures are of the same work at any size. */
  workItems: number;
  changeRequests: number;
  timeEntries: number;
}

export const large: Size = {
  clients: 600,
  persons: 1_200,
  projects: 6_000,
  opportunities: 20_000,
  workItems: 300_000,
  changeRequests: 15_000,
  timeEntries: 1_500_000,
};

export const small: Size = {
  clients: 6,
  persons: 12,
  projects: 60,
  opportunities: 200,
  workItems: 3_000,
  changeRequests: 150,
  timeEntries: 15_000,
};

/** The day the questions are asked, and the quarter they are asked about. */
export const today = '2026-11-20';
export const quarter = { from: '2026-04-01', to: '2026-06-30' } as const;

/** What the ids of each table begin with; they rise as those of the hub do. */
export const kinds = {
  client: 1,
  person: 2,
  rate: 3,
  project: 4,
  budget: 5,
  baseline: 6,
  opportunity: 7,
  workItem: 8,
  changeRequest: 9,
  changeOrder: 10,
  timeEntry: 11,
  risk: 12,
  exchangeRate: 13,
  quota: 14,
  record: 15,
  facet: 16,
} as const;

/** The id of the `n`th of a table, as the seed makes it: `bench_id` in SQL. */
export function idOf(kind: keyof typeof kinds, n: number): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  return `${hex(kinds[kind], 8)}-0000-7000-8000-${hex(n, 12)}`;
}

/** When everything was seen: `first_seen_at, changed_at`. */
export const seen = `timestamptz '2026-11-01T08:00:00Z', timestamptz '2026-11-01T08:00:00Z'`;
