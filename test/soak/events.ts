import type { Sandbox } from '../../apps/sandbox/src/index.ts';
import type { Deliveries, Random } from '../../packages/emulator/src/index.ts';

/** What became of the vendors' events; none of one sort would prove nothing about it. */
export interface EventCounts {
  /** Requests that the hub answered with 200. */
  delivered: number;
  /** Those of them that were sent once more. */
  repeated: number;
  /** Events that arrived after one that was announced later. */
  reordered: number;
  /** Events that nobody ever sent. */
  lost: number;
  /** Requests that were sent again hours or days later, and answered as known. */
  known: number;
  /** Those that were refused as too old. */
  expired: number;
  /** Events that came so late that the hub took them no more. */
  refused: number;
}

/** What lies between the vendors and the hub. */
interface Way {
  readonly counts: EventCounts;
  /** Sends most of what waits: in another order, some twice, some later, some never; all of it and in order when `calm`. */
  deliver(weather: 'bad' | 'calm'): Promise<void>;
  /** Sends some of what was ever taken once more, as somebody would who has listened: by now it is known, or too old. */
  replay(): Promise<void>;
}

type Vendors = Pick<Sandbox, 'jira' | 'hubspot' | 'google'>;

/** From now on the events of these vendors wait until they are delivered. */
export function createWay(vendors: Vendors, random: Random): Way {
  const counts: EventCounts = { delivered: 0, repeated: 0, reordered: 0, lost: 0, known: 0, expired: 0, refused: 0 };
  const ways = [
    createOneWay(vendors.hubspot.deliveries, { counts, random }),
    createOneWay(vendors.jira.deliveries, { counts, random }),
    createOneWay(vendors.google.deliveries, { counts, random }),
  ];
  return {
    counts,
    async deliver(weather) {
      for (const way of ways) await way.deliver(weather);
    },
    async replay() {
      for (const way of ways) await way.replay();
    },
  };
}

function createOneWay<Event>(
  deliveries: Deliveries<Event>,
  { counts, random }: { counts: EventCounts; random: Random },
): Pick<Way, 'deliver' | 'replay'> {
  let waiting: { event: Event; number: number }[] = [];
  let announced = 0;
  let latest = 0;
  deliveries.hold();

  function leave(): { event: Event; number: number }[] {
    const later: typeof waiting = [];
    const leaving: typeof waiting = [];
    for (const each of waiting) {
      if (random.chance(0.1)) counts.lost += 1;
      else if (random.chance(0.25)) later.push(each);
      else leaving.push(...(random.chance(0.15) ? [each, each] : [each]));
    }
    waiting = later;
    return leaving
      .map((each) => ({ each, at: random.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ each }) => each);
  }

  return {
    async deliver(weather) {
      const sent: Event[] = [];
      await deliveries.release((news) => {
        waiting.push(...news.map((event) => ({ event, number: (announced += 1) })));
        const leaving = weather === 'bad' ? leave() : waiting.splice(0);
        counts.repeated += leaving.length - new Set(leaving).size;
        for (const { number } of new Map(leaving.map((each) => [each.number, each])).values()) {
          if (number < latest) counts.reordered += 1;
          latest = Math.max(latest, number);
        }
        sent.push(...leaving.map(({ event }) => event));
        return sent;
      });
      deliveries.hold();
      if (sent.length === 0) return;
      for (const { status } of deliveries.sent.slice(-sent.length)) {
        if (status === 200) counts.delivered += 1;
        else counts.refused += 1;
      }
    },
    async replay() {
      const good = deliveries.sent.filter(({ status }) => status === 200);
      for (const each of good.length > 0 ? [random.pick(good), random.pick(good)] : []) {
        const status = await deliveries.replay(each);
        if (status !== 200 && status !== 403) throw new Error(`What was replayed was answered by ${status}.`);
        if (status === 200) counts.known += 1;
        else counts.expired += 1;
      }
    },
  };
}
