import { headOffice } from '../vocabulary.ts';
import { daysFrom } from './amounts.ts';
import { findCast, type Cast, type MoneyText } from './cast.ts';
import { quotedPrice, saidOfChanges, tellChanges } from './delivery.ts';
import { saidOfOffers, tellOffers } from './offers.ts';
import { createTeller, type Fetch, type Teller } from './teller.ts';
import { saidInCheckIns, tellViews } from './views.ts';

export interface StoryOptions {
  /** The hub's API. */
  fetch: Fetch;
  /** The company's present day. */
  today: string;
  now: Temporal.Instant;
  /** The token that an earlier telling returned; null where there was none, or it was lost. */
  token: string | null;
}

/** What a client can look at by now. */
export interface Told {
  client: { id: string; name: string };
  /** Shows the client its status. */
  token: string;
  /** What was quoted to the client. */
  quoted: MoneyText;
}

const saidOfReport = 'Their steering committee, by mail; the controller had to be asked twice for the figures.';

/** What people say among themselves in the story. */
export const saidAmongColleagues: readonly string[] = [
  ...Object.values(saidOfOffers),
  ...Object.values(saidOfChanges),
  ...saidInCheckIns,
  saidOfReport,
];

const TOKEN = 'Shown when the sandbox starts';
const REVIEWED_DAYS_AGO = 7;
const TOKEN_DAYS = 364;

/**
 * Tells a hub that has read the company what the vendors do not know: offers and their reviews, how people see their deals
 * and projects, a review of last week, and a client that may look. It is told through the hub's API, by people of the
 * company. A story that was broken off is gone on with, and one that was told is not told again. Null in a company that is
 * too small for it. Throws an Error with the hub's own words.
 */
export async function tellStory({ fetch, today, now, token }: StoryOptions): Promise<Told | null> {
  const teller = createTeller(fetch);
  const cast = await findCast(teller, today);
  if (!cast) return null;
  const told = (of: string): Told => ({ client: cast.delivery.client, token: of, quoted: quotedPrice(cast) });
  const tokens = await readTokens(teller, cast, now);
  if (token !== null && tokens.length > 0) return told(token);
  await tellOffers(teller, cast, today);
  await tellChanges(teller, cast);
  await tellViews(teller, cast, today);
  // Deals have a past; of most else, a hub that has just begun knows the present only.
  await teller.take(cast.controller.email, 'takeSnapshot', 'review of last week', {
    scope: { portfolio: true },
    lens: 'SALES',
    currency: headOffice.currency,
    asOf: `${daysFrom(today, -REVIEWED_DAYS_AGO)}T08:00:00Z`,
  });
  await tellReport(teller, cast);
  return told(await giveToken(teller, cast, { now, lost: tokens }));
}

/** The first report that the statement of work promises: it was sent. Those that the schedule takes later are not. */
async function tellReport(teller: Teller, { controller, delivery }: Cast): Promise<void> {
  const snapshot = await teller.take(controller.email, 'takeSnapshot', 'first report to the client', {
    scope: { client: delivery.client.id },
    lens: 'DELIVERY',
    currency: headOffice.currency,
  });
  await teller.take(delivery.manager.email, 'reportSent', 'first report to the client was sent', {
    snapshot,
    to: saidOfReport,
  });
}

/** The ids of the tokens of the story that work. */
async function readTokens({ ask }: Teller, { delivery, controller }: Cast, now: Temporal.Instant): Promise<string[]> {
  const { node } = await ask<{
    node: { tokens: { id: string; name: string; expiresAt: string; revokedAt: string | null }[] };
  }>(
    controller.email,
    'query ($id: ID!) { node(id: $id) { ... on Client { tokens { id name expiresAt revokedAt } } } }',
    { id: delivery.client.id },
  );
  return node.tokens
    .filter(({ name, revokedAt }) => name === TOKEN && revokedAt === null)
    .filter(({ expiresAt }) => Temporal.Instant.compare(expiresAt, now) > 0)
    .map(({ id }) => id);
}

/** The end of the story. A token whose text nobody kept is of no use. */
async function giveToken(
  { ask }: Teller,
  { delivery, controller }: Cast,
  { now, lost }: { now: Temporal.Instant; lost: readonly string[] },
): Promise<string> {
  for (const id of lost)
    await ask(controller.email, 'mutation ($id: ID!) { revokeClientToken(id: $id) { __typename } }', { id });
  const { createClientToken } = await ask<{ createClientToken: { message?: string; data?: { token: string } } }>(
    controller.email,
    `mutation ($client: ID!, $name: String!, $until: Instant!) { createClientToken(client: $client, name: $name, expiresAt: $until) {
      ... on Error { message } ... on CreateClientTokenSuccess { data { token } } } }`,
    { client: delivery.client.id, name: TOKEN, until: now.add({ hours: 24 * TOKEN_DAYS }).toString() },
  );
  if (!createClientToken.data) throw new Error(`the client's token: ${createClientToken.message}`);
  return createClientToken.data.token;
}
