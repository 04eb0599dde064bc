import { testConnector } from '@plumbline/conformance';
import { files } from '../src/index.ts';
import { openFileRows } from './rows.subject.ts';

testConnector({
  title: 'Rows of files',
  connector: files,
  stream: 'rates',
  shows: { kind: 'rate', field: 'role' },
  deletionsShow: 'IN_A_POLL',
  // So long after a change the time of a file is not relied on.
  heldBackMs: 2_000,
  refusals: [],
  open: openFileRows,
  leavesOut: {
    wire: 'Files are read from a disk; what goes wrong there is tested by itself.',
    times: 'Rows do not say when they changed.',
    unevenPages: 'A file comes whole; the pages are the connector’s own.',
    zone: 'The cursor is what each file was, not a time.',
    surround: 'A row is what its columns say, and is compared whole.',
    lag: 'A file holds what is in it.',
    archive: 'Rows are not archived.',
    merge: 'Rows are not merged.',
    hide: 'Who may read a file may read all of its rows.',
    lay: 'A row has the columns of its file and nothing beside them.',
    webhooks: 'Nobody tells of files.',
    forget: 'Nobody tells of files: `plumbline erase` does it.',
  },
});
