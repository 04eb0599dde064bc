import type { Check } from '../check.ts';
import { mustSucceed, type Stand } from '../stand.ts';
import type { Setting } from '../subject.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const QUARTERS = 9;
/** More than the 10,000 results that searches of vendors give at most. */
const VERY_MANY = 10_050;
const ORDINARY_LAG_MS = 4 * MINUTE_MS;

/** What a cursor made of times has to hold. */
export const timeChecks: readonly Check[] = [
  {
    name: 'equal times over a page boundary lose and repeat nothing',
    wants: ['times'],
    async run(stand) {
      const { pageSize } = stand.subject;
      stand.make(pageSize - 2, { endMs: 50 * HOUR_MS });
      stand.make(pageSize * 2 + 1, { stepMs: 0, endMs: 49 * HOUR_MS });
      stand.make(2, { endMs: 48 * HOUR_MS });
      await stand.read();
    },
  },
  {
    name: 'records that change at one time are told apart, though a poll comes between',
    wants: ['times'],
    async run(stand) {
      const [before = '', first = '', behind = ''] = stand.make(3);
      await stand.read();
      stand.change(first);
      await stand.poll();
      stand.change(before);
      stand.change(behind);
      stand.settle();
      await stand.read();
    },
  },
  ...clockChanges(),
  {
    name: 'what the index shows minutes late is found, though newer changes were read before it',
    wants: ['lag'],
    async run(stand) {
      const [late = '', punctual = '', later = ''] = stand.make(5);
      await stand.read();
      const lag = stand.conformance.ordinaryLagMs ?? ORDINARY_LAG_MS;
      stand.subject.lag?.(lag);
      stand.change(late);
      stand.clocks.vendor.advance(lag * 0.75);
      stand.subject.lag?.(0);
      stand.change(punctual);
      stand.settle();
      await stand.poll();
      stand.settle(lag * 0.25);
      stand.change(later);
      stand.settle();
      await stand.read();
    },
  },
  {
    name: 'an index that stands still for an hour loses nothing of that hour',
    wants: ['lag'],
    async run(stand) {
      const ids = stand.make(4);
      await stand.read();
      stand.subject.lag?.(HOUR_MS);
      for (const id of ids) {
        stand.change(id);
        stand.settle(10 * MINUTE_MS);
        mustSucceed(await stand.poll());
        await stand.mustNotLie('while the index stands still');
      }
      stand.create();
      stand.settle(10 * MINUTE_MS);
      mustSucceed(await stand.poll());
      stand.subject.lag?.(0);
      stand.settle(HOUR_MS);
      await stand.read();
    },
  },
  {
    name: 'one record that the index holds back alone, while newer changes go through, is found by a census',
    wants: ['lag'],
    async run(stand) {
      const [late = '', punctual = ''] = stand.make(5, { stepMs: HOUR_MS });
      await stand.read();
      for (const report of await stand.census()) mustSucceed(report);
      stand.subject.lag?.(HOUR_MS);
      stand.change(late);
      stand.create();
      stand.subject.lag?.(0);
      for (let quarter = 0; quarter < 6; quarter += 1) {
        stand.settle(15 * MINUTE_MS);
        stand.change(punctual);
        stand.settle();
        // One census comes while the index still holds it back.
        for (const report of quarter === 1 ? await stand.census() : [await stand.poll()]) mustSucceed(report);
        await stand.mustNotLie('while the index holds one record back');
      }
      for (const report of await stand.census()) mustSucceed(report);
      await stand.mustShow('after a census, which came when the index had shown everything');
    },
  },
  ...(['ahead', 'behind'] as const).map((side): Check => ({
    name: `a hub whose clock is three hours ${side} at first misses nothing afterwards`,
    wants: [],
    async run(stand) {
      const ids = stand.make(stand.subject.pageSize + 1);
      stand.clocks.skew((side === 'ahead' ? 3 : -3) * HOUR_MS);
      await stand.read();
      stand.change(ids[0] ?? '');
      stand.settle();
      await stand.read();
      stand.clocks.skew(0);
      stand.change(ids[1] ?? '');
      stand.create();
      stand.settle();
      await stand.read();
    },
  })),
  {
    name: 'a hub whose clock jumps while pages are read misses nothing',
    wants: [],
    async run(stand) {
      const ids = stand.make(stand.subject.pageSize * 3);
      mustSucceed(
        await stand.poll({ between: ({ number }) => stand.clocks.skew((number % 2 === 0 ? 2 : -2) * HOUR_MS) }),
      );
      await stand.mustShow('after a read during which the clock jumped');
      stand.clocks.skew(0);
      stand.change(ids[2] ?? '');
      stand.settle();
      await stand.read();
    },
  },
  {
    name: 'more than 10,000 records of one time are all read',
    wants: ['times', 'many'],
    setting: { pages: 'usual' },
    async run(stand) {
      stand.make(VERY_MANY, { stepMs: 0, endMs: 48 * HOUR_MS });
      stand.make(3);
      await stand.read();
    },
  },
];

/** A change and a poll every quarter of an hour, while the account's zone changes its clocks. */
function clockChanges(): Check[] {
  const occasions: { what: string; zone: string; start: string; ambiguousMinutes: Setting['ambiguousMinutes'] }[] = [
    { what: 'spring in Berlin', zone: 'Europe/Berlin', start: '2026-03-28T23:10:00Z', ambiguousMinutes: 'earlier' },
    { what: 'autumn in Berlin', zone: 'Europe/Berlin', start: '2026-10-25T00:20:00Z', ambiguousMinutes: 'earlier' },
    {
      what: 'autumn in Berlin, minutes meant the second time',
      zone: 'Europe/Berlin',
      start: '2026-10-25T00:20:00Z',
      ambiguousMinutes: 'later',
    },
    {
      what: 'autumn in St. John’s',
      zone: 'America/St_Johns',
      start: '2026-11-01T03:50:00Z',
      ambiguousMinutes: 'earlier',
    },
  ];
  return occasions.map(({ what, ...setting }) => ({
    name: `no change is lost while the account’s clocks are changed: ${what}`,
    wants: ['zone'],
    setting,
    run: changeEveryQuarter,
  }));
}

async function changeEveryQuarter(stand: Stand): Promise<void> {
  const ids = stand.make(3);
  await stand.read();
  for (let quarter = 0; quarter < QUARTERS; quarter += 1) {
    stand.change(ids[quarter % ids.length] ?? '');
    if (quarter % 3 === 0) stand.create();
    stand.settle(15 * MINUTE_MS);
    await stand.read();
  }
}
