import { z } from 'zod';
import type { Limits } from './budget.ts';
import type { Clock } from './clock.ts';
import { HubError } from './errors.ts';
import { bindInventory, type Inventory, type InventoryDefinition } from './inventory.ts';
import type { KindName } from './kinds.ts';
import type { Logger } from './logger.ts';
import type { OAuthClient } from './oauth.ts';
import type { UnifiedRecord } from './record.ts';
import { bindSetup, type Setup, type SetupDefinition } from './setup.ts';
import type { Answer, Diagnosis } from './answer.ts';
import type { Transport } from './transport.ts';
import { bindWebhooks, type WebhookDefinition, type Webhooks } from './webhook.ts';
import type { BoundView, View } from './view.ts';

/** One record as the vendor sent it. */
export interface RawRecord {
  /** The vendor's own id within the stream: never a position, never a name that may change. */
  id: string;
  /** When the vendor says it last changed; null where it does not say. An older version never overwrites a newer one. */
  changedAt: string | null;
  /**
   * A fingerprint of what the payload holds besides the record and `changedAt` does not tell of, such as what the record is
   * associated with. What a census lists with another one is read again by its id.
   */
  surroundings?: string;
  /** The payload, whole, with members nobody knows yet. */
  payload: unknown;
}

/** A piece of a stream that is stored in one transaction together with the cursor behind it. */
export interface Page {
  records: readonly RawRecord[];
  /** Ids the vendor itself reports as deleted. */
  deletes?: readonly { id: string; at: string | null }[];
  /**
   * On the last page of a stream that is read whole: every id there is now. What is not in it is gone. Left out when the
   * list may be incomplete, or when nothing was read because nothing changed.
   */
  allIds?: readonly string[];
  /** Where to go on after this page, also after a crash. Nothing of what records say: an erasure does not look into it. */
  cursor: unknown;
  /** True on the last page only: the stream was read to its present end. */
  complete: boolean;
  /**
   * On the last page of a stream that could be read before and cannot be now, such as a sheet without its header: why, and
   * what to do. What is known of it stays, the run is PARTIAL, and the stream is no fresher than it was.
   */
  unread?: string;
  /** What this page could not bring and why; a run with any of these ends PARTIAL. */
  skipped?: readonly { id: string | null; reason: string }[];
}

/**
 * What a cursor is worth: how coarse the vendor compares it, how late a change may become visible, and whether equal
 * values are told apart. The engine reads again from `since − granularity − lag` and drops what it has seen.
 */
export interface CursorWorth {
  granularityMs: number;
  lagMs: number;
  zone: 'UTC' | 'account' | 'none';
  tieBreaker: 'id' | 'none';
}

export interface PollContext<Config = unknown, Secrets = unknown> {
  config: Config;
  secrets: Secrets;
  http: Transport;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
  /**
   * For a poll the cursor's `since` less what its worth demands; null on the first read and for streams without one. For a
   * census the time from which changes may have been missed, a day before the last one began; null before the first read.
   */
  since: Temporal.Instant | null;
  /** Says how many records of this stream there are in all, where the vendor tells. */
  expect(total: number): void;
}

/** What a check of credentials, scopes or mapping found. */
export interface Check {
  /** What was looked at: `credentials`, `mapping.customFields.deal` and so on. */
  subject: string;
  ok: boolean;
  /** One sentence. For a failure it names the field and lists what exists. */
  message: string;
  /** What to do about a failure; empty when ok. */
  remedy: string;
  /** False when the source can be read in spite of it. */
  blocks?: boolean;
}

/**
 * What asking for one record by its id gave. ABSENT is for vendors that answer alike for what is deleted and what is hidden:
 * a few of those are an ordinary day, and no warning. INVISIBLE is for what points to a lost permission, and always warned of.
 */
export interface Presence {
  id: string;
  state: 'PRESENT' | 'DELETED' | 'ABSENT' | 'INVISIBLE';
}

/** What a census lists: an id, or with it when the record last changed and what it has around it, where that costs little. */
export type Listed = string | Pick<RawRecord, 'id' | 'changedAt' | 'surroundings'>;

/** Records that were read by their ids. */
export type Sight = Pick<Page, 'records' | 'deletes' | 'skipped'>;

/** A stream as its author writes it. `Raw` and `Cursor` are what the two schemas accept. */
export interface StreamDefinition<Config, Secrets, Raw, Cursor> {
  name: string;
  /** One sentence for people. */
  description: string;
  /** The kinds `map` may return. */
  kinds: readonly KindName[];
  /** Open schema: what `map` needs, everything else let through. */
  raw: z.ZodType<Raw>;
  cursor: z.ZodType<Cursor>;
  worth: CursorWorth;
  /** Reads from the cursor on (null: from the beginning), each page with the cursor to resume behind it. */
  poll(context: PollContext<Config, Secrets>, cursor: Cursor | null): AsyncIterable<Page>;
  /** For lists that change seldom and have no change feed: the schedule reads them at most this often. */
  everyMinutes?: number;
  /** What it asks of the vendor, such as property names and filters: when this changes, it is read from the beginning. */
  fetches?(config: Config): unknown;
  /**
   * Every id there is now, to find deletions that no feed reports; with the time of its last change, which is compared as
   * `changedAt` of the record is, also changes that no poll has brought. Where times cost much, the ids alone will do, and
   * besides, with their times, those that changed since `context.since`.
   */
  census?(context: PollContext<Config, Secrets>): AsyncIterable<readonly Listed[]>;
  /** Looks at ids that the census missed, one by one: there after all, deleted, or hidden from this account. */
  confirm?(context: PollContext<Config, Secrets>, ids: readonly string[]): Promise<readonly Presence[]>;
  /**
   * Reads these records by their ids as `poll` would have brought them, whatever the cursor: for what a webhook named.
   * What is gone, hidden or out of scope is left out. Streams without it are polled instead.
   */
  look?(context: PollContext<Config, Secrets>, ids: readonly string[]): Promise<Sight>;
  /** Pure: no I/O, no clock. Throws on what it cannot read; the message names the field. */
  map(raw: Raw, config: Config): UnifiedRecord[];
  /** What else of its payloads the graph shows, by the connector's name; one for each kind at most. */
  views?: readonly View<Raw, Config>[];
}

/** A stream as the engine sees it, bound to one source's configuration. */
export interface Stream {
  readonly name: string;
  readonly description: string;
  readonly kinds: readonly KindName[];
  readonly worth: CursorWorth;
  readonly everyMinutes: number;
  readonly fetches: unknown;
  poll(context: PollContext, cursor: unknown): AsyncIterable<Page>;
  census: ((context: PollContext) => AsyncIterable<readonly Listed[]>) | null;
  confirm: ((context: PollContext, ids: readonly string[]) => Promise<readonly Presence[]>) | null;
  look: ((context: PollContext, ids: readonly string[]) => Promise<Sight>) | null;
  map(payload: unknown): UnifiedRecord[];
  readonly views: readonly BoundView[];
}

export interface ConnectorDefinition<Config, Secrets> {
  /** Lower case, with dashes; also the prefix of everything the connector adds. */
  name: string;
  title: string;
  /** What a person configures; descriptions on its members are shown by `doctor`. */
  config: z.ZodType<Config>;
  secrets: z.ZodType<Secrets>;
  /** Key schemes of this vendor, such as `jira-issue`: two accounts of one vendor are told apart by a realm in them. */
  keySchemes: readonly string[];
  limits(config: Config): Limits;
  /** By whom the vendor counts its limits, where several sources may be the same one to it; each source alone when absent. */
  account?(given: { config: Config; secrets: Secrets }): string;
  /** What an answer means, by the vendor's own reasons. */
  diagnose(answer: Answer, source: string): Diagnosis;
  /**
   * How the account is opened by tokens that end: the transport then brings them in every request, and renews them. Null
   * where the secrets open it as they are. Throws HubError BAD_CONFIG where configuration and secrets do not go together.
   */
  oauth?(source: { config: Config; secrets: Secrets }): OAuthClient | null;
  /** Every secret text, for redaction. */
  secretTexts(secrets: Secrets): readonly string[];
  /** Looks at credentials, scopes and mapping; never throws for what it can report. */
  check(context: PollContext<Config, Secrets>): Promise<Check[]>;
  /** What the account has and what of it the configuration names: to notice when the two drift apart. */
  inventory?: InventoryDefinition<Config, Secrets>;
  /** For `plumbline connect`. */
  setup?: SetupDefinition<Config, Secrets>;
  /** Each gives a stream, or as many as the configuration asks for; names are unique within a source. */
  streams: readonly ((config: Config) => Stream | readonly Stream[])[];
  /** How the vendor tells of changes, where it can. Polling stays: what is lost on the way is found by it. */
  webhooks?: WebhookDefinition<Config, Secrets>;
}

/** A connector with one source's validated configuration in it. */
export interface InstalledConnector {
  readonly name: string;
  readonly title: string;
  readonly keySchemes: readonly string[];
  readonly config: unknown;
  readonly secrets: unknown;
  readonly limits: Limits;
  readonly account: string | null;
  readonly oauth: OAuthClient | null;
  readonly secretTexts: readonly string[];
  readonly streams: readonly Stream[];
  readonly inventory: Inventory | null;
  readonly webhooks: Webhooks | null;
  diagnose(answer: Answer): Diagnosis;
  check(context: PollContext): Promise<Check[]>;
}

export interface Connector {
  readonly name: string;
  readonly title: string;
  /** JSON Schema of the configuration. */
  readonly configSchema: z.core.JSONSchema.BaseSchema;
  readonly setup: Setup | null;
  /** Validates and binds; throws HubError BAD_CONFIG that names every wrong member. */
  install(source: { id: string; config: unknown; secrets: unknown }): InstalledConnector;
}

export function defineConnector<Config, Secrets>(definition: ConnectorDefinition<Config, Secrets>): Connector {
  return {
    name: definition.name,
    title: definition.title,
    configSchema: z.toJSONSchema(definition.config, { unrepresentable: 'any', io: 'input' }),
    setup: definition.setup ? bindSetup(definition.setup) : null,
    install(source) {
      const config = parseMember(definition.config, source.config, `${source.id}: configuration`);
      const secrets = parseMember(definition.secrets, source.secrets, `${source.id}: secrets`);
      return {
        name: definition.name,
        title: definition.title,
        keySchemes: definition.keySchemes,
        config,
        secrets,
        limits: definition.limits(config),
        account: definition.account?.({ config, secrets }) ?? null,
        oauth: definition.oauth?.({ config, secrets }) ?? null,
        secretTexts: definition.secretTexts(secrets),
        streams: definition.streams.flatMap((bind) => bind(config)),
        webhooks: definition.webhooks ? bindWebhooks(definition.webhooks, { config, secrets }) : null,
        inventory: definition.inventory ? bindInventory(definition.inventory, config) : null,
        diagnose: (answer) => definition.diagnose(answer, source.id),
        check: (context) => definition.check({ ...context, config, secrets }),
      };
    },
  };
}

/** Binds a stream's types: what comes from outside is parsed before the author's code sees it. */
export function defineStream<Config, Secrets, Raw, Cursor>(
  definition: StreamDefinition<Config, Secrets, Raw, Cursor>,
): (config: Config) => Stream {
  return (config) => {
    const typed = (context: PollContext): PollContext<Config, Secrets> => context as PollContext<Config, Secrets>;
    const { census, confirm, look } = definition;
    return {
      name: definition.name,
      description: definition.description,
      kinds: definition.kinds,
      worth: definition.worth,
      everyMinutes: definition.everyMinutes ?? 0,
      fetches: definition.fetches?.(config) ?? null,
      poll: (context, cursor) =>
        definition.poll(typed(context), cursor === null ? null : definition.cursor.parse(cursor)),
      census: census ? (context) => census(typed(context)) : null,
      confirm: confirm ? (context, ids) => confirm(typed(context), ids) : null,
      look: look ? (context, ids) => look(typed(context), ids) : null,
      map: (payload) => definition.map(definition.raw.parse(payload), config),
      views: (definition.views ?? []).map(({ on, description, fields, read }) => ({
        on,
        description,
        fields,
        read: (payload) => read(definition.raw.parse(payload), config),
      })),
    };
  };
}

function parseMember<Value>(schema: z.ZodType<Value>, value: unknown, what: string): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HubError(
    {
      code: 'BAD_CONFIG',
      message: `${what} is not valid: ${describeIssues(parsed.error)}.`,
      remedy: 'Correct plumbline.config.ts; plumbline.config.example.ts shows every option.',
    },
    { cause: parsed.error },
  );
}

/** A zod error as one line: `mapping.dealField: expected string; site: Required`. Values are not repeated. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .slice(0, 10)
    .map((issue) => `${issue.path.length === 0 ? 'the whole' : issue.path.join('.')}: ${issue.message}`)
    .join('; ');
}
