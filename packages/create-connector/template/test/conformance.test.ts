import { testConnector } from '@plumbline/conformance';
import { templateVendor } from '../src/index.ts';
import { openRisks } from './risks.subject.ts';

testConnector({
  title: 'Template Vendor risks',
  connector: templateVendor,
  stream: 'risks',
  shows: { kind: 'risk', field: 'title' },
  deletionsShow: 'IN_A_CENSUS',
  ordinaryLagMs: 60_000,
  refusals: [{ reason: 'too many', answer: { status: 429, headers: { 'retry-after': '5' } } }],
  open: openRisks,
  leavesOut: {
    many: 'Its lists go on to their end, however long they are.',
    zone: 'The vendor’s times are UTC.',
    archive: 'Risks are not archived.',
    merge: 'Risks are not merged.',
    surround: 'A risk comes with nothing that its time does not tell of.',
    hide: 'A token sees all risks or none.',
    webhooks: 'The vendor tells nobody of changes.',
    forget: 'The vendor tells nobody whom to forget.',
  },
});
