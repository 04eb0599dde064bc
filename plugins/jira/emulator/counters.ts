import type { JiraIssue, JiraProject } from './seed.ts';

/** Gives out the next id of everything, above whatever was loaded. */
export interface Counters {
  note(issue: Pick<JiraIssue, 'id' | 'key' | 'history'>): void;
  nextIssueId(): string;
  nextHistoryId(): string;
  nextKey(project: Pick<JiraProject, 'key'>): string;
}

export function createCounters(): Counters {
  const keyNumbers = new Map<string, number>();
  let issueId = 10_000;
  let historyId = 10_000;
  return {
    note({ id, key, history }) {
      issueId = Math.max(issueId, Number(id));
      for (const entry of history) historyId = Math.max(historyId, Number(entry.id) || 0);
      const [prefix = '', number] = key.split('-');
      keyNumbers.set(prefix, Math.max(keyNumbers.get(prefix) ?? 0, Number(number)));
    },
    nextIssueId: () => String((issueId += 1)),
    nextHistoryId: () => String((historyId += 1)),
    nextKey: ({ key }) => `${key}-${(keyNumbers.get(key) ?? 0) + 1}`,
  };
}
