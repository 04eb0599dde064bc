import { testConnector } from '@plumbline/conformance';
import { openCompanies } from './companies.subject.ts';
import { hubspot } from './connector.ts';
import { openDeals } from './deals.subject.ts';
import { openLineItems } from './line-items.subject.ts';

const limited = (policyName: string) => ({
  reason: policyName,
  answer: { status: 429, body: { status: 'error', category: 'RATE_LIMITS', errorType: 'RATE_LIMIT', policyName } },
});

const refusals = [limited('TEN_SECONDLY_ROLLING'), limited('SECONDLY')];

testConnector({
  title: 'HubSpot deals',
  connector: hubspot,
  stream: 'deals',
  shows: { kind: 'opportunity', field: 'name' },
  deletionsShow: 'IN_A_CENSUS',
  ordinaryLagMs: 4 * 60_000,
  refusals,
  open: openDeals,
  leavesOut: {
    hide: 'A private app sees all deals or none.',
    many: 'Companies are read the same way, in fewer requests: they are put to it below.',
  },
});

testConnector({
  title: 'HubSpot line items',
  connector: hubspot,
  stream: 'line-items',
  shows: { kind: 'lineItem', field: 'name' },
  deletionsShow: 'IN_A_CENSUS',
  ordinaryLagMs: 4 * 60_000,
  refusals,
  open: openLineItems,
  leavesOut: {
    merge: 'HubSpot does not merge line items.',
    hide: 'A private app sees all line items or none.',
    many: 'Companies are read the same way: they are put to it below.',
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
    surround: 'A company is read without what it is associated with.',
    hide: elsewhere,
    revoke: elsewhere,
    spoil: elsewhere,
    lay: elsewhere,
    webhooks: elsewhere,
    forget: elsewhere,
  },
});
