import type { RunReport } from '@plumbline/hub';
import type { Check } from '../check.ts';
import type { Stand } from '../stand.ts';
import type { Telling } from '../subject.ts';
import { demand } from '../violation.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Longer than a channel of a file lasts. */
const LONG_HOURS = 30;
const DAYS_MS = 3 * 86_400_000;

/** What happens to events on their way. They say where to look; what the graph holds is the vendor's word alone. */
export const webhookChecks: readonly Check[] = [
  {
    name: 'what the vendor tells of is in the graph without a poll',
    wants: ['webhooks', 'wire'],
    async run(stand) {
      const { telling, first } = await begin(stand);
      stand.change(first);
      const made = stand.create();
      await telling.settled();
      demandStatus(telling, 200, 'An event');
      mustRead(await stand.look(), 'after an event');
      await stand.mustShow(`after the vendor told of ${first} and ${made}`);
    },
  },
  {
    name: 'an event that the vendor sends twice is read once',
    wants: ['webhooks', 'wire'],
    async run(stand) {
      const { telling, first } = await begin(stand);
      telling.hold();
      stand.change(first);
      let told: readonly unknown[] = [];
      await telling.release((waiting) => {
        told = waiting;
        return [...waiting, ...waiting];
      });
      demandStatus(telling, 200, 'An event that came twice');
      mustRead(await stand.look(), 'after an event');
      // Vendors that had no answer in time send the event anew, signed anew.
      stand.clocks.vendor.advance(MINUTE_MS);
      telling.hold();
      await telling.release(() => told as readonly never[]);
      demandStatus(telling, 200, 'An event that came again');
      await mustReadNothing(stand, 'again because of an event that came again');
      await stand.mustShow('after an event that came twice');
      const versions = (await stand.shown()).get(first)?.versions;
      demand(versions === 2, `A record that changed once has ${versions} versions after an event that came twice.`);
    },
  },
  {
    name: 'a request that somebody sends again causes no reading, soon or late',
    wants: ['webhooks', 'wire'],
    async run(stand) {
      const { telling, first } = await begin(stand);
      stand.change(first);
      await telling.settled();
      await stand.look();
      const overheard = telling.sent.at(-1);
      demand(overheard !== undefined, 'The vendor told nothing of a change.');
      for (const laterMs of [SECOND_MS, DAYS_MS]) {
        stand.clocks.vendor.advance(laterMs);
        await stand.renew();
        const status = await telling.replay(overheard);
        demand(status < 500, `A request that was sent again was answered ${status}.`);
        await mustReadNothing(stand, 'because of a request that was sent again');
      }
      await stand.mustShow('after a request was sent again');
    },
  },
  {
    name: 'events that come in another order than they happened end at the truth',
    wants: ['webhooks', 'wire'],
    async run(stand) {
      const { telling, first, second } = await begin(stand);
      telling.hold();
      for (const id of [first, second, first]) {
        stand.change(id);
        stand.clocks.vendor.advance(SECOND_MS);
      }
      await telling.release((waiting) => waiting.slice(-1));
      mustRead(await stand.look(), 'after the latest event');
      telling.hold();
      stand.change(second);
      stand.clocks.vendor.advance(SECOND_MS);
      stand.change(first);
      await telling.release((waiting) => waiting.toReversed());
      mustRead(await stand.look(), 'after events in reverse');
      await stand.mustShow('after events that came in reverse');
    },
  },
  {
    name: 'an event that comes late puts nothing back',
    wants: ['webhooks', 'wire'],
    async run(stand) {
      const { telling, first } = await begin(stand);
      telling.hold();
      stand.change(first);
      stand.settle();
      await stand.read();
      stand.change(first);
      stand.settle();
      await stand.read();
      const before = (await stand.shown()).get(first)?.versions;
      await telling.release((waiting) => waiting.slice(0, 1));
      await stand.look();
      await stand.mustShow('after an event that came late');
      const after = (await stand.shown()).get(first)?.versions;
      demand(after === before, 'An event that came late made a version of what was known.');
    },
  },
  {
    name: 'what is not signed by the vendor is refused, and nothing is read because of it',
    wants: ['webhooks', 'wire'],
    proof: 'SIGNATURE',
    async run(stand) {
      const { telling, first } = await begin(stand);
      telling.plan({ kind: 'forge' });
      stand.change(first);
      await telling.settled();
      demandStatus(telling, 401, 'A request signed with another secret');
      await mustReadNothing(stand, 'because of a request that was forged');
      stand.change(first);
      await telling.settled();
      await stand.look();
      const good = telling.sent.at(-1);
      demand(good?.status === 200, `An event after a forged one was answered ${good?.status}.`);
      // Other bytes than the ones that were signed, and the same to every parser.
      const status = await telling.replay({ ...good, body: `${good.body} ` });
      demand(status >= 400 && status < 500, `A body that was changed on the way was answered ${status}.`);
      await mustReadNothing(stand, 'because of a body that was changed on the way');
      await stand.mustShow('after forged requests');
    },
  },
  {
    name: 'what does not come by a channel of the hub’s own is refused, and nothing is read because of it',
    wants: ['webhooks', 'wire'],
    proof: 'CHANNEL',
    async run(stand) {
      const { telling, first } = await begin(stand);
      telling.plan({ kind: 'forge' });
      stand.change(first);
      await telling.settled();
      demandStatus(telling, 401, 'A message with a token that is a guess');
      await mustReadNothing(stand, 'because of a token that was a guess');
      stand.change(first);
      await telling.settled();
      await stand.look();
      const good = telling.sent.at(-1);
      demand(good?.status === 200, `A message after one with a wrong token was answered ${good?.status}.`);
      const counterfeits = stand.subject.counterfeits?.(good) ?? [];
      demand(counterfeits.length > 0, 'The subject gives no counterfeits.');
      for (const { what, request } of counterfeits) {
        const status = await telling.replay(request);
        demand(status >= 400 && status < 500, `${what} was answered ${status}.`);
        await mustReadNothing(stand, `because of a message that is none: ${what}`);
      }
      await stand.mustShow('after messages of channels that are none of the hub’s');
    },
  },
  {
    name: 'a channel is followed by another before it ends, and the vendor tells of every change',
    wants: ['webhooks', 'wire'],
    proof: 'CHANNEL',
    async run(stand) {
      const { telling, first } = await begin(stand);
      for (let hour = 1; hour <= LONG_HOURS; hour += 1) {
        stand.clocks.vendor.advance(HOUR_MS);
        const told = telling.sent.length;
        stand.change(first);
        await telling.settled();
        demand(telling.sent.length > told, `Nobody was told of a change after ${hour} hours: the channel had ended.`);
        demandStatus(telling, 200, `A message after ${hour} hours`);
        mustRead(await stand.look(), `after a message that came after ${hour} hours`);
        await stand.renew();
      }
      await stand.mustShow('after channels followed one another');
    },
  },
];

export async function begin(stand: Stand): Promise<{ telling: Telling; first: string; second: string }> {
  const [first = '', second = ''] = stand.make(3);
  await stand.read();
  const telling = await stand.listen();
  stand.clocks.vendor.advance(SECOND_MS);
  return { telling, first, second };
}

function mustRead(reports: readonly RunReport[], when: string): void {
  demand(reports.length > 0, `Nothing was read ${when}.`);
  for (const { status, error } of reports) {
    demand(status === 'SUCCEEDED', `What was read ${when} ended ${status}: ${error ?? ''}`);
  }
}

async function mustReadNothing(stand: Stand, why: string): Promise<void> {
  const before = stand.wire.requests.length;
  const reports = await stand.look();
  const asked = stand.wire.requests.length - before;
  demand(reports.length === 0 && asked === 0, `The vendor was asked ${why}.`);
}

export function demandStatus({ sent }: Telling, wanted: number, what: string): void {
  const { status } = sent.at(-1) ?? { status: 'not at all' };
  demand(status === wanted, `${what} was answered ${status}, not ${wanted}.`);
}
