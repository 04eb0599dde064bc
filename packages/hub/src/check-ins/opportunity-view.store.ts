import { sql, type RawBuilder } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import { InputError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { recordDecision, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import type { OwnRecords } from '../kernel/own-records.ts';
import { unnest } from '../kernel/unnest.ts';
import { readParty } from '../reviews/party.store.ts';
import type { CheckInWords } from './check-in.rules.ts';
import { keyOf, raisePoint, type NewPoint } from './open-point.store.ts';
import type { Subject } from './subject.ts';
import type { OpenPointKind } from './open-point.rules.ts';
import type { Audience, Perspective } from './opportunity-view.ts';

export interface ViewRow {
  id: string;
  subject_kind: Subject['kind'];
  subject_id: string;
  perspective: Perspective;
  text: string;
  confidence: string | null;
  next_step: string | null;
  next_step_date: string | null;
  help_wanted: string | null;
  audience: Audience;
  as_of: string;
  recorded_at: string;
  actor: string;
  author_id: string | null;
  obstacle_ids: string[];
  close_need_ids: string[];
}

/** Who reads: the key that asks, and whether its holder is one of the leadership. */
export interface Reader {
  actor: string;
  isLeadership: boolean;
}

export interface CheckInCall extends Pick<Deciding, 'idempotencyKey'> {
  subject: Subject;
  words: CheckInWords;
  authorId: string | null;
  actor: string;
  now: string;
}

/** Writes a view down, with what it says is in the way and needed. Returns its id; the same again for the same call. */
export async function checkIn(rows: Rows, own: OwnRecords, call: CheckInCall): Promise<string> {
  await own.lock(rows);
  const { subject, words, authorId, actor, now, idempotencyKey } = call;
  const before = await wasDecided(rows, { idempotencyKey, subjectId: null, action: 'CHECK_IN' });
  if (before && before.actor !== actor)
    throw new InputError('idempotencyKey', 'The key was used by somebody else.', 'Use a key of your own.');
  if (before) return before.subject_id;
  await keyOf(rows, own, subject);
  if (authorId !== null) await readParty(rows, { actor, personId: authorId, guard: 'author' });
  const raise = async (kind: OpenPointKind, points: readonly NewPoint[]): Promise<string[]> => {
    const ids: string[] = [];
    for (const point of points) ids.push(await raisePoint(rows, own, { kind, subject, point, actor, now }));
    return ids;
  };
  const obstacles = await raise('obstacle', words.obstacles);
  const needs = await raise('closeNeed', words.needsToClose);
  const id = randomUUIDv7();
  await sql`
    insert into opportunity_view (id, subject_kind, subject_id, client_id, perspective, text, confidence, next_step, next_step_date,
      help_wanted, audience, as_of, recorded_at, actor, author_id, obstacle_ids, close_need_ids)
    values (${id}::uuid, ${subject.kind}, ${subject.id}::uuid,
      (select client_id from ${sql.table(subject.kind)} where id = ${subject.id}::uuid), ${words.perspective}, ${words.text}, ${words.confidence}::numeric,
      ${words.nextStep?.text ?? null}, ${words.nextStep?.date ?? null}::date, ${words.helpWanted}, ${words.audience},
      ${words.asOf}::timestamptz, ${now}::timestamptz, ${actor}, ${authorId}::uuid, ${JSON.stringify(obstacles)}::jsonb,
      ${JSON.stringify(needs)}::jsonb)`.execute(rows);
  await recordDecision(rows, {
    subject_kind: 'opportunityView',
    subject_id: id,
    version: 1,
    action: 'CHECK_IN',
    from_state: null,
    to_state: null,
    actor,
    at: now,
    details: {},
    idempotencyKey,
  });
  return id;
}

/** Who may read a view: its author always, then whom it is meant for. What is hidden does not leave the database. */
function isFor({ actor, isLeadership }: Reader): RawBuilder<unknown> {
  return sql`(actor = ${actor} or audience in ('TEAM', 'CLIENT') or (audience = 'LEADERSHIP' and ${isLeadership}::boolean))`;
}

/** `asked(id, known_as)`: subjects with every id they have been known by, since a view stays with the one it was told of. */
function askedSubjects(ids: readonly string[]): RawBuilder<unknown> {
  const given = unnest('given', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  return sql`(
    select id, id as known_as from ${given}
    union all select given.id, merged_entity.id from ${given} join merged_entity on survivor_id = given.id
  ) as asked`;
}

const latestFirst = sql`as_of desc, recorded_at desc, opportunity_view.id desc`;

interface ViewFilter {
  reader: Reader;
  perspective: Perspective | null;
  limit: number;
}

/** The views of each subject that the reader may read, the latest first. */
export async function readViews(
  rows: Rows,
  ids: readonly string[],
  { reader, perspective, limit }: ViewFilter,
): Promise<ViewRow[][]> {
  const { rows: found } = await sql<ViewRow & { asked_id: string }>`
    select * from (
      select asked.id as asked_id, opportunity_view.*, row_number() over (partition by asked.id order by ${latestFirst}) as place
      from ${askedSubjects(ids)} join opportunity_view on subject_id = known_as
      where ${isFor(reader)} and (${perspective}::text is null or perspective = ${perspective}::text)
    ) as placed where place <= ${limit} order by asked_id, place`.execute(rows);
  const byId = Map.groupBy(found, (row) => row.asked_id);
  return ids.map((id) => byId.get(id) ?? []);
}

/** The latest word of each side, and of the next step. */
export interface LatestViews {
  views: Readonly<Partial<Record<Perspective, ViewRow>>>;
  /** The latest view that names a next step. */
  withNextStep: ViewRow | null;
}

/** Of each subject, what the reader may read of it, in one statement. */
export async function readLatestViews(rows: Rows, ids: readonly string[], reader: Reader): Promise<LatestViews[]> {
  const { rows: found } = await sql<
    ViewRow & { asked_id: string; place: number | string; step_place: number | string }
  >`
    select * from (
      select asked.id as asked_id, opportunity_view.*,
        row_number() over (partition by asked.id, perspective order by ${latestFirst}) as place,
        row_number() over (partition by asked.id, next_step is null order by ${latestFirst}) as step_place
      from ${askedSubjects(ids)} join opportunity_view on subject_id = known_as where ${isFor(reader)}
    ) as placed where place = 1 or (next_step is not null and step_place = 1)`.execute(rows);
  const byId = Map.groupBy(found, (row) => row.asked_id);
  return ids.map((id) => {
    const own = byId.get(id) ?? [];
    return {
      views: Object.fromEntries(own.filter(({ place }) => Number(place) === 1).map((row) => [row.perspective, row])),
      withNextStep: own.find((row) => row.next_step !== null && Number(row.step_place) === 1) ?? null,
    };
  });
}

/** One view; null where there is none that the reader may read. */
export async function readView(rows: Rows, id: string, reader: Reader): Promise<ViewRow | null> {
  const { rows: found } = await sql<ViewRow>`
    select * from opportunity_view where id = ${id}::uuid and ${isFor(reader)}`.execute(rows);
  return found[0] ?? null;
}
