import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDirectivesPlugin } from '@escape.tech/graphql-armor-max-directives';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { createYoga } from 'graphql-yoga';
import type { Clock } from '@plumbline/connector';
import { sql } from 'kysely';
import type { ChangeControlPolicy } from '../change-requests/change-control.settings.ts';
import type { Database } from '../kernel/database.ts';
import type { InstalledSource } from '../sources/installed-source.ts';
import { createFreshness } from '../sources/source-freshness.store.ts';
import { createRequestRate, type RequestRate } from '../sync/request-rate.ts';
import { buildClientSchema } from './client-status.graphql.ts';
import { entryHtml, statusHtml } from './client-status.html.ts';
import { answerTo, projectStatus, type ClientStatus } from './client-status.rules.ts';
import type { ClientStatusSettings } from './client-status.settings.ts';
import { readClientFacts } from './client-status.store.ts';
import { findHolder, hashOfToken, noteTokenUse } from './client-token.store.ts';

/** A page, and whether the token was good for it. */
interface ClientPage {
  status: 200 | 401 | 429;
  html: string;
  /** What the page needs to be allowed, and nothing else. */
  policy: string;
}

/** What a client reaches: its own status, by a token, as data and as a page. */
export interface ClientApi {
  /** Answers a GraphQL request to `/client/graphql`. */
  fetch(request: Request, token: string): Promise<Response>;
  /** The status as a page; without a token, where to give one. */
  page(token: string | null): Promise<ClientPage>;
}

/** What the clients' API needs of a hub. */
interface ClientHub {
  database: Database;
  sources: readonly InstalledSource[];
  clock: Clock;
  changeControl: ChangeControlPolicy;
}

type Refused = 401 | 429;

const messages: Readonly<Record<Refused, string>> = {
  401: 'This token is not known, has ended or was revoked. Ask us for a new one.',
  429: 'Too many requests; try again in a few seconds.',
};

/** What a status is made of, as far as sources know it. */
const shownKinds = ['client', 'opportunity', 'project', 'milestone', 'changeRequest'] as const;
/** A dashboard and a few people. */
const RATE = { burst: 30, perSecond: 2 };
/** Tokens that do not work, all together: whoever guesses does not hold up those who know. */
const STRANGERS_RATE = { burst: 60, perSecond: 5 };

/** The clients' API over a hub. Whether a token works is looked up at every request, so that revoking one ends it. */
export function createClientApi(hub: ClientHub, settings: ClientStatusSettings): ClientApi {
  const { clock } = hub;
  const rates = new Map<string, RequestRate>();
  const strangers = createRequestRate(STRANGERS_RATE, clock);
  const yoga = createClientYoga();

  async function look(token: string): Promise<ClientStatus | Refused> {
    const hash = hashOfToken(token);
    if (hash === null) return 401;
    const rate = await rateOf(hash);
    if (!(rate ?? strangers).take()) return 429;
    const status = rate && (await readStatus(hub, settings, hash));
    if (!status) rates.delete(hash);
    return status ?? 401;
  }

  /** The rate of a token that works, or did when it was last used; undefined for one that does not. */
  async function rateOf(hash: string): Promise<RequestRate | undefined> {
    const known = rates.get(hash);
    if (known) return known;
    if (!(await findHolder(hub.database.reader, hash, clock.now().toString()))) return undefined;
    // Of several first requests at once, all take from the same.
    const rate = rates.get(hash) ?? createRequestRate(RATE, clock);
    rates.set(hash, rate);
    return rate;
  }

  return {
    async fetch(request, token) {
      const status = await look(token);
      if (typeof status === 'number') return refusal(status);
      return yoga.fetch(request, { status });
    },
    async page(token) {
      if (token === null) return { status: 200, ...entryHtml(settings, null) };
      const status = await look(token);
      if (typeof status === 'number') return { status, ...entryHtml(settings, messages[status]) };
      return { status: 200, ...statusHtml(status) };
    },
  };
}

/** Answers what was read for a token beforehand. */
function createClientYoga() {
  return createYoga<{ status: ClientStatus }>({
    schema: buildClientSchema(),
    graphqlEndpoint: '/client/graphql',
    cors: false,
    landingPage: false,
    graphiql: false,
    logging: false,
    plugins: [
      maxTokensPlugin({ n: 1_000 }),
      // No field has arguments that would want one; nested, each multiplies what is answered.
      maxAliasesPlugin({ n: 0, allowList: [] }),
      maxDirectivesPlugin({ n: 9 }),
    ],
  });
}

function refusal(status: Refused): Response {
  return Response.json({ errors: [{ message: messages[status] }] }, { status });
}

/** Reads all that is shown in one transaction that can write nothing; null where the token does not work. */
async function readStatus(
  hub: ClientHub,
  { firm, acceptanceKeptIn }: ClientStatusSettings,
  tokenHash: string,
): Promise<ClientStatus | null> {
  const { database, clock, changeControl } = hub;
  const now = clock.now().toString();
  const found = await database.reader.transaction().execute(async (rows) => {
    await sql`set transaction isolation level repeatable read, read only`.execute(rows);
    const holder = await findHolder(rows, tokenHash, now);
    if (!holder) return null;
    const { zone } = changeControl.calendar;
    const facts = await readClientFacts(rows, { clientId: holder.clientId, zone, now, acceptanceKeptIn });
    const freshness = await createFreshness(rows, hub)(shownKinds);
    return { holder, facts, freshness };
  });
  if (!found) return null;
  const { holder, facts, freshness } = found;
  const today = now.slice(0, 10);
  if (holder.lastUsedOn !== today) await noteTokenUse(database.rows, holder.tokenId, today);
  return {
    firm,
    client: holder.client ?? 'Your projects',
    asOf: now,
    readAt: freshness.readAt,
    freshness: freshness.figure.figure.value,
    isLate: freshness.stale.length > 0,
    complete: facts.complete,
    messages: facts.messages,
    waitingForYou: facts.offers.map(answerTo),
    projects: facts.projects.map((project) => projectStatus(project, changeControl.quoteValidDays)),
  };
}
