import {
  explain,
  HubError,
  type StandingSubscriptions,
  type SubscribeInput,
  type Subscription,
} from '@plumbline/connector';
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { JiraSecrets } from './config.ts';
import { visibleProjects } from './inventory.ts';
import type { JiraContext } from './jira-client.ts';
import { webhookCalls } from './webhook-calls.ts';

/** What Jira tells apps of that is read here; it tells them nothing of worklogs and projects. */
const EVENTS = ['jira:issue_created', 'jira:issue_updated', 'jira:issue_deleted'] as const;

const DAY_MS = 24 * 60 * 60_000;
/** They end after 30 days: half of that is left for a hub that stood still. */
const REFRESH_BEFORE_MS = 15 * DAY_MS;

/** The address without its secret part: this is stored as it is. */
const detailsSchema = z.object({ address: z.string(), jqlFilter: z.string(), lookedAt: z.string() });

/**
 * Jira signs no webhooks of apps, so their address ends in what nobody can guess: the client secret is secret enough to
 * make it of. With an administrator's webhook the app's are not needed.
 */
export function webhookPathOf({ clientSecret, webhookSecret }: JiraSecrets): string | undefined {
  if (clientSecret === undefined || webhookSecret !== undefined) return undefined;
  return createHmac('sha256', clientSecret).update('plumbline webhook path').digest('base64url');
}

/**
 * One webhook for all projects that are read: an app has five for each person at most. Jira's own list says what stands;
 * it is looked at after a start and once a day.
 */
export async function keepWebhooks(context: JiraContext, input: SubscribeInput): Promise<StandingSubscriptions> {
  const path = webhookPathOf(context.secrets);
  if (path === undefined) return { subscriptions: [], problems: [] };
  const { address, standing, afresh } = input;
  const now = context.clock.now();
  if (!afresh && standing.length > 0 && standing.every((each) => wasLookedAt(each, address, now))) {
    return { subscriptions: standing, problems: [] };
  }
  try {
    return { subscriptions: [await settle(context, { url: `${address}/${path}`, address, standing })], problems: [] };
  } catch (error) {
    context.signal.throwIfAborted();
    const lasting = standing.filter(
      ({ expiresAt }) => expiresAt !== null && Temporal.Instant.compare(expiresAt, now) > 0,
    );
    return {
      subscriptions: lasting,
      problems: [`Jira's webhooks cannot be registered or refreshed: ${explain(error)}`],
    };
  }
}

function wasLookedAt({ details }: Subscription, address: string, now: Temporal.Instant): boolean {
  const known = detailsSchema.safeParse(details).data;
  if (known?.address !== address) return false;
  return now.epochMilliseconds - Temporal.Instant.from(known.lookedAt).epochMilliseconds < DAY_MS;
}

async function settle(
  context: JiraContext,
  { url, address, standing }: { url: string; address: string; standing: readonly Subscription[] },
): Promise<Subscription> {
  const calls = await webhookCalls(context);
  const jqlFilter = await filterOf(context);
  const path = url.slice(address.length);
  // Another beginning than ours is an address that this hub had before: Jira takes one address of an app at a time.
  const own = (await calls.list()).map((each) => ({ ...each, url: each.url ?? knownUrl(each.id, path, standing) }));
  const ours = own.filter((each) => each.url?.endsWith(path));
  const wanted = ours.find(
    (each) => each.url === url && each.jqlFilter === jqlFilter && EVENTS.every((event) => each.events.includes(event)),
  );
  const useless = ours.filter((each) => each !== wanted).map(({ id }) => id);
  if (useless.length > 0) await calls.remove(useless);
  const id = wanted?.id ?? (await calls.register({ url, events: EVENTS, jqlFilter }));
  const now = context.clock.now();
  const ends = wanted?.expirationDate;
  const lasts = ends !== undefined && ends.epochMilliseconds - now.epochMilliseconds > REFRESH_BEFORE_MS;
  // Also one that was registered just now: Jira does not say then when it ends.
  const expiresAt = lasts ? ends : await calls.refresh(id);
  return {
    id: String(id),
    subject: `Issues where ${jqlFilter}`.slice(0, 200),
    expiresAt: expiresAt.toString(),
    details: { address, jqlFilter, lookedAt: now.toString() },
  };
}

/** Jira's own example of its list leaves the address out; then it is the one that this hub gave. */
function knownUrl(id: number, path: string, standing: readonly Subscription[]): string | undefined {
  const known = detailsSchema.safeParse(standing.find((each) => each.id === String(id))?.details).data;
  return known && known.address + path;
}

/** Jira wants a condition; apps may use few fields in it. */
async function filterOf(context: JiraContext): Promise<string> {
  const { projects } = context.config;
  const keys = projects.length > 0 ? projects : (await visibleProjects(context)).map(({ id }) => id);
  const quoted = keys.toSorted().map((key) => `"${key}"`);
  if (quoted.length > 0) return `project in (${quoted.join(', ')})`;
  throw new HubError({
    code: 'NOT_FOUND',
    message: 'No project is visible, so there is nothing to be told of.',
    remedy: 'Let the person who connected the source browse the projects.',
  });
}
