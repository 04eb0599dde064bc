import type { Setting, Subject } from '@plumbline/conformance';
import { mustBeListed } from '@plumbline/emulator';
import { startJiraEmulator } from '../emulator/index.ts';
import { operations } from './operations.ts';
import { issue, projects, smallSite, worklog } from './site.ts';

const ISSUE = '1001';

/** A site with time logged on one issue, as the conformance kit wants it. */
export async function openWorklogs(setting: Setting): Promise<Subject> {
  const emulator = await startJiraEmulator({ site: smallSite(setting.zone), clock: setting.clock });
  emulator.load({ projects, issues: [issue(1)] });
  let made = 0;
  return {
    emulator,
    config: { site: emulator.url, email: 'hub@acme.example', rateShare: 1 },
    secrets: { apiToken: 'token-of-the-hub' },
    pageSize: 200,
    make(drafts) {
      const worklogs = drafts.map(({ label, at }) =>
        worklog((made += 1), { issueId: ISSUE, comment: label, created: at, updated: at }),
      );
      emulator.load({ worklogs });
      return worklogs.map(({ id }) => id);
    },
    create: (comment) =>
      emulator.logWork(ISSUE, {
        authorAccountId: 'acc-ada',
        started: '2026-06-15T09:00:00.000+0200',
        seconds: 60,
        comment,
      }).id,
    change: (id, comment) => void emulator.updateWorklog(id, { comment }),
    remove: (id) => emulator.deleteWorklog(id),
    async close() {
      await emulator.close();
      mustBeListed(emulator.requests, operations);
    },
  };
}
