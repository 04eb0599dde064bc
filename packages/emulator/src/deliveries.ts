import { z } from 'zod';
import type { EmulatorApp } from './emulator.ts';

/** A request that a vendor sends by itself. */
export interface Delivery {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface Sent extends Delivery {
  /** What was answered; 0 when nobody did. */
  status: number;
}

const deliveryFaultSchema = z.object({
  /** A delayed event waits until it is released; a forged one is signed by somebody who does not know the secret. */
  kind: z.enum(['drop', 'duplicate', 'delay', 'forge']),
  /** How many of the next events it hits. */
  times: z.number().int().positive().default(1),
});
type DeliveryFault = z.input<typeof deliveryFaultSchema>;

const releaseSchema = z.object({ order: z.enum(['as announced', 'reversed']).default('as announced') });

/** What a vendor tells of changes, and what may happen to it on the way. Nothing is tried twice: what fails is lost. */
export interface Deliveries<Event> {
  /** Sends it, unless events are held or a fault is planned for it. */
  announce(event: Event): void;
  /** From now on events wait. */
  hold(): void;
  /** Sends what waits, one after the other, as chosen: left out, twice, in another order. Then events go out at once again. */
  release(choose?: (waiting: readonly Event[]) => readonly Event[]): Promise<void>;
  plan(fault: DeliveryFault): void;
  /** Sends an event with a signature that is not the vendor's; gives the status that was answered. */
  forge(event: Event): Promise<number>;
  /** Sends the very same request again, as somebody would who has listened. */
  replay(sent: Delivery): Promise<number>;
  /** The latest requests, oldest first, at most 1,000. */
  readonly sent: readonly Sent[];
  /** Resolves when everything that is under way was answered. */
  settled(): Promise<void>;
}

/** `compose` makes the request of an event, signed at that moment; null when nobody wants to hear of it. */
export function createDeliveries<Event>(
  compose: (event: Event, how: { forged: boolean }) => Delivery | null,
): Deliveries<Event> {
  const sent: Sent[] = [];
  const underWay = new Set<Promise<unknown>>();
  let held: Event[] | null = null;
  let delayed: Event[] = [];
  let planned: { kind: z.output<typeof deliveryFaultSchema>['kind']; left: number }[] = [];

  async function post(delivery: Delivery): Promise<number> {
    const { url, headers, body } = delivery;
    const status = await fetch(url, { method: 'POST', headers, body }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
    sent.push({ ...delivery, status });
    if (sent.length > 1_000) sent.shift();
    return status;
  }

  async function send(event: Event, forged = false): Promise<number> {
    const delivery = compose(event, { forged });
    return delivery === null ? 0 : post(delivery);
  }

  function inBackground(work: Promise<unknown>): void {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  }

  function nextFault(): z.output<typeof deliveryFaultSchema>['kind'] | null {
    const next = planned.find(({ left }) => left > 0);
    if (!next) return null;
    next.left -= 1;
    planned = planned.filter(({ left }) => left > 0);
    return next.kind;
  }

  return {
    sent,
    announce(event) {
      if (held) {
        held.push(event);
        return;
      }
      const fault = nextFault();
      if (fault === 'drop') return;
      if (fault === 'delay') delayed.push(event);
      else inBackground(send(event, fault === 'forge'));
      if (fault === 'duplicate') inBackground(send(event));
    },
    hold() {
      held ??= [];
    },
    async release(choose = (waiting) => waiting) {
      const waiting = [...delayed, ...(held ?? [])];
      held = null;
      delayed = [];
      for (const event of choose(waiting)) await send(event);
    },
    plan(fault) {
      const { kind, times } = deliveryFaultSchema.parse(fault);
      planned.push({ kind, left: times });
    },
    forge: (event) => send(event, true),
    replay: post,
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

/** `POST /__control/webhooks/faults` with `{ kind, times }`, and `POST /__control/webhooks/release` with `{ order }`. */
export function addDeliveryRoutes<Event>(app: EmulatorApp, deliveries: Deliveries<Event>): void {
  app.post('/__control/webhooks/faults', async (context) => {
    const parsed = deliveryFaultSchema.safeParse(await context.req.json());
    if (!parsed.success) return context.json({ error: parsed.error.issues }, 400);
    deliveries.plan(parsed.data);
    return context.json({ planned: parsed.data }, 201);
  });
  app.post('/__control/webhooks/release', async (context) => {
    const parsed = releaseSchema.safeParse(await context.req.json());
    if (!parsed.success) return context.json({ error: parsed.error.issues }, 400);
    const { order } = parsed.data;
    await deliveries.release((waiting) => (order === 'reversed' ? waiting.toReversed() : waiting));
    return context.body(null, 204);
  });
}
