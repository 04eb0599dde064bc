import { testConnector } from '@plumbline/conformance';
import { jira } from '../src/index.ts';
import { openIssues } from './issues.subject.ts';
import { openWorklogs } from './worklogs.subject.ts';

const limited = (reason: string, more: Record<string, string> = {}) => ({
  reason,
  answer: { status: 429, headers: { 'ratelimit-reason': reason, 'retry-after': '5', ...more } },
});

testConnector({
  title: 'Jira issues',
  connector: jira,
  stream: 'issues',
  shows: { kind: 'workItem', field: 'title' },
  deletionsShow: 'IN_A_CENSUS',
  ordinaryLagMs: 4 * 60_000,
  refusals: ['jira-burst-based', 'jira-quota-tenant-based', 'jira-quota-global-based'].map((reason) => limited(reason)),
  open: openIssues,
  leavesOut: {
    many: 'Worklogs are put to it below: the feed of them goes by times, the search of issues by tokens.',
    archive: 'The emulator has no archive: Jira has one in its dearer plans only.',
    merge: 'Jira does not merge issues.',
    revoke:
      'Jira says nothing of a lost permission; it answers as if nothing were there, which hiding all of it shows.',
    forget: 'Jira tells nobody of what it forgets: `plumbline erase` does it.',
  },
});

const elsewhere = 'Issues are put to it.';
testConnector({
  title: 'Jira worklogs',
  connector: jira,
  stream: 'worklogs',
  shows: { kind: 'timeEntry', field: 'note' },
  deletionsShow: 'IN_A_POLL',
  heldBackMs: 60_000,
  refusals: [],
  open: openWorklogs,
  only: [
    'a poll that finds nothing new writes nothing and leaves the cursor as it is',
    'from the cursor behind every page the rest is read',
    'records that go while pages are read take no others with them',
    'a change and a new record come with the next poll, and nothing else does',
    'what is deleted is gone from the graph, and nothing else is',
    'what is deleted before it was ever read does no harm',
    'records that change at one time are told apart, though a poll comes between',
    'more than 10,000 records of one time are all read',
  ],
  leavesOut: {
    unevenPages: elsewhere,
    lag: 'The feeds know everything but the last minute.',
    archive: 'Worklogs are not archived.',
    merge: 'Worklogs are not merged.',
    move: 'Worklogs stay on their issue.',
    hide: elsewhere,
    revoke: elsewhere,
    spoil: elsewhere,
    lay: elsewhere,
    webhooks: elsewhere,
    forget: elsewhere,
  },
});
