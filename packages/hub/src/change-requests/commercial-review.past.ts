import { sql } from 'kysely';
import type { PastTable } from '../kernel/past-tables.ts';

/** The latest review that had opened by then, and what the decisions of by then had made of it. */
export const pastReviews: PastTable = {
  name: 'commercial_review',
  rows(at) {
    const since = sql`from decision where subject_id = opened.subject_id and version > opened.version and at <= ${at}`;
    return sql`
      select opened.subject_id as change_request_id, opened.opened_at, (opened.details ->> 'dueAt')::timestamptz as due_at,
        (select min(at) ${since} and action not in ('ASSESS', 'OPEN_REVIEW', 'ESCALATE')) as closed_at,
        (select count(*)::int from decision where subject_id = opened.subject_id and action = 'ESCALATE'
          and at >= opened.opened_at and at <= ${at}) as escalations
      from (
        select distinct on (subject_id) subject_id, version, coalesce((details ->> 'openedAt')::timestamptz, at) as opened_at, details
        from decision
        where subject_kind = 'changeRequest' and action = 'OPEN_REVIEW' and at <= ${at} order by subject_id, version desc
      ) as opened`;
  },
};
