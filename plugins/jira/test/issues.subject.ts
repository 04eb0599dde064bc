import type { Setting, Subject } from '@plumbline/conformance';
import { mustBeListed } from '@plumbline/emulator';
import { startJiraEmulator } from '../emulator/index.ts';
import { operations } from './operations.ts';
import { issue, projects, smallSite } from './site.ts';

const FEW = 4;
const webhookSecret = 'known-to-hub-and-site';

/** A site with issues, as the conformance kit wants it. */
export async function openIssues(setting: Setting): Promise<Subject> {
  const emulator = await startJiraEmulator({
    site: smallSite(setting.zone),
    clock: setting.clock,
    shortPages: setting.pages === 'uneven',
    ambiguousMinutes: setting.ambiguousMinutes,
    ...(setting.pages === 'usual' ? {} : { searchPageCap: FEW }),
  });
  emulator.load({ projects });
  let made = 0;
  return {
    emulator,
    config: { site: emulator.url, email: 'hub@acme.example', rateShare: 1 },
    secrets: { apiToken: 'token-of-the-hub', webhookSecret },
    pageSize: setting.pages === 'usual' ? 100 : FEW,
    make(drafts) {
      const issues = drafts.map(({ label, at }) =>
        issue((made += 1), { summary: label, created: Math.min(at, Date.parse('2026-01-05T08:00:00Z')), updated: at }),
      );
      emulator.load({ issues });
      return issues.map(({ id }) => id);
    },
    create: (summary) => emulator.createIssue({ projectId: '1', typeId: '100', summary }).id,
    change: (id, summary) => void emulator.updateIssue(id, { summary }),
    remove: (id) => emulator.deleteIssue(id),
    move: (id) => void emulator.moveIssue(id, '2'),
    hide: (id) => emulator.hideIssue(id),
    show: (id) => emulator.showIssue(id),
    lag: (milliseconds) => emulator.lagSearch(milliseconds),
    spoil: (id) => emulator.breakIssue(id, { fields: { summary: 17, status: null } }),
    repair: (id) => emulator.repairIssue(id),
    lay: (id, members) => emulator.breakIssue(id, members),
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
