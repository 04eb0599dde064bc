import { soundChannels } from '../ledger-channels.ts';
import type { Broken } from './broken.ts';

const REFUSED = 'what does not come by a channel of the hub’s own is refused, and nothing is read because of it';
const FOLLOWED = 'a channel is followed by another before it ends, and the vendor tells of every change';

/** The highest number so far: what a connector had better not remember. */
let highest = 0;

export const brokenChannels: readonly Broken[] = [
  {
    fault: 'believes every channel',
    habits: { channels: { ...soundChannels, isOurs: () => true } },
    found: [REFUSED],
    saying: /a token that is a guess was answered 200, not 401/,
  },
  {
    fault: 'takes a token for good whichever channel it was given to',
    habits: { channels: { ...soundChannels, isOurs: ({ until }) => Number.isFinite(until) } },
    found: [REFUSED],
    saying: /A channel that nobody opened was answered 200/,
  },
  {
    fault: 'believes a channel for ever',
    habits: { channels: { ...soundChannels, isOver: () => false } },
    found: ['a request that somebody sends again causes no reading, soon or late'],
    saying: /was asked because of a request that was sent again/,
  },
  {
    fault: 'takes all messages of a channel for one',
    habits: { channels: { ...soundChannels, key: ({ channel }) => channel } },
    found: ['events that come in another order than they happened end at the truth', FOLLOWED],
    saying: /Nothing was read after/,
  },
  {
    fault: 'takes a message that is sent again for another one',
    habits: { channels: { ...soundChannels, key: ({ channel }) => `${channel} ${performance.now()}` } },
    found: ['an event that the vendor sends twice is read once'],
    saying: /was asked again because of an event that came again/,
  },
  {
    fault: 'passes over messages whose number is below one it knows, of whichever channel',
    habits: {
      channels: {
        ...soundChannels,
        looks(told) {
          const before = highest;
          highest = Math.max(before, told.number);
          return told.number < before ? [] : soundChannels.looks(told);
        },
      },
    },
    found: [FOLLOWED],
    saying: /Nothing was read after a message that came after \d+ hours/,
  },
  {
    fault: 'opens a channel and never another',
    habits: { channels: { ...soundChannels, lasts: () => true } },
    found: [FOLLOWED],
    saying: /Nobody was told of a change after \d+ hours: the channel had ended/,
  },
  {
    fault: 'opens another channel once the last one has ended',
    habits: {
      channels: {
        ...soundChannels,
        lasts: ({ expiresAt }, now) => Temporal.Instant.compare(expiresAt ?? '', now) > 0,
      },
    },
    found: [FOLLOWED],
    saying: /Nobody was told of a change after \d+ hours: the channel had ended/,
  },
];
