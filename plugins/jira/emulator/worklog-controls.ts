import type { JiraWorklog } from './seed.ts';
import { wanted, type JiraControls, type JiraState } from './state.ts';

type WorklogControls = Pick<
  JiraControls,
  'logWork' | 'updateWorklog' | 'deleteWorklog' | 'breakWorklog' | 'repairWorklog' | 'hideWorklog' | 'showWorklog'
>;

/** Every change of a worklog moves its issue, too. */
export function createWorklogControls(state: JiraState): WorklogControls {
  const { issues, worklogs, brokenWorklogs, hiddenWorklogs, now, touch, tell } = state;
  const worklogOf = (id: string): JiraWorklog => wanted(worklogs.get(id), 'worklog', id);
  const updateWorklog: JiraControls['updateWorklog'] = (id, patch) => {
    const worklog = { ...worklogOf(id), ...(patch as Partial<JiraWorklog>), updated: now() };
    worklogs.put(worklog);
    touch(worklog.issueId);
    tell('worklog_updated', { worklog });
    return worklog;
  };
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
    updateWorklog,
    deleteWorklog(id) {
      const worklog = worklogOf(id);
      worklogs.delete(id, now());
      touch(worklog.issueId);
      tell('worklog_deleted', { worklog });
    },
    breakWorklog(id, payloadPatch) {
      worklogOf(id);
      brokenWorklogs.set(id, payloadPatch);
      updateWorklog(id, {});
    },
    repairWorklog(id) {
      brokenWorklogs.delete(id);
      updateWorklog(id, {});
    },
    hideWorklog(id) {
      worklogOf(id);
      hiddenWorklogs.add(id);
    },
    showWorklog: (id) => void hiddenWorklogs.delete(id),
  };
}
