import { refused, sameSecret, type Reception, type WebhookRequest } from '@plumbline/connector';
import { createDeliveries, type Deliveries } from '@plumbline/emulator';
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Setting } from '../src/index.ts';

const TOLERANCE_MS = 5 * 60_000;

const eventSchema = z.object({
  event: z.string(),
  id: z.number(),
  title: z.unknown(),
  at: z.number(),
  forgotten: z.boolean(),
});
/** An entry that changed, as it was at that moment, or that is to be forgotten. */
export type LedgerEvent = z.output<typeof eventSchema>;

/** Tells an address of changes, signed over time and body when they are sent. */
export function createLedgerDeliveries(
  clock: Setting['clock'],
  target: () => { url: string; secret: string } | null,
): Deliveries<LedgerEvent> {
  return createDeliveries((event, { forged }) => {
    const to = target();
    if (!to) return null;
    const body = JSON.stringify(event);
    const time = String(clock.now().epochMilliseconds);
    const signature = signatureOf({ secret: forged ? `not ${to.secret}` : to.secret, time, body });
    return { url: to.url, body, headers: { 'x-ledger-time': time, 'x-ledger-signature': signature } };
  });
}

export function signatureOf({ secret, time, body }: { secret: string; time: string; body: string }): string {
  return createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
}

/** A request of the ledger's with what it says, not verified yet. */
interface Told {
  request: WebhookRequest;
  /** As it came; signed is this and no other text of the same meaning. */
  body: string;
  time: string;
  event: LedgerEvent;
  address: string;
}

/** What a listener does, step by step. */
export interface Hearing {
  isSigned(told: Told, secret: string): boolean;
  /** Milliseconds after which a request is too old. */
  toleranceMs: number;
  key(told: Told): string;
  looks(told: Told): readonly { stream: string; id: string | null }[];
  erasures(told: Told): readonly { stream: string; id: string }[];
}

export const soundHearing: Hearing = {
  isSigned: ({ request, body, time }, secret) =>
    sameSecret(request.headers.get('x-ledger-signature') ?? '', signatureOf({ secret, time, body })),
  toleranceMs: TOLERANCE_MS,
  key: ({ event }) => event.event,
  looks: ({ event }) => (event.forgotten ? [] : [{ stream: 'entries', id: String(event.id) }]),
  erasures: ({ event }) => (event.forgotten ? [{ stream: 'entries', id: String(event.id) }] : []),
};

export function hear(
  hearing: Hearing,
  request: WebhookRequest,
  context: { address: string; secret: string; now: Temporal.Instant },
): Reception {
  const body = new TextDecoder().decode(request.body);
  const time = request.headers.get('x-ledger-time') ?? '';
  const parsed = eventSchema.safeParse(jsonOf(body));
  if (!parsed.success) return refused('MALFORMED', 'The body is no event of the ledger’s.');
  const told: Told = { request, body, time, event: parsed.data, address: context.address };
  if (!hearing.isSigned(told, context.secret)) return refused('FORGED', 'The signature is not right.');
  const age = context.now.epochMilliseconds - Number(time);
  if (Math.abs(age) > hearing.toleranceMs) return refused('EXPIRED', 'The request is too old.');
  return {
    outcome: 'ACCEPTED',
    notices: [{ key: hearing.key(told), looks: hearing.looks(told), erasures: hearing.erasures(told) }],
    validUntil: Temporal.Instant.fromEpochMilliseconds(Number(time) + TOLERANCE_MS),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
