import type { RunReport } from '@plumbline/hub';
import { isDeepStrictEqual } from 'node:util';
import type { Check } from '../check.ts';
import { mustSucceed, type Stand } from '../stand.ts';
import type { Surrounding } from '../subject.ts';
import { demand } from '../violation.ts';

const MINUTE_MS = 60_000;

/** What people do to records, and what the graph has to make of it. */
export const changeChecks: readonly Check[] = [
  {
    name: 'a change and a new record come with the next poll, and nothing else does',
    wants: [],
    async run(stand) {
      const [first = ''] = stand.make(stand.subject.pageSize + 1);
      await stand.read();
      stand.change(first);
      const made = stand.create();
      stand.settle();
      const { counts } = await stand.read();
      const brought = counts.created + counts.changed + counts.deleted;
      demand(brought === 2, `A poll after one change and one new record brought ${brought} that differ.`);
      const versions = [...(await stand.shown())].filter(([id]) => id !== first && id !== made);
      demand(
        versions.every(([, shown]) => shown.versions === 1),
        'A record that nobody changed has a second version.',
      );
    },
  },
  {
    name: 'what is deleted is gone from the graph, and nothing else is',
    wants: ['remove'],
    async run(stand) {
      const ids = stand.make(stand.subject.pageSize + 2);
      await stand.read();
      for (const id of [ids[0] ?? '', ids.at(-1) ?? '']) {
        stand.subject.remove?.(id);
        stand.truth.delete(id);
      }
      stand.settle();
      await lookForDeletions(stand);
      await stand.mustShow('after two records were deleted');
    },
  },
  {
    name: 'what is deleted before it was ever read does no harm',
    wants: ['remove'],
    async run(stand) {
      const [first = ''] = stand.make(3);
      stand.subject.remove?.(first);
      stand.truth.delete(first);
      stand.settle();
      await stand.census();
      await stand.mustShow('after a first read without a deleted record');
    },
  },
  {
    name: 'what is archived is gone, and what is restored is back as the same thing',
    wants: ['archive'],
    async run(stand) {
      const [first = ''] = stand.make(4);
      await stand.read();
      const before = (await stand.shown()).get(first)?.entity;
      const label = stand.truth.get(first) ?? '';
      stand.subject.archive?.(first);
      stand.truth.delete(first);
      stand.settle();
      await stand.read();
      stand.settle(MINUTE_MS);
      await stand.read();
      stand.subject.restore?.(first);
      stand.truth.set(first, label);
      stand.settle();
      await stand.read();
      const after = (await stand.shown()).get(first)?.entity;
      demand(after === before, 'A record that was archived and restored is another entity than before.');
    },
  },
  {
    name: 'what the index still shows after it was archived does not come back',
    wants: ['archive', 'lag'],
    async run(stand) {
      const [first = ''] = stand.make(3);
      await stand.read();
      stand.subject.lag?.(2 * MINUTE_MS);
      stand.change(first);
      stand.clocks.vendor.advance(MINUTE_MS);
      stand.subject.archive?.(first);
      stand.truth.delete(first);
      stand.settle();
      await stand.read();
      // Now the index shows the change, and not yet that it was archived.
      stand.settle(MINUTE_MS);
      await stand.read();
      stand.settle(2 * MINUTE_MS);
      await stand.read();
    },
  },
  {
    name: 'of two records that were merged one is left, and both mean it',
    wants: ['merge'],
    async run(stand) {
      const [gone = '', into = ''] = stand.make(4);
      await stand.read();
      stand.subject.merge?.(gone, into);
      stand.truth.delete(gone);
      stand.settle();
      await stand.census();
      await stand.mustShow('after two records were merged');
      const shown = await stand.shown();
      demand(
        shown.get(gone)?.entity === shown.get(into)?.entity,
        'The record that was merged away means another entity than the one it was merged into.',
      );
    },
  },
  {
    name: 'what is moved elsewhere stays the same thing',
    wants: ['move'],
    async run(stand) {
      const [first = ''] = stand.make(3);
      await stand.read();
      const before = await stand.shown();
      stand.subject.move?.(first);
      stand.settle();
      await stand.census();
      await stand.mustShow('after a record was moved');
      const after = await stand.shown();
      demand(
        after.get(first)?.entity === before.get(first)?.entity && after.size === before.size,
        'A record that was moved became another entity.',
      );
    },
  },
  {
    name: 'what changes around a record and moves no time of it is found by a census',
    wants: ['surround'],
    async run(stand) {
      // So far apart that no poll which looks for newer changes reads the first one again.
      const [first = ''] = stand.make(stand.subject.pageSize + 1, { stepMs: 60 * MINUTE_MS });
      await stand.read();
      await quietCensus(stand, 'though nothing had changed');
      const before = (await stand.shown()).get(first)?.changedAt;
      const around = stand.subject.surround?.(first);
      demand(around !== undefined, 'The subject changes nothing around a record.');
      demand(!(await says(stand, first, around)), 'The graph says already what is to change: the check sees nothing.');
      stand.settle();
      await stand.read();
      await takeCensus(stand);
      const wanted = `${around.field} ${JSON.stringify(around.value)}`;
      demand(await says(stand, first, around), `After a census ${first} has still not ${wanted}.`);
      await stand.mustShow('after something changed around a record');
      const after = (await stand.shown()).get(first)?.changedAt;
      demand(after === before, `The subject moves the time of ${first}: a poll would find that by itself.`);
      await quietCensus(stand, 'though an earlier census had read it');
    },
  },
  {
    name: 'a record that may no longer be seen goes, and is back when it may',
    wants: ['hide'],
    async run(stand) {
      const [first = ''] = stand.make(4);
      await stand.read();
      const label = stand.truth.get(first) ?? '';
      stand.subject.hide?.(first);
      stand.truth.delete(first);
      stand.settle();
      const census = (await stand.census()).at(-1);
      await stand.mustShow('after a record was hidden');
      demand((census?.counts.vanished ?? 0) > 0, 'A record that may no longer be seen counts as deleted.');
      stand.subject.show?.(first);
      stand.truth.set(first, label);
      stand.change(first);
      stand.settle();
      await stand.read();
    },
  },
  {
    name: 'when all records are hidden at once, they are not believed to be deleted',
    wants: ['hide'],
    async run(stand) {
      const ids = stand.make(20);
      await stand.read();
      for (const id of ids) stand.subject.hide?.(id);
      stand.settle();
      const census = (await stand.census()).at(-1);
      demand(census?.status === 'PARTIAL', `A census that missed everything ended ${census?.status}.`);
      await stand.mustShow('after all records were hidden');
    },
  },
  {
    name: 'a permission that is lost deletes nothing, and the run says so',
    wants: ['revoke'],
    async run(stand) {
      const [first = ''] = stand.make(3);
      await stand.read();
      stand.subject.revoke?.();
      for (const report of await stand.census()) {
        const fine = report.status === 'FAILED' || report.warnings.length > 0;
        demand(fine, `A ${report.task.toLowerCase()} without permission ended ${report.status} and says nothing.`);
      }
      await stand.mustShow('after the permission was lost');
      stand.subject.grant?.();
      stand.change(first);
      stand.settle();
      await stand.read();
    },
  },
];

async function says(stand: Stand, id: string, { field, value }: Surrounding): Promise<boolean> {
  return (await stand.said(id, field)).some((each) => isDeepStrictEqual(each, value));
}

/** A census that finds everything as it is known reads no record by its id. */
async function quietCensus(stand: Stand, though: string): Promise<void> {
  stand.settle();
  const [, census] = await takeCensus(stand);
  const { created = 0, changed = 0, unchanged = 0 } = census?.counts ?? {};
  const read = created + changed + unchanged;
  demand(read === 0, `A census read ${read} records by their ids, ${though}.`);
}

async function takeCensus(stand: Stand): Promise<RunReport[]> {
  const reports = await stand.census();
  for (const report of reports) mustSucceed(report);
  return reports;
}

async function lookForDeletions(stand: Stand): Promise<void> {
  if (stand.conformance.deletionsShow === 'IN_A_POLL') mustSucceed(await stand.poll());
  else await stand.census();
}
