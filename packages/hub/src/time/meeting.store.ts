import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import type { MeetingSettings } from './meeting.settings.ts';

export const meetingGroups = ['PROJECT', 'CLIENT', 'PERSON', 'MONTH'] as const;
export type MeetingGroup = (typeof meetingGroups)[number];

/** Worked time of one group, and how much of it were status meetings; in seconds. */
export interface MeetingRow {
  /** Id of the project, client or person, or first day of the month; null where there is none. */
  key: string | null;
  worked: number;
  meetings: number;
  /** Time entries that are status meetings. */
  entries: number;
}

export interface MeetingQuestion {
  groupBy: MeetingGroup | null;
  /** Local days of the work, both included; null for no bound. */
  from: string | null;
  to: string | null;
  limit: number;
  settings: MeetingSettings;
}

const keys: Readonly<Record<MeetingGroup, RawBuilder<unknown>>> = {
  PROJECT: sql`coalesce(entry.project_id, item.project_id)::text`,
  CLIENT: sql`project.client_id::text`,
  PERSON: sql`entry.person_id::text`,
  MONTH: sql`date_trunc('month', entry.local_date)::date::text`,
};

/** Status meetings by group, the most hours of them first; one statement. Labels, types and notes are as they are now. */
export async function readMeetings(rows: Rows, question: MeetingQuestion): Promise<MeetingRow[]> {
  const { groupBy, from, to, limit, settings } = question;
  const { rows: found } = await sql<Record<keyof MeetingRow, string | number | null>>`
    with meeting as materialized (
      select id from work_item
      where lower(labels::text)::jsonb ?| ${words(settings.labels)} or lower(type) = any(${words(settings.types)})
    )
    select ${groupBy ? sql`key` : sql`null as key`}, coalesce(sum(seconds), 0)::bigint as worked,
      coalesce(sum(seconds) filter (where is_meeting), 0)::bigint as meetings, count(*) filter (where is_meeting) as entries
    from (
      select ${groupBy ? keys[groupBy] : sql`null::text`} as key, entry.seconds, 
        meeting.id is not null or coalesce(lower(entry.note) like any(${words(settings.notes.map(anywhere))}), false) as is_meeting
      from time_entry as entry
      left join work_item as item on item.id = entry.work_item_id
      left join project on project.id = coalesce(entry.project_id, item.project_id)
      left join meeting on meeting.id = entry.work_item_id
      where entry.deleted_at is null and (${from}::date is null or entry.local_date >= ${from}::date)
        and (${to}::date is null or entry.local_date <= ${to}::date)
      offset 0
    ) as told
    ${groupBy ? sql`group by key` : sql``}
    order by 3 desc, 1 limit ${limit}`.execute(rows);
  return found.map((row) => ({
    key: row.key === null ? null : String(row.key),
    worked: Number(row.worked),
    meetings: Number(row.meetings),
    entries: Number(row.entries),
  }));
}

/** A pattern of what has these words in it, as they stand. */
function anywhere(words: string): string {
  return `%${words.replace(/[\\%_]/g, '\\$&')}%`;
}

/** Words to compare with, in the database's own lower case. */
function words(given: readonly string[]): RawBuilder<unknown> {
  return sql`array(select lower(word) from unnest(${[...given]}::text[]) as given(word))`;
}
