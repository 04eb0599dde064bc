import {
  defineConnector,
  defineStream,
  diagnoseHttp,
  readJson,
  record,
  type Answer,
  type Connector,
  type CursorWorth,
  type Diagnosis,
  type Listed,
  type Page,
  type PollContext,
  type Presence,
  type WebhookDefinition,
} from '@plumbline/connector';
import { z } from 'zod';
import { hearMessage, keepChannels, type ChannelHearing } from './ledger-channels.ts';
import type { Entry } from './ledger-emulator.ts';
import { hear, soundHearing, type Hearing } from './ledger-webhooks.ts';

const config = z.object({ address: z.url() });
const secrets = z.object({ token: z.string(), webhookSecret: z.string() });
type Context = PollContext<z.output<typeof config>, z.output<typeof secrets>>;

const raw = z.looseObject({
  id: z.number(),
  title: z.string(),
  project: z.string(),
  merged: z.array(z.number()),
  owner: z.string().optional(),
});

const cursorSchema = z.object({
  /** The newest change seen by reads that came to their end. */
  since: z.string().optional(),
  /** A read under way: where it began, the token to go on from, and the newest change it has seen. */
  reading: z.object({ from: z.string().nullable(), next: z.string(), newest: z.number() }).optional(),
  /** What went and when, for as long as the index may still show it. */
  gone: z.record(z.string(), z.number()),
});
export type LedgerCursor = z.output<typeof cursorSchema>;

export interface Found {
  entries: Entry[];
  next: string | null;
}

/** One request of the ledger's; the answer as it came. */
export type Get = (path: string, body?: object) => Promise<Response>;

/** What a reader of the ledger does, step by step; each broken connector does one of them wrong. */
export interface Habits {
  worth: CursorWorth;
  diagnose(answer: Answer, source: string): Diagnosis;
  get(context: Context): Get;
  parse(response: Response): Promise<unknown>;
  /** Where to begin: the account's local minute; null reads everything. */
  from(input: { since: Temporal.Instant | null; zone: string; cursor: LedgerCursor | null }): string | null;
  page(get: Get, input: { from: string | null; next: string | null }): Promise<Found>;
  /** The token of the next page; null at the end. */
  next(found: Found, sofar: number): string | null;
  /** The cursor behind a page. */
  behind(
    input: { next: string | null; from: string | null; newest: number; gone: LedgerCursor['gone'] },
    context: Context,
  ): LedgerCursor;
  gone(get: Get, cursor: LedgerCursor | null): Promise<LedgerCursor['gone']>;
  /** Whether an entry that the list shows is gone for all that. */
  isGone(entry: Entry, gone: LedgerCursor['gone']): boolean;
  id(entry: Entry): string;
  payload(entry: Entry, context: Context): unknown;
  /** A fingerprint of what no time tells of. */
  surroundings(entry: Entry): string;
  /** Every id there is with its surroundings, and with its time what changed since. */
  census(get: Get, since: Temporal.Instant | null): Promise<Listed[]>;
  confirm(get: Get, ids: readonly string[]): Promise<Presence[]>;
  look(get: Get, ids: readonly string[], context: Pick<Context, 'config'>): Promise<Entry[]>;
  hearing: Hearing;
  /** Opens channels instead, and hears what comes by them. */
  channels: ChannelHearing | null;
  keys(entry: { id: number; merged: readonly number[] }): number[];
  /** Where the pages of a read stand that was begun before. */
  resume(cursor: LedgerCursor | null): LedgerCursor['reading'];
  poll(context: Context, cursor: LedgerCursor | null, habits: Habits): AsyncGenerator<Page>;
}

const MINUTE_MS = 60_000;

export const sound: Habits = {
  worth: { granularityMs: MINUTE_MS, lagMs: 5 * MINUTE_MS, zone: 'account', tieBreaker: 'id' },
  diagnose: (answer, source) => diagnoseHttp(source, answer),
  get:
    ({ config: { address }, secrets: { token }, http }) =>
    (path, body) =>
      http.fetch(
        address + path,
        {
          method: body ? 'POST' : 'GET',
          headers: { authorization: `Bearer ${token}` },
          ...(body ? { body: JSON.stringify(body) } : {}),
        },
        { endpointClass: 'read', idempotent: true },
      ),
  parse: (response) => readJson(response, 'ledger'),
  from: ({ since, zone }) => (since === null ? null : minuteText(unambiguous(since, zone))),
  async page(get, { from, next }) {
    const query = new URLSearchParams({
      limit: '200',
      ...(from === null ? {} : { from }),
      ...(next === null ? {} : { after: next }),
    });
    return (await this.parse(await get(`/entries?${query}`))) as Found;
  },
  next: ({ next }) => next,
  behind: ({ next, from, newest, gone }) =>
    next === null
      ? { gone, ...(newest > 0 ? { since: instantText(newest) } : {}) }
      : { gone, reading: { from, next, newest } },
  async gone(get, cursor) {
    const since = Math.max(0, ...Object.values(cursor?.gone ?? {})) - 10 * MINUTE_MS;
    const found = (await this.parse(await get(`/gone?since=${since}`))) as { id: number; at: number }[];
    return { ...cursor?.gone, ...Object.fromEntries(found.map(({ id, at }) => [String(id), at])) };
  },
  isGone: ({ id, changed }, gone) => (gone[String(id)] ?? Number.NEGATIVE_INFINITY) >= changed,
  id: ({ id }) => String(id),
  payload: (entry) => entry,
  surroundings: ({ owner }) => owner ?? 'nobody',
  async census(get, since) {
    const owners = (await readJson(await get('/owners'), 'ledger')) as { id: number; owner: string | null }[];
    const ownerOf = new Map(owners.map(({ id, owner }) => [String(id), owner ?? 'nobody']));
    const ids = await readIds(get);
    return [
      ...ids.map((id) => ({ id, changedAt: null, surroundings: ownerOf.get(id) ?? 'nobody' })),
      ...(since === null ? [] : await readChanged(get, since)),
    ];
  },
  async confirm(get, ids) {
    const found = (await readJson(await get('/read', { ids: ids.map(Number) }), 'ledger')) as Entry[];
    const present = new Set(found.map(({ id }) => String(id)));
    return ids.map((id) => ({ id, state: present.has(id) ? 'PRESENT' : 'INVISIBLE' }));
  },
  look: async (get, ids) => (await readJson(await get('/read', { ids: ids.map(Number) }), 'ledger')) as Entry[],
  hearing: soundHearing,
  channels: null,
  keys: ({ id, merged }) => [id, ...merged],
  resume: (cursor) => cursor?.reading,
  poll: readEntries,
};

export async function readIds(get: Get): Promise<string[]> {
  return ((await readJson(await get('/ids'), 'ledger')) as number[]).map(String);
}

async function readChanged(get: Get, since: Temporal.Instant): Promise<Listed[]> {
  const { zone } = (await readJson(await get('/me'), 'ledger')) as { zone: string };
  const from = sound.from({ since, zone, cursor: null });
  const listed: Listed[] = [];
  for (let next: string | null = null; ;) {
    const found = await sound.page(get, { from, next });
    listed.push(...found.entries.map(({ id, changed }) => ({ id: String(id), changedAt: instantText(changed) })));
    if (found.next === null) return listed;
    ({ next } = found);
  }
}

/** The changes since the cursor, without what is gone; then what went. */
async function* readEntries(context: Context, cursor: LedgerCursor | null, habits: Habits): AsyncGenerator<Page> {
  const get = habits.get(context);
  const { zone } = (await habits.parse(await get('/me'))) as { zone: string };
  const gone = await habits.gone(get, cursor);
  const reading = habits.resume(cursor);
  const from = reading ? reading.from : habits.from({ since: context.since, zone, cursor });
  let newest = reading?.newest ?? (cursor?.since ? Temporal.Instant.from(cursor.since).epochMilliseconds : 0);
  let token = reading?.next ?? null;
  let sofar = 0;
  for (;;) {
    const found = await habits.page(get, { from, next: token });
    sofar += found.entries.length;
    token = habits.next(found, sofar);
    newest = Math.max(newest, ...found.entries.map(({ changed }) => changed));
    const there = found.entries.filter((entry) => !habits.isGone(entry, gone));
    const records = there.map((entry) => ({
      id: habits.id(entry),
      changedAt: instantText(entry.changed),
      surroundings: habits.surroundings(entry),
      payload: habits.payload(entry, context),
    }));
    const news = Object.entries(gone).filter(([id, at]) => cursor?.gone[id] !== at);
    const deletes = token === null ? news.map(([id, at]) => ({ id, at: instantText(at) })) : [];
    const known = token === null ? gone : (cursor?.gone ?? {});
    const kept = cursor?.since === undefined || token === null ? {} : { since: cursor.since };
    yield {
      records,
      deletes,
      cursor: { ...kept, ...habits.behind({ next: token, from, newest, gone: known }, context) },
      complete: token === null,
    };
    if (token === null) return;
  }
}

function webhooksOf(habits: Habits): WebhookDefinition<Context['config'], Context['secrets']> {
  const { channels } = habits;
  const common = {
    isSetUp: () => true,
    instructions: ({ address }: { address: string }) => `Let the ledger send to ${address}.`,
  };
  if (!channels) {
    return {
      ...common,
      receive: (request, { config: { address }, secrets: { webhookSecret }, now }) =>
        hear(habits.hearing, request, { address, secret: webhookSecret, now }),
    };
  }
  return {
    ...common,
    receive: (request, { secrets: { webhookSecret }, now }) =>
      hearMessage(channels, request, { secret: webhookSecret, now }),
    subscribe: (context, { address, standing }) =>
      keepChannels(channels, habits.get(context), {
        address,
        standing,
        secret: context.secrets.webhookSecret,
        now: context.clock.now(),
      }),
  };
}

/** A connector for the ledger that does everything right, but for the habits given. */
export function ledgerConnector(changed: Partial<Habits> = {}): Connector {
  const habits: Habits = { ...sound, ...changed };
  return defineConnector({
    name: 'ledger',
    title: 'Ledger',
    config,
    secrets,
    keySchemes: ['ledger-entry', 'ledger-user'],
    limits: () => ({}),
    diagnose: habits.diagnose,
    secretTexts: ({ token, webhookSecret }) => [token, webhookSecret],
    webhooks: webhooksOf(habits),
    check: async () => [],
    streams: [
      defineStream({
        name: 'entries',
        description: 'Entries, as risks.',
        kinds: ['risk'],
        raw,
        cursor: cursorSchema,
        worth: habits.worth,
        poll: (context: Context, cursor) => habits.poll(context, cursor, habits),
        async *census(context) {
          yield await habits.census(habits.get(context), context.since);
        },
        confirm: (context, ids) => habits.confirm(habits.get(context), ids),
        async look(context: Context, ids) {
          const found = await habits.look(habits.get(context), ids, context);
          return {
            records: found.map((entry) => ({
              id: habits.id(entry),
              changedAt: instantText(entry.changed),
              surroundings: habits.surroundings(entry),
              payload: habits.payload(entry, context),
            })),
          };
        },
        map: (entry) => [
          record({
            kind: 'risk',
            id: 'self',
            keys: habits.keys(entry).map((id) => `ledger-entry:${id}` as const),
            fields: { title: entry.title, owner: entry.owner ? `ledger-user:${entry.owner}` : null },
          }),
        ],
      }),
    ],
  });
}

export function minuteText(local: Temporal.PlainDateTime): string {
  return local.toString({ smallestUnit: 'minute', roundingMode: 'floor' }).replace('T', ' ');
}

function unambiguous(instant: Temporal.Instant, zone: string): Temporal.PlainDateTime {
  let local = instant.toZonedDateTimeISO(zone).toPlainDateTime();
  const at = (disambiguation: 'earlier' | 'later'): number =>
    local.toZonedDateTime(zone, { disambiguation }).epochMilliseconds;
  while (at('earlier') !== at('later')) local = local.subtract({ minutes: 1 });
  return local;
}

function instantText(epochMilliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMilliseconds).toString();
}
