import type { JiraIssue } from './seed.ts';

/** A link as the issue sees it that another one points at. */
interface InwardLink {
  id: string;
  type: string;
  /** The issue that points. */
  issueId: string;
}

/** Issues keep the links that start at them; this finds those that end at one. */
export interface LinkIndex {
  note(issue: Pick<JiraIssue, 'id' | 'links'>): void;
  forget(issue: Pick<JiraIssue, 'links'>): void;
  towards(issueId: string): readonly InwardLink[];
}

export function createLinkIndex(): LinkIndex {
  const inward = new Map<string, InwardLink[]>();
  const without = (issueId: string, linkId: string): InwardLink[] =>
    (inward.get(issueId) ?? []).filter(({ id }) => id !== linkId);
  return {
    note({ id: issueId, links }) {
      for (const { id, type, outwardIssueId } of links ?? []) {
        inward.set(outwardIssueId, [...without(outwardIssueId, id), { id, type, issueId }]);
      }
    },
    forget({ links }) {
      for (const { id, outwardIssueId } of links ?? []) inward.set(outwardIssueId, without(outwardIssueId, id));
    },
    towards: (issueId) => inward.get(issueId) ?? [],
  };
}
