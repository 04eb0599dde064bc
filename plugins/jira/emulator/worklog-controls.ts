import type { JiraWorklog } from './seed.ts';
import { wanted, type JiraControls, type JiraState } from './state.ts';

type WorklogControls = Pick<JiraControls, 'logWork' | 'updateWorklog' | 'deleteWorklog'>;

/** Every change of a worklog moves its issue, too. */
export function createWorklogControls({ issues, worklogs, now, touch, tell }: JiraState): WorklogControls {
  const worklogOf = (id: string): JiraWorklog => wanted(worklogs.get(id), 'worklog', id);
  return {
    logWork(issueId, draft) {
      wanted(issues.get(issueId), 'issue', issueId);
      const id = String(Math.max(worklogs.highestId, 10_000) + 1);
      const at = now();
      const worklog = { comment: null, ...draft, id, issueId, created: at, updated: at };
      worklogs.put(worklog);
      touch(issueId);
      tell('worklog_created', { worklog });
      return worklog;
    },
    updateWorklog(id, patch) {
      const worklog = { ...worklogOf(id), ...(patch as Partial<JiraWorklog>), updated: now() };
      worklogs.put(worklog);
      touch(worklog.issueId);
      tell('worklog_updated', { worklog });
      return worklog;
    },
    deleteWorklog(id) {
      const worklog = worklogOf(id);
      worklogs.delete(id, now());
      touch(worklog.issueId);
      tell('worklog_deleted', { worklog });
    },
  };
}
