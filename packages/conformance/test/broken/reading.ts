import { sound, type LedgerCursor } from '../ledger-connector.ts';
import { byOffset, END, type Broken } from './broken.ts';

/** What a connector keeps beside its cursors, where no other process finds it. */
let inMemory: LedgerCursor['reading'];
let busy = false;

export const brokenReading: readonly Broken[] = [
  {
    fault: 'drops its last page',
    habits: {
      page: async (get, place) => {
        const found = await sound.page(get, place);
        return found.next === null && place.next !== null ? END : found;
      },
    },
    found: ['every record there is comes with the first read, once'],
    saying: /is missing/,
  },
  {
    fault: 'cannot do with nothing',
    habits: {
      page: async (get, place) => {
        const found = await sound.page(get, place);
        if (found.entries.length === 0) throw new TypeError('the first entry is not there');
        return found;
      },
    },
    found: ['nothing at all is an answer, too'],
    saying: /ended FAILED: the first entry is not there/,
  },
  {
    fault: 'asks the vendor past the hub',
    habits: {
      get: (context) => (path, body) =>
        fetch(context.config.address + path, {
          method: body ? 'POST' : 'GET',
          headers: { authorization: `Bearer ${context.secrets.token}` },
          ...(body ? { body: JSON.stringify(body) } : {}),
        }),
    },
    found: ['every request goes through the hub, which counts, limits and times it'],
    saying: /the hub knows of 0/,
  },
  {
    fault: 'puts the time of reading into payloads',
    habits: { payload: (entry, { clock }) => ({ ...entry, readAt: clock.now().toString() }) },
    found: [
      'a poll that finds nothing new writes nothing and leaves the cursor as it is',
      'a change and a new record come with the next poll, and nothing else does',
    ],
    saying: /that differ/,
  },
  {
    fault: 'takes a short page for the last one',
    habits: { next: ({ entries, next }) => (entries.length < 4 ? null : next) },
    found: ['short and empty pages are not the end'],
    saying: /is missing/,
  },
  {
    fault: 'moves its cursor on before the page is there',
    habits: {
      behind: (place, context) => {
        const { next } = place;
        const [at = 0, id = 0] = (next ?? '').split(',').map(Number);
        return sound.behind({ ...place, next: next === null ? null : `${at + 4 * 60_000},${id + 4}` }, context);
      },
    },
    found: [
      'from the cursor behind every page the rest is read',
      'a run that dies right behind a page is gone on with from there',
    ],
    saying: /is missing/,
  },
  {
    fault: 'keeps its place in memory',
    habits: {
      behind(place, context) {
        const { reading, ...rest } = sound.behind(place, context);
        inMemory = reading;
        return rest;
      },
      resume: () => inMemory,
    },
    found: ['from the cursor behind every page the rest is read'],
    saying: /stopped behind page \d ended SUCCEEDED/,
  },
  {
    fault: 'leaves the reading to a process that reads already',
    habits: {
      async *poll(context, cursor, habits) {
        if (busy) return yield { records: [], cursor: cursor ?? { gone: {} }, complete: true };
        busy = true;
        yield* sound.poll(context, cursor, habits);
        busy = false;
      },
    },
    found: ['another process takes over from one that hangs, and its late pages do no harm'],
    saying: /is missing/,
  },
  {
    fault: 'pages by position',
    habits: { page: byOffset },
    found: [
      'records that go while pages are read take no others with them',
      'records that move to another page while pages are read are not lost',
    ],
    saying: /is missing/,
  },
];
