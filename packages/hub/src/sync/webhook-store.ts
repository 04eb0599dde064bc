import type { Notice, Subscription } from '@plumbline/connector';
import { sql } from 'kysely';
import { instantText } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';

/** A record, or with an empty id a whole stream, that is to be looked at. */
export interface Look {
  stream: string;
  externalId: string;
  mark: string;
  /** Whether its vendor wants it erased. */
  erase: boolean;
  /** Whether its vendor said that it was deleted. */
  deleted: boolean;
}

/** What was not taken: counted in memory and written with what is, so that nobody can make the hub write by asking. */
export interface Tally {
  repeated: number;
  refused: number;
  lastRefusedAt: string | null;
  lastRefusal: string | null;
}

export interface Health {
  sourceId: string;
  lastEventAt: string | null;
  accepted: number;
  repeated: number;
  refused: number;
  lastRefusedAt: string | null;
  lastRefusal: string | null;
  problems: readonly string[];
  /** What is waiting to be looked at. */
  waiting: number;
}

/** How often a look may fail before it is left to the poll. */
const MOST_TRIES = 3;

const keysOf = (keys: readonly string[]) => unnest('asked', keys, [{ name: 'key', type: 'text', value: (key) => key }]);

/** Those of the events that were not taken before. */
export async function newNotices(rows: Rows, sourceId: string, notices: readonly Notice[]): Promise<Notice[]> {
  const unique = [...new Map(notices.map((notice) => [notice.key, notice])).values()];
  if (unique.length === 0) return [];
  const { rows: known } = await sql<{ key: string }>`
    select event.key from ${keysOf(unique.map(({ key }) => key))}
    join webhook_event as event on event.source_id = ${sourceId} and event.key = asked.key`.execute(rows);
  const seen = new Set(known.map(({ key }) => key));
  return unique.filter(({ key }) => !seen.has(key));
}

/** Remembers events and what to look at because of them. */
export async function storeNotices(
  rows: Rows,
  input: { sourceId: string; notices: readonly Notice[]; keepUntil: string; now: string; mark: string },
): Promise<void> {
  const { sourceId, notices, keepUntil, now, mark } = input;
  if (notices.length === 0) return;
  await sql`
    insert into webhook_event (source_id, key, keep_until)
    select ${sourceId}, key, ${keepUntil}::timestamptz from ${keysOf(notices.map(({ key }) => key))}
    on conflict do nothing`.execute(rows);
  const wanted = [
    ...notices.flatMap(({ looks }) => looks.map((look) => ({ deleted: false, ...look, erase: false }))),
    ...notices.flatMap(({ erasures }) => (erasures ?? []).map((each) => ({ ...each, deleted: false, erase: true }))),
  ];
  if (wanted.length === 0) return;
  const given = unnest('given', wanted, [
    { name: 'stream', type: 'text', value: ({ stream }) => stream },
    { name: 'external_id', type: 'text', value: ({ id }) => id ?? '' },
    { name: 'erase', type: 'boolean', value: ({ erase }) => erase },
    { name: 'deleted', type: 'boolean', value: ({ deleted }) => deleted },
  ]);
  await sql`
    insert into webhook_look (source_id, stream, external_id, mark, wanted_at, tries, erase, deleted)
    select ${sourceId}, stream, external_id, ${mark}::uuid, ${now}::timestamptz, 0, bool_or(erase), bool_or(deleted) from ${given}
    group by stream, external_id
    on conflict (source_id, stream, external_id) do update set mark = excluded.mark, wanted_at = excluded.wanted_at, tries = 0,
      erase = webhook_look.erase or excluded.erase, deleted = webhook_look.deleted or excluded.deleted`.execute(rows);
}

export async function waitingLooks(rows: Rows, sourceId: string): Promise<Look[]> {
  const { rows: found } = await sql<Look>`
    select stream, external_id as "externalId", mark, erase, deleted from webhook_look where source_id = ${sourceId}
    order by wanted_at, stream, external_id`.execute(rows);
  return found;
}

function looksGiven(looks: readonly Look[]) {
  return unnest('given', looks, [
    { name: 'stream', type: 'text', value: (look) => look.stream },
    { name: 'external_id', type: 'text', value: (look) => look.externalId },
    { name: 'mark', type: 'uuid', value: (look) => look.mark },
  ]);
}

/** Forgets what was looked at, but for what was asked for again meanwhile. */
export async function settleLooks(rows: Rows, sourceId: string, looks: readonly Look[]): Promise<void> {
  await sql`
    delete from webhook_look using ${looksGiven(looks)}
    where webhook_look.source_id = ${sourceId} and webhook_look.stream = given.stream
      and webhook_look.external_id = given.external_id and webhook_look.mark = given.mark`.execute(rows);
}

/** Keeps what could not be looked at for another try; after a few of them the poll has to find it. */
export async function postponeLooks(rows: Rows, sourceId: string, looks: readonly Look[]): Promise<void> {
  await sql`
    update webhook_look set tries = tries + 1 from ${looksGiven(looks)}
    where webhook_look.source_id = ${sourceId} and webhook_look.stream = given.stream
      and webhook_look.external_id = given.external_id and webhook_look.mark = given.mark`.execute(rows);
  await sql`delete from webhook_look where source_id = ${sourceId} and tries >= ${MOST_TRIES} and not erase`.execute(
    rows,
  );
}

export async function forgetOldEvents(rows: Rows, now: string): Promise<void> {
  await sql`delete from webhook_event where keep_until < ${now}::timestamptz`.execute(rows);
}

export async function addToHealth(
  rows: Rows,
  of: { sourceId: string; accepted: number; at: string | null; tally: Tally },
): Promise<void> {
  const { sourceId, accepted, at, tally } = of;
  await sql`
    insert into webhook_health (source_id, last_event_at, accepted, repeated, refused, last_refused_at, last_refusal, problems)
    values (${sourceId}, ${at}::timestamptz, ${accepted}, ${tally.repeated}, ${tally.refused}, ${tally.lastRefusedAt}::timestamptz, ${tally.lastRefusal}, '[]'::jsonb)
    on conflict (source_id) do update set
      last_event_at = greatest(webhook_health.last_event_at, excluded.last_event_at),
      accepted = webhook_health.accepted + excluded.accepted,
      repeated = webhook_health.repeated + excluded.repeated,
      refused = webhook_health.refused + excluded.refused,
      last_refused_at = coalesce(excluded.last_refused_at, webhook_health.last_refused_at),
      last_refusal = coalesce(excluded.last_refusal, webhook_health.last_refusal)`.execute(rows);
}

export async function readHealth(rows: Rows, sourceIds: readonly string[]): Promise<Map<string, Health>> {
  const asked = unnest('asked', sourceIds, [{ name: 'source_id', type: 'text', value: (id) => id }]);
  const { rows: found } = await sql<Record<string, string | null> & { problems: string[] | null }>`
    select asked.source_id, health.last_event_at, health.accepted, health.repeated, health.refused, health.last_refused_at,
      health.last_refusal, health.problems,
      (select count(*) from webhook_look as look where look.source_id = asked.source_id) as waiting
    from ${asked} left join webhook_health as health on health.source_id = asked.source_id`.execute(rows);
  return new Map(
    found.map((row) => {
      const health = {
        sourceId: String(row['source_id']),
        lastEventAt: momentOf(row['last_event_at']),
        accepted: Number(row['accepted'] ?? 0),
        repeated: Number(row['repeated'] ?? 0),
        refused: Number(row['refused'] ?? 0),
        lastRefusedAt: momentOf(row['last_refused_at']),
        lastRefusal: row['last_refusal'] ?? null,
        problems: row.problems ?? [],
        waiting: Number(row['waiting']),
      };
      return [health.sourceId, health];
    }),
  );
}

export async function readSubscriptions(
  rows: Rows,
  sourceIds: readonly string[],
): Promise<Map<string, Subscription[]>> {
  const asked = unnest('asked', sourceIds, [{ name: 'source_id', type: 'text', value: (id) => id }]);
  const { rows: found } = await sql<Omit<Subscription, 'expiresAt'> & { source_id: string; expires_at: string | null }>`
    select subscription.* from ${asked} join webhook_subscription as subscription on subscription.source_id = asked.source_id
    order by subscription.subject, subscription.id`.execute(rows);
  const of = Map.groupBy(found, (row) => row.source_id);
  return new Map(
    [...of].map(([sourceId, group]) => [
      sourceId,
      group.map(({ id, subject, expires_at, details }) => ({
        id,
        subject,
        expiresAt: momentOf(expires_at),
        details,
      })),
    ]),
  );
}

/** Replaces what stood by what stands now. */
export async function storeSubscriptions(
  rows: Rows,
  input: { sourceId: string; subscriptions: readonly Subscription[]; problems: readonly string[] },
): Promise<void> {
  const { sourceId, subscriptions, problems } = input;
  const given = unnest('given', subscriptions, [
    { name: 'id', type: 'text', value: ({ id }) => id },
    { name: 'subject', type: 'text', value: ({ subject }) => subject },
    { name: 'expires_at', type: 'timestamptz', value: ({ expiresAt }) => expiresAt },
    { name: 'details', type: 'jsonb', value: ({ details }) => JSON.stringify(details) },
  ]);
  await sql`delete from webhook_subscription where source_id = ${sourceId}`.execute(rows);
  if (subscriptions.length > 0) {
    await sql`
      insert into webhook_subscription (source_id, id, subject, expires_at, details)
      select ${sourceId}, id, subject, expires_at, details from ${given}`.execute(rows);
  }
  await sql`
    insert into webhook_health (source_id, accepted, repeated, refused, problems) values (${sourceId}, 0, 0, 0, ${JSON.stringify(problems)}::jsonb)
    on conflict (source_id) do update set problems = excluded.problems`.execute(rows);
}

function momentOf(value: string | null | undefined): string | null {
  return value === null || value === undefined ? null : instantText(value);
}
