import { explain, type StandingSubscriptions, type SubscribeInput, type Subscription } from '@plumbline/connector';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { writeToken } from './channel-token.ts';
import { openGoogle, type Google, type GoogleContext } from './google.ts';

/** The longest that Google grants for a file; what it did grant is in its answer. */
const ASKED_MS = 24 * 60 * 60_000;

/** A token outlives its channel by this: messages may be late. */
const LATE_MS = 60 * 60_000;

const detailsSchema = z.object({
  fileId: z.string(),
  address: z.string(),
  resourceId: z.string(),
  openedAt: z.string(),
});
type Channel = Subscription & { details: z.output<typeof detailsSchema> };

/**
 * Channels end and cannot be renewed: a new one is opened while a quarter of the old one's time is left, and the old one
 * is stopped when the new one stands. Both may speak meanwhile; that only means looking once more. After a start all are
 * opened anew.
 */
export async function openChannels(
  context: GoogleContext,
  { address, standing, afresh }: SubscribeInput,
): Promise<StandingSubscriptions> {
  const google = openGoogle(context);
  const now = context.clock.now();
  const known = standing.filter(isChannel).filter(({ expiresAt }) => !hasEnded(expiresAt, now));
  const wanted = new Set(context.config.spreadsheets.map(({ id }) => id));
  const subscriptions: Subscription[] = [];
  const problems: string[] = [];
  const useless = known.filter(({ details }) => !wanted.has(details.fileId) || details.address !== address);
  for (const fileId of wanted) {
    const own = known.filter(({ details }) => details.fileId === fileId && details.address === address);
    const lasting = afresh ? undefined : own.find((channel) => lasts(channel, now));
    if (lasting) {
      subscriptions.push(lasting);
      useless.push(...own.filter((channel) => channel !== lasting));
      continue;
    }
    try {
      subscriptions.push(await openChannel({ context, google, fileId, address }));
      useless.push(...own);
    } catch (error) {
      context.signal.throwIfAborted();
      subscriptions.push(...own);
      problems.push(`Spreadsheet ${fileId} cannot be watched: ${explain(error)}`);
    }
  }
  for (const { id, details } of useless) {
    // It ends by itself when this fails.
    await google.unwatch({ id, resourceId: details.resourceId, fileId: details.fileId }).catch(() => undefined);
  }
  return { subscriptions, problems };
}

async function openChannel(input: {
  context: GoogleContext;
  google: Google;
  fileId: string;
  address: string;
}): Promise<Channel> {
  const { context, google, fileId, address } = input;
  const now = context.clock.now();
  const id = randomUUID();
  const expiration = now.epochMilliseconds + ASKED_MS;
  const token = writeToken({ channelId: id, fileId, validUntil: expiration + LATE_MS }, context.secrets);
  const opened = await google.watch(fileId, { id, address, token, expiration });
  return {
    id,
    subject: `Spreadsheet ${fileId}`,
    expiresAt: Temporal.Instant.fromEpochMilliseconds(opened.expiration).toString(),
    details: { fileId, address, resourceId: opened.resourceId, openedAt: now.toString() },
  };
}

function isChannel(subscription: Subscription): subscription is Channel {
  return detailsSchema.safeParse(subscription.details).success;
}

function hasEnded(expiresAt: string | null, now: Temporal.Instant): boolean {
  return expiresAt === null || Temporal.Instant.compare(expiresAt, now) <= 0;
}

function lasts({ expiresAt, details }: Channel, now: Temporal.Instant): boolean {
  if (expiresAt === null) return false;
  const ends = Temporal.Instant.from(expiresAt).epochMilliseconds;
  const whole = ends - Temporal.Instant.from(details.openedAt).epochMilliseconds;
  return ends - now.epochMilliseconds > whole / 4;
}
