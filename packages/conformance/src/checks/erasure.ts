import type { RunReport } from '@plumbline/hub';
import type { Check } from '../check.ts';
import { mustSucceed, type Stand } from '../stand.ts';
import { demand } from '../violation.ts';
import { begin, demandStatus } from './webhooks.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/**
 * What becomes of a record that somebody wants forgotten. The hub erases what it keeps and knows the id again; what a
 * connector keeps beside its records, in cursors, in the payloads of others or in the keys of events, nobody else can find.
 */
export const erasureChecks: readonly Check[] = [
  {
    name: 'what was erased does not come back, though the vendor goes on saying it',
    wants: [],
    async run(stand) {
      const ids = stand.make(stand.subject.pageSize + 2);
      const [first = ''] = ids;
      await stand.read();
      const name = plant(stand, first);
      stand.settle();
      await stand.read();
      demand((await stand.tablesWith(name)).length > 0, 'What is to be erased is in no table: the check sees nothing.');
      // What shares a page with it is read beside it once more.
      for (const id of ids.slice(1)) stand.change(id);
      stand.settle();
      await stand.read();
      await stand.erase(first);
      await mustBeForgotten(stand, name, 'once it was erased');
      stand.subject.change(first, `${name}, again`);
      stand.settle();
      await stand.read();
      await mustBeForgotten(stand, name, 'after a poll');
      await mustAllSucceed(stand.census());
      await mustBeForgotten(stand, name, 'after a census');
      mustSucceed(await stand.again());
      await mustBeForgotten(stand, name, 'after everything was read from the beginning');
      await stand.remap();
      await mustBeForgotten(stand, name, 'after everything was mapped anew');
      stand.subject.spoil?.(first);
      stand.settle();
      await stand.read();
      await mustBeForgotten(stand, name, 'after it came in a form that cannot be read');
    },
  },
  {
    name: 'what was erased does not come back by an event, be it late or sent again',
    wants: ['webhooks', 'wire'],
    async run(stand) {
      const { telling, first } = await begin(stand);
      telling.hold();
      const name = plant(stand, first);
      stand.settle();
      await stand.read();
      await stand.erase(first);
      await telling.release((waiting) => [...waiting, ...waiting]);
      demandStatus(telling, 200, 'An event that came late and twice');
      await stand.look();
      await mustBeForgotten(stand, name, 'after an event that came late and twice');
      stand.clocks.vendor.advance(SECOND_MS);
      stand.subject.change(first, `${name}, again`);
      await telling.settled();
      await stand.look();
      await mustBeForgotten(stand, name, 'after an event of a change that was made since');
      stand.settle(MINUTE_MS);
      await stand.read();
    },
  },
  {
    name: 'what the vendor wants forgotten is erased, and nothing brings it back',
    wants: ['webhooks', 'wire', 'forget'],
    async run(stand) {
      const { telling, first } = await begin(stand);
      const name = plant(stand, first);
      await telling.settled();
      await stand.look();
      demand(
        (await stand.tablesWith(name)).length > 0,
        'What is to be forgotten is in no table: the check sees nothing.',
      );
      telling.hold();
      stand.clocks.vendor.advance(SECOND_MS);
      stand.subject.change(first, `${name}, again`);
      stand.clocks.vendor.advance(SECOND_MS);
      stand.subject.forget?.(first);
      stand.truth.delete(first);
      // The latest first: what changed before is told once it is forgotten.
      await telling.release((waiting) => waiting.toReversed());
      demandStatus(telling, 200, 'That a record is to be forgotten');
      await stand.look();
      await mustBeForgotten(stand, name, 'after the vendor said that it is to be forgotten');
      stand.settle(MINUTE_MS);
      await stand.read();
      await mustAllSucceed(stand.census());
      await mustBeForgotten(stand, name, 'after a poll and a census');
    },
  },
];

/** Has a record say a name that nothing else says. */
function plant(stand: Stand, id: string): string {
  const name = `Kanaria of ${stand.readers[0]?.place.sourceId}`;
  stand.subject.change(id, name);
  stand.truth.set(id, name);
  return name;
}

/** Nowhere in the database, and no record of the stream says otherwise. */
async function mustBeForgotten(stand: Stand, name: string, when: string): Promise<void> {
  await stand.mustShow(`${when}, but for what was erased`);
  const tables = await stand.tablesWith(name);
  demand(tables.length === 0, `What was erased is in ${tables.join(', ')} ${when}.`);
}

async function mustAllSucceed(reports: Promise<readonly RunReport[]>): Promise<void> {
  for (const report of await reports) mustSucceed(report);
}
