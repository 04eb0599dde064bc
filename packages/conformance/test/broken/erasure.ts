import type { Page } from '@plumbline/connector';
import { sound, type Habits } from '../ledger-connector.ts';
import { soundHearing } from '../ledger-webhooks.ts';
import type { Broken } from './broken.ts';

const BACK = 'what was erased does not come back, though the vendor goes on saying it';

/** Reads as it should, but for what it makes of each page. */
const withPages = (change: (page: Page) => Page): Habits['poll'] =>
  async function* (context, cursor, habits) {
    for await (const page of sound.poll(context, cursor, habits)) yield change(page);
  };

const titlesOf = ({ records }: Page): unknown[] => records.map(({ payload }) => (payload as { title: unknown }).title);

export const brokenErasure: readonly Broken[] = [
  {
    fault: 'remembers in its cursor what records say',
    habits: {
      poll: withPages((page) => {
        const cursor = page.cursor as object;
        return { ...page, cursor: { ...cursor, latest: titlesOf(page) } };
      }),
    },
    found: [BACK],
    saying: /What was erased is in stream_cursor after a poll/,
  },
  {
    fault: 'keeps in each payload what its neighbours say',
    habits: {
      poll: withPages((page) => ({
        ...page,
        records: page.records.map((record) => ({
          ...record,
          payload: { ...(record.payload as object), beside: titlesOf(page) },
        })),
      })),
    },
    found: [BACK],
    saying: /What was erased is in record_payload once it was erased/,
  },
  {
    fault: 'knows an event by all that it says',
    habits: { hearing: { ...soundHearing, key: ({ event }) => JSON.stringify(event) } },
    found: ['what was erased does not come back by an event, be it late or sent again'],
    saying: /What was erased is in webhook_event after an event that came late and twice/,
  },
  {
    fault: 'takes what is to be forgotten for what has changed',
    habits: {
      hearing: {
        ...soundHearing,
        looks: ({ event }) => [{ stream: 'entries', id: String(event.id) }],
        erasures: () => [],
      },
    },
    found: ['what the vendor wants forgotten is erased, and nothing brings it back'],
    saying: /What was erased is in .*record_payload.* after the vendor said that it is to be forgotten/,
  },
];
