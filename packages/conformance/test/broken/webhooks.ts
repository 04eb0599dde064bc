import { sound } from '../ledger-connector.ts';
import { signatureOf, soundHearing } from '../ledger-webhooks.ts';
import type { Broken } from './broken.ts';

/** The newest event of each ledger, and what events said of entries: what a connector had better not remember. */
const newest = new Map<string, number>();
const said = new Map<string, unknown>();

export const brokenWebhooks: readonly Broken[] = [
  {
    fault: 'takes an event and looks nowhere',
    habits: { hearing: { ...soundHearing, looks: () => [] } },
    found: ['what the vendor tells of is in the graph without a poll'],
    saying: /Nothing was read after an event/,
  },
  {
    fault: 'takes an event that is sent again for another one',
    habits: { hearing: { ...soundHearing, key: ({ event, time }) => `${event.event} ${time}` } },
    found: ['an event that the vendor sends twice is read once'],
    saying: /was asked again because of an event that came again/,
  },
  {
    fault: 'takes a request however old it is',
    habits: { hearing: { ...soundHearing, toleranceMs: Number.POSITIVE_INFINITY } },
    found: ['a request that somebody sends again causes no reading, soon or late'],
    saying: /was asked because of a request that was sent again/,
  },
  {
    fault: 'passes over events that are older than one it knows',
    habits: {
      hearing: {
        ...soundHearing,
        looks(told) {
          const { address, event } = told;
          const isOld = event.at < (newest.get(address) ?? 0);
          newest.set(address, Math.max(event.at, newest.get(address) ?? 0));
          return isOld ? [] : soundHearing.looks(told);
        },
      },
    },
    found: ['events that come in another order than they happened end at the truth'],
    saying: /is still "Record \d+"/,
  },
  {
    fault: 'believes what an event says more than what it finds',
    habits: {
      hearing: {
        ...soundHearing,
        looks(told) {
          said.set(`${told.address} ${told.event.id}`, told.event.title);
          return soundHearing.looks(told);
        },
      },
      async look(get, ids, { config }) {
        const found = await sound.look(get, ids, { config });
        return found.map((entry) => ({ ...entry, title: said.get(`${config.address} ${entry.id}`) ?? entry.title }));
      },
    },
    found: ['an event that comes late puts nothing back'],
    saying: /is still "Record \d+"/,
  },
  {
    fault: 'takes any signature',
    habits: { hearing: { ...soundHearing, isSigned: () => true } },
    found: ['what is not signed by the vendor is refused, and nothing is read because of it'],
    saying: /signed with another secret was answered 200, not 401/,
  },
  {
    fault: 'verifies what it has parsed instead of what was sent',
    habits: {
      hearing: {
        ...soundHearing,
        isSigned: ({ request, time, event }, secret) =>
          request.headers.get('x-ledger-signature') === signatureOf({ secret, time, body: JSON.stringify(event) }),
      },
    },
    found: ['what is not signed by the vendor is refused, and nothing is read because of it'],
    saying: /A body that was changed on the way was answered 200/,
  },
];
