import { testConnector } from '@plumbline/conformance';
import { openCompanies } from './companies.subject.ts';
import { hubspot } from './connector.ts';
import { openDeals } from './deals.subject.ts';

const limited = (policyName: string) => ({
  reason: policyName,
  answer: { status: 429, body: { status: 'error', category: 'RATE_LIMITS', errorType: 'RATE_LIMIT', policyName } },
});

testConnector({
  title: 'HubSpot deals',
  connector: hubspot,
  stream: 'deals',
  shows: { kind: 'opportunity', field: 'name' },
  deletionsShow: 'IN_A_CENSUS',
  ordinaryLagMs: 4 * 60_000,
  refusals: [limited('TEN_SECONDLY_ROLLING'), limited('SECONDLY')],
  open: openDeals,
  leavesOut: {
    hide: 'A private app sees all deals or none.',
    many: 'Companies are read the same way, in fewer requests: they are put to it below.',
  },
});

const elsewhere = 'Deals are put to it.';
testConnector({
  title: 'HubSpot companies',
  connector: hubspot,
  stream: 'companies',
  shows: { kind: 'client', field: 'name' },
  deletionsShow: 'IN_A_CENSUS',
  refusals: [],
  open: openCompanies,
  only: ['more than 10,000 records of one time are all read'],
  leavesOut: {
    unevenPages: elsewhere,
    lag: elsewhere,
    remove: elsewhere,
    archive: elsewhere,
    merge: elsewhere,
    move: elsewhere,
    hide: elsewhere,
    revoke: elsewhere,
    spoil: elsewhere,
    lay: elsewhere,
    webhooks: elsewhere,
    forget: elsewhere,
  },
});
