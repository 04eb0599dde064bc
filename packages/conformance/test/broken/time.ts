import { minuteText, readIds, sound } from '../ledger-connector.ts';
import { byOffset, END, type Broken } from './broken.ts';

export const brokenTime: readonly Broken[] = [
  {
    fault: 'skips what has the same time as the last record of a page',
    habits: {
      next: ({ next }) => (next === null ? null : `${next.split(',')[0]},${Number.MAX_SAFE_INTEGER}`),
    },
    found: ['equal times over a page boundary lose and repeat nothing'],
    saying: /is missing/,
  },
  {
    fault: 'takes the last result that a search gives for the last there is',
    habits: {
      page: async (get, place) => (Number(place.next ?? 0) >= 10_000 ? END : byOffset(get, place)),
    },
    found: ['more than 10,000 records of one time are all read'],
    saying: /is missing.* and \d+ more/,
  },
  {
    fault: 'goes on behind the last record it saw',
    habits: {
      from: () => null,
      resume: (cursor) =>
        cursor?.reading ??
        (cursor?.since
          ? { from: null, next: `${Date.parse(cursor.since)},9999`, newest: Date.parse(cursor.since) }
          : undefined),
    },
    found: ['records that change at one time are told apart, though a poll comes between'],
    saying: /is still/,
  },
  {
    fault: 'trusts a local time that happens twice',
    habits: {
      from: ({ since, zone }) => (since === null ? null : minuteText(since.toZonedDateTimeISO(zone).toPlainDateTime())),
    },
    found: [
      'no change is lost while the account’s clocks are changed: autumn in Berlin, minutes meant the second time',
    ],
    saying: /is still|is missing/,
  },
  {
    fault: 'writes UTC where the account’s time is meant',
    habits: {
      from: ({ since }) => (since === null ? null : minuteText(since.toZonedDateTimeISO('UTC').toPlainDateTime())),
    },
    found: ['no change is lost while the account’s clocks are changed: autumn in St. John’s'],
    saying: /is still|is missing/,
  },
  {
    fault: 'knows one offset for all the year',
    habits: {
      from: ({ since }) => (since === null ? null : minuteText(since.toZonedDateTimeISO('+02:00').toPlainDateTime())),
    },
    found: [
      'no change is lost while the account’s clocks are changed: spring in Berlin',
      'no change is lost while the account’s clocks are changed: autumn in Berlin',
    ],
    saying: /is still|is missing/,
  },
  {
    fault: 'does not believe in what lies ahead of its clock',
    habits: {
      async *poll(context, cursor, habits) {
        const now = context.clock.now().toString();
        for await (const page of sound.poll(context, cursor, habits))
          yield { ...page, records: page.records.filter(({ changedAt }) => (changedAt ?? '') <= now) };
      },
    },
    found: ['a hub whose clock is three hours behind at first misses nothing afterwards'],
    saying: /is still/,
  },
  {
    fault: 'does not read again what the index may show late',
    habits: { worth: { ...sound.worth, lagMs: 0 } },
    found: ['what the index shows minutes late is found, though newer changes were read before it'],
    saying: /is still/,
  },
  {
    fault: 'counts what there is, and does not ask what changed',
    habits: { census: (get) => readIds(get) },
    found: ['one record that the index holds back alone, while newer changes go through, is found by a census'],
    saying: /^The graph is wrong after a census.*: \d+ is still/,
  },
  {
    fault: 'takes the time of reading for a cursor',
    habits: {
      behind: (place, context) => {
        const cursor = sound.behind(place, context);
        return place.next === null ? { ...cursor, since: context.clock.now().toString() } : cursor;
      },
    },
    found: [
      'an index that stands still for an hour loses nothing of that hour',
      'a hub whose clock is three hours ahead at first misses nothing afterwards',
      'a hub whose clock jumps while pages are read misses nothing',
    ],
    saying: /is still/,
  },
];
