import type { Check } from '../check.ts';
import { mustSucceed, type Reader, type Stand } from '../stand.ts';
import { demand } from '../violation.ts';

const MOST_STATEMENTS = 60;
const PAGES = 3;

/** What every reading has to hold, whatever the vendor. */
export const readingChecks: readonly Check[] = [
  {
    name: 'every record there is comes with the first read, once',
    wants: [],
    async run(stand) {
      await readSeveralPages(stand);
      const again = [...(await stand.shown())].filter(([, { versions }]) => versions !== 1);
      demand(again.length === 0, `${again.length} records have more than one version after one read.`);
    },
  },
  {
    name: 'nothing at all is an answer, too',
    wants: [],
    async run(stand) {
      await stand.read();
      stand.create();
      stand.settle();
      await stand.read();
    },
  },
  {
    name: 'every request goes through the hub, which counts, limits and times it',
    wants: ['wire'],
    async run(stand) {
      stand.make(stand.subject.pageSize + 1);
      let before = 0;
      const { counts } = await stand.poll({
        between({ number }) {
          if (number === 0) before = stand.wire.requests.length;
        },
      });
      const arrived = stand.wire.requests.length - before;
      demand(arrived === counts.requests, `The vendor got ${arrived} requests; the hub knows of ${counts.requests}.`);
    },
  },
  {
    name: 'a poll that finds nothing new writes nothing and leaves the cursor as it is',
    wants: [],
    async run(stand) {
      const [id = ''] = stand.make(stand.subject.pageSize + 2);
      await stand.read();
      stand.change(id);
      stand.settle();
      await stand.read();
      // What changed a moment ago is read again, and has to be told from news.
      stand.settle();
      await quietPoll(stand);
      stand.settle(600_000);
      await quietPoll(stand);
    },
  },
  {
    name: 'short and empty pages are not the end',
    wants: ['unevenPages'],
    setting: { pages: 'uneven' },
    async run(stand) {
      stand.make(stand.subject.pageSize * PAGES + 1);
      await stand.read();
    },
  },
  {
    name: 'from the cursor behind every page the rest is read',
    wants: [],
    readers: PAGES + 2,
    async run(stand) {
      const [, ...others] = stand.readers;
      const pages = await readSeveralPages(stand);
      const readers = others.slice(0, pages - 1);
      for (const [index, reader] of readers.entries()) {
        await stopped(stand, reader, index + 1);
        await stand.mustNotLie(`after a poll that was stopped behind page ${index + 1}`, reader);
      }
      for (const [index, reader] of readers.entries()) {
        mustSucceed(await stand.poll({ reader }));
        await stand.mustShow(`after a poll that went on behind page ${index + 1}`, { reader });
        const twice = [...(await stand.shown(reader))].filter(([, { versions }]) => versions !== 1);
        demand(twice.length === 0, `${twice.length} records were changed by going on behind page ${index + 1}.`);
      }
    },
  },
  {
    name: 'a page is stored whole with the cursor behind it, or not at all',
    wants: [],
    async run(stand) {
      stand.make(2);
      for (let statement = 0; statement < MOST_STATEMENTS; statement += 1) {
        stand.crasher.arm(statement === 0 ? 'BEFORE' : statement);
        const report = await stand.poll();
        if (!stand.crasher.disarm()) break;
        demand(report.status === 'FAILED', `A run ended ${report.status} although its page could not be stored.`);
        demand((await stand.shown()).size === 0, `Statement ${statement} of a page died and part of the page stayed.`);
        demand((await stand.cursor()) === null, `Statement ${statement} of a page died and the cursor moved on.`);
      }
      await stand.mustShow('after the page was stored at last');
    },
  },
  {
    name: 'a run that dies right behind a page is gone on with from there',
    wants: [],
    async run(stand) {
      stand.make(stand.subject.pageSize * PAGES);
      const most = PAGES * 4;
      // Each run dies a page later than the last one, so that those get through which have to begin anew.
      for (let run = 0; run < most; run += 1) {
        const report = await stand.poll({
          between({ number }) {
            // That page is being stored already; the next one is hit.
            if (number === run) stand.crasher.arm('AFTER');
          },
        });
        if (!stand.crasher.disarm() && report.status === 'SUCCEEDED') break;
        await stand.mustNotLie(`after a run that died behind page ${run + 1}`);
      }
      await stand.mustShow('after all runs that died');
    },
  },
  {
    name: 'another process takes over from one that hangs, and its late pages do no harm',
    wants: [],
    async run(stand) {
      const ids = stand.make(stand.subject.pageSize * 3);
      const stuck = Promise.withResolvers<void>();
      const wakes = Promise.withResolvers<void>();
      const hanging = stand.poll({
        between: async ({ number, poll }) => {
          if (poll !== 1 || number !== 1) return;
          stuck.resolve();
          await wakes.promise;
        },
      });
      try {
        await Promise.race([stuck.promise, hanging]);
        mustSucceed(await stand.poll());
        await stand.mustShow('after a second process read everything');
        stand.change(ids[0] ?? '');
        stand.settle();
        await stand.read();
      } finally {
        wakes.resolve();
        await hanging;
      }
      stand.settle();
      await stand.read();
    },
  },
  {
    name: 'records that move to another page while pages are read are not lost',
    wants: [],
    async run(stand) {
      const ids = stand.make(stand.subject.pageSize * PAGES);
      await stand.poll({
        between({ number }) {
          stand.clocks.vendor.advance(1_000);
          if (number === 1) [ids[0], ids.at(-1)].forEach((id) => stand.change(id ?? ''));
          if (number === 2) [ids[1], ids.at(-2)].forEach((id) => stand.change(id ?? ''));
          if (number === 2) stand.create();
        },
      });
      stand.settle();
      await stand.read();
    },
  },
  {
    name: 'records that go while pages are read take no others with them',
    wants: ['remove'],
    async run(stand) {
      const ids = stand.make(stand.subject.pageSize * PAGES);
      const gone = ids.slice(0, 2);
      await stand.poll({
        between({ number }) {
          if (number === 1) gone.forEach((id) => stand.subject.remove?.(id));
        },
      });
      gone.forEach((id) => stand.truth.delete(id));
      stand.settle();
      // Before the census, which reads what the polls left out.
      await stand.poll();
      await stand.mustShow('after a poll during which records went from a page that had been read', { except: gone });
      await stand.census();
      await stand.mustShow('after records went from a page that had been read');
    },
  },
];

/** Reads all of a few pages; gives how many there were. */
async function readSeveralPages(stand: Stand): Promise<number> {
  const count = stand.subject.pageSize * (PAGES - 1) + 1;
  stand.make(count);
  await stand.read();
  const pages = stand.readers[0]?.steering.pages ?? 0;
  demand(pages > 1, `${count} records came on one page: the subject's pageSize has to be what a page holds.`);
  return pages;
}

async function stopped(stand: Stand, reader: Reader, behind: number): Promise<void> {
  const controller = new AbortController();
  const report = await stand.poll({
    reader,
    signal: controller.signal,
    between({ number }) {
      if (number === behind) controller.abort(new Error('The process is told to end.'));
    },
  });
  demand(report.status === 'INTERRUPTED', `A poll that was stopped behind page ${behind} ended ${report.status}.`);
}

async function quietPoll(stand: Stand): Promise<void> {
  const before = await stand.cursor();
  const { counts } = await stand.read();
  const news = counts.created + counts.changed + counts.deleted + counts.quarantined;
  demand(news === 0, `A poll after which nothing had changed brought ${news} records that differ from before.`);
  demand((await stand.cursor()) === before, 'A poll that found nothing new moved the cursor.');
}
