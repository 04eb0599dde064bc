import { sql, type RawBuilder } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import { instantText } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { encodeId } from '../kernel/global-id.ts';
import { pascalCase } from '../kernel/names.ts';
import { unnest } from '../kernel/unnest.ts';
import type { Calendars } from '../people/calendar.ts';
import type { Perspective } from './opportunity-view.ts';
import { reminderDay, type Remindable } from './reminder.rules.ts';
import type { Subject } from './subject.ts';
import { viewsDue } from './views-due.store.ts';

/** What one person is reminded of on one day. */
export interface ReminderList {
  personId: string;
  /** The local day of the person. */
  day: string;
}

export interface ReminderRow {
  id: string;
  person_id: string;
  day: string;
  subject_kind: Subject['kind'];
  subject_id: string;
  perspective: Perspective;
  last_as_of: string | null;
  old_since: string;
  nth: number;
  recorded_at: string;
}

interface DueRow extends Remindable {
  person_id: string;
  subject_kind: Subject['kind'];
  subject_id: string;
  perspective: Perspective;
  last_as_of: string | null;
  old_since: string;
}

/** Whether a column names this entity, or one that was merged into it. */
const isOrWas = (column: string, id: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(${sql.ref(column)} = ${id} or ${sql.ref(column)} in (select id from merged_entity where survivor_id = ${id}))`;

/**
 * Records what people are reminded of now: each of all that is due, on a day that they work, and once a day, however often
 * this is called. In two statements. To be called with the lock of the hub's own records held.
 */
export async function recordReminders(
  rows: Rows,
  input: { now: string; at: string; viewDays: number; calendars: Calendars },
): Promise<ReminderList[]> {
  const { now, viewDays } = input;
  const { rows: due } = await sql<DueRow>`
    select due.subject_kind, due.subject_id, due.perspective, due.as_of as last_as_of, person.id as person_id, person.zone,
      due.seen_at + make_interval(days => ${viewDays}) as old_since, (
        select calendar from capacity
        where person_id = person.id and deleted_at is null and ${now}::date between coalesce(valid_from, '-infinity') and coalesce(valid_to, 'infinity')
        order by valid_from desc nulls last, id desc limit 1
      ) as calendar
    from ${viewsDue({ ownerId: null, days: viewDays, now })}
    join person on person.id = due.owner_id and person.deleted_at is null and person.status is distinct from 'LEFT'`.execute(
    rows,
  );
  const dayOf = new Map(due.map((row) => [row.person_id, reminderDay(row, input)]));
  const wanted = due.flatMap((row) => {
    const day = dayOf.get(row.person_id);
    return day ? [{ ...row, day }] : [];
  });
  if (wanted.length === 0) return [];
  const asked = unnest('wanted', wanted, [
    { name: 'id', type: 'uuid', value: () => randomUUIDv7() },
    { name: 'person_id', type: 'uuid', value: (row) => row.person_id },
    { name: 'day', type: 'date', value: (row) => row.day },
    { name: 'subject_kind', type: 'text', value: (row) => row.subject_kind },
    { name: 'subject_id', type: 'uuid', value: (row) => row.subject_id },
    { name: 'perspective', type: 'text', value: (row) => row.perspective },
    { name: 'last_as_of', type: 'timestamptz', value: (row) => row.last_as_of },
    { name: 'old_since', type: 'timestamptz', value: (row) => row.old_since },
  ]);
  const { rows: recorded } = await sql<{ person_id: string; day: string }>`
    with recorded as (
      insert into reminder (id, person_id, day, subject_kind, subject_id, perspective, last_as_of, old_since, nth, recorded_at)
      select id, person_id, day, subject_kind, subject_id, perspective, last_as_of, old_since, 1 + (
          select count(*) from reminder as before
          where ${isOrWas('before.subject_id', sql`wanted.subject_id`)} and ${isOrWas('before.person_id', sql`wanted.person_id`)}
            and before.perspective = wanted.perspective and before.last_as_of is not distinct from wanted.last_as_of
        ), ${now}::timestamptz
      from ${asked}
      where not exists (select 1 from reminder as today where today.day = wanted.day and ${isOrWas('today.person_id', sql`wanted.person_id`)})
      returning person_id, day
    )
    select distinct person_id, day::text as day from recorded order by 1`.execute(rows);
  return recorded.map((row) => ({ personId: row.person_id, day: row.day }));
}

/** Which reminders; null for no condition. */
export interface ReminderFilter {
  personId: string | null;
  from: string | null;
  to: string | null;
  limit: number;
}

/** The reminders of people's days, the latest first, and of each person's day what is old longest first. */
export async function readReminders(rows: Rows, { personId, from, to, limit }: ReminderFilter): Promise<ReminderRow[]> {
  const { rows: found } = await sql<ReminderRow>`
    select * from reminder
    where (${personId}::uuid is null or ${isOrWas('person_id', sql`${personId}::uuid`)})
      and (${from}::date is null or day >= ${from}::date) and (${to}::date is null or day <= ${to}::date)
    order by day desc, person_id, old_since, id limit ${limit}`.execute(rows);
  return found.map((row) => ({ ...row, nth: Number(row.nth) }));
}

/** What a site's own function is given: all that one person is reminded of on one day. Names are text as sources have it. */
export interface ReminderToSend {
  /** The same whenever the same list is sent again: what was sent once can be dropped. */
  id: string;
  /** The local day of the person. */
  day: string;
  person: { id: string; name: string | null; email: string | null };
  /** What is old longest first, fifty at most. Ids are those of the API. */
  views: readonly {
    subject: { id: string; name: string | null };
    perspective: Perspective;
    /** Of when the last one spoke; null where there never was one. */
    lastAsOf: string | null;
    oldSince: string;
    /** The how-manieth reminder for want of the same view. */
    nth: number;
  }[];
  /** How many more are old beside those. */
  more: number;
}

/** As many views as one list names: nobody reads on, and chats and mail have limits of their own. */
const MOST_VIEWS = 50;

/** One list as it is sent; null where the person is gone. In one statement. */
export async function readReminderToSend(rows: Rows, { personId, day }: ReminderList): Promise<ReminderToSend | null> {
  const { rows: found } = await sql<
    ReminderRow & { person: string | null; email: string | null; name: string | null; total: string | number }
  >`
    select reminder.*, person.name as person, person.email, coalesce(opportunity.name, project.name) as name, count(*) over () as total
    from reminder join person on person.id = reminder.person_id and person.deleted_at is null
    left join opportunity on opportunity.id = subject_id left join project on project.id = subject_id
    where person_id = ${personId}::uuid and day = ${day}::date order by old_since, reminder.id limit ${MOST_VIEWS}`.execute(
    rows,
  );
  const [first] = found;
  if (!first) return null;
  const person = encodeId('Person', personId);
  return {
    id: `${day} ${person}`,
    day,
    person: { id: person, name: first.person, email: first.email },
    views: found.map((row) => ({
      subject: { id: encodeId(pascalCase(row.subject_kind), row.subject_id), name: row.name },
      perspective: row.perspective,
      lastAsOf: row.last_as_of === null ? null : instantText(row.last_as_of),
      oldSince: instantText(row.old_since),
      nth: Number(row.nth),
    })),
    more: Number(first.total) - found.length,
  };
}
