import type { UnifiedRecord } from '@plumbline/connector';
import { mapChangeRequest } from './change-request.map.ts';
import type { JiraConfig } from './config.ts';
import { kindOf } from './issue-kind.ts';
import type { IssueRaw } from './issue-raw.ts';
import { issueKey } from './jira-keys.ts';
import { mapMilestone } from './milestone.map.ts';
import { mapRisk } from './risk.map.ts';
import { mapWorkItem } from './work-item.map.ts';

/** What one issue is in the graph: one record, or two for a change request on which time is logged. */
export function mapIssue(raw: IssueRaw, config: JiraConfig): UnifiedRecord[] {
  switch (kindOf(raw, config)) {
    case 'changeRequest': {
      const request = mapChangeRequest(raw, config);
      if (!config.changeRequests.alsoWorkItem) return [request];
      return [request, mapWorkItem(raw, config, issueKey(raw.issue.id))];
    }
    case 'risk':
      return [mapRisk(raw, config)];
    case 'milestone':
      return [mapMilestone(raw, config)];
    case 'workItem':
      return [mapWorkItem(raw, config)];
  }
}
