import { sound } from '../ledger-connector.ts';
import type { Broken } from './broken.ts';

function depthOf(value: unknown): number {
  let depth = 0;
  let level: unknown[] = [value];
  for (; level.length > 0; depth += 1)
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  return depth;
}

export const brokenRecords: readonly Broken[] = [
  {
    fault: 'stops at a record it cannot read',
    habits: {
      payload(entry) {
        if (typeof entry.title !== 'string') throw new TypeError('title: wants a text');
        return entry;
      },
    },
    found: [
      'a record that cannot be read waits in quarantine, and everything else goes on',
      'a record that cannot be read on the very first page stops nothing',
    ],
    saying: /ended FAILED/,
  },
  {
    fault: 'leaves out records it cannot read',
    habits: {
      page: async (get, place) => {
        const found = await sound.page(get, place);
        return { ...found, entries: found.entries.filter(({ title }) => typeof title === 'string') };
      },
    },
    found: ['a record that cannot be read waits in quarantine, and everything else goes on'],
    saying: /ended SUCCEEDED/,
  },
  {
    fault: 'has no room for large answers',
    habits: {
      parse: async (response) => {
        const text = await response.text();
        if (text.length > 1_000_000) throw new RangeError('the answer is too large');
        return JSON.parse(text) as unknown;
      },
    },
    found: ['a record of 10 MB stops nothing'],
    saying: /too large/,
  },
  {
    fault: 'walks through payloads with care for a hundred levels only',
    habits: {
      payload(entry) {
        if (depthOf(entry) > 100) throw new RangeError('nested too deep');
        return entry;
      },
    },
    found: ['a record nested 2000 deep stops nothing'],
    saying: /nested too deep/,
  },
];
