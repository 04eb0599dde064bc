import { testConnector } from '@plumbline/conformance';
import { googleSheets } from '../src/index.ts';
import { openRows } from './rows.subject.ts';

const overQuota = { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded for quota metric.' } };
const olderForm = {
  error: { code: 403, message: 'User Rate Limit Exceeded', errors: [{ reason: 'userRateLimitExceeded' }] },
};

testConnector({
  title: 'Google Sheets rows',
  connector: googleSheets,
  stream: 'rates',
  shows: { kind: 'rate', field: 'role' },
  deletionsShow: 'IN_A_POLL',
  refusals: [
    { reason: 'RESOURCE_EXHAUSTED', answer: { status: 429, body: overQuota } },
    { reason: 'userRateLimitExceeded', answer: { status: 403, body: olderForm } },
  ],
  proof: 'CHANNEL',
  open: openRows,
  leavesOut: {
    times: 'Rows do not say when they changed.',
    zone: 'The cursor is Drive’s version, not a time.',
    many: 'A tab comes in one answer, whatever its length.',
    unevenPages: 'A tab comes in one answer; the pages are the connector’s own.',
    surround: 'A row is what its cells say, and is compared whole.',
    lag: 'Sheets answers with what is there.',
    archive: 'Rows are not archived.',
    merge: 'Rows are not merged.',
    hide: 'An account sees all rows of a tab or none.',
    lay: 'A row has cells of at most 50,000 characters and nothing beside them.',
    forget: 'Google tells that a file changed, and not of which row: `plumbline erase` does it.',
  },
});
