import type { Setting, Subject } from '@plumbline/conformance';
import { mustBeListed } from '@plumbline/emulator';
import { startJiraEmulator } from '../emulator/index.ts';
import { operations } from './operations.ts';
import { issue, projects, smallSite, worklog } from './site.ts';

const FEW = 4;
const ISSUE = '1001';
const webhookSecret = 'known-to-hub-and-site';

/** A site with time logged on one issue, as the conformance kit wants it. */
export async function openWorklogs(setting: Setting): Promise<Subject> {
  const emulator = await startJiraEmulator({
    site: smallSite(setting.zone),
    clock: setting.clock,
    shortPages: setting.pages === 'uneven',
    ambiguousMinutes: setting.ambiguousMinutes,
    ...(setting.pages === 'usual' ? {} : { worklogPageCap: FEW }),
  });
  emulator.load({ projects, issues: [issue(1)] });
  let made = 0;
  return {
    emulator,
    config: { site: emulator.url, email: 'hub@acme.example', rateShare: 1 },
    secrets: { apiToken: 'token-of-the-hub', webhookSecret },
    pageSize: setting.pages === 'usual' ? 200 : FEW,
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
    // With its issue; a worklog does not go anywhere by itself.
    move: () => void emulator.moveIssue(ISSUE, '2'),
    hide: (id) => emulator.hideWorklog(id),
    show: (id) => emulator.showWorklog(id),
    spoil: (id) => emulator.breakWorklog(id, { timeSpentSeconds: 'all day' }),
    repair: (id) => emulator.repairWorklog(id),
    lay: (id, members) => emulator.breakWorklog(id, members),
    tell(url) {
      emulator.sendWebhooks({ url, secret: webhookSecret });
      return emulator.deliveries;
    },
    async close() {
      await emulator.close();
      mustBeListed(emulator.requests, operations);
    },
  };
}
