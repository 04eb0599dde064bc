import { testConnector } from '@plumbline/conformance';
import { jira } from '../src/index.ts';
import { openIssues } from './issues.subject.ts';
import { openWorklogs } from './worklogs.subject.ts';

const refusals = ['jira-burst-based', 'jira-quota-tenant-based', 'jira-quota-global-based'].map((reason) => ({
  reason,
  answer: { status: 429, headers: { 'ratelimit-reason': reason, 'retry-after': '5' } },
}));
const saysNothing =
  'Jira says nothing of a lost permission; it answers as if nothing were there, which hiding all of it shows.';
const tellsNobody = 'Jira tells nobody of what it forgets: `plumbline erase` does it.';

testConnector({
  title: 'Jira issues',
  connector: jira,
  stream: 'issues',
  shows: { kind: 'workItem', field: 'title' },
  deletionsShow: 'IN_A_CENSUS',
  ordinaryLagMs: 4 * 60_000,
  refusals,
  open: openIssues,
  leavesOut: {
    many: 'Worklogs are put to it below: the feed of them goes by times, the search of issues by tokens.',
    archive: 'The emulator has no archive: Jira has one in its dearer plans only.',
    merge: 'Jira does not merge issues.',
    surround:
      'Jira lists ids alone at little cost. Other names of statuses move no time either: polls look for them once a day.',
    revoke: saysNothing,
    forget: tellsNobody,
  },
});

testConnector({
  title: 'Jira worklogs',
  connector: jira,
  stream: 'worklogs',
  shows: { kind: 'timeEntry', field: 'note' },
  deletionsShow: 'IN_A_POLL',
  heldBackMs: 60_000,
  refusals,
  open: openWorklogs,
  leavesOut: {
    lag: 'The feeds know everything but the last minute.',
    archive: 'Worklogs are not archived.',
    merge: 'Worklogs are not merged.',
    surround: 'Of its issue and its author a worklog gives the graph nothing but their ids.',
    revoke: saysNothing,
    forget: tellsNobody,
  },
});
