import { sql } from 'kysely';
import type { PastTable } from '../kernel/past-tables.ts';

/**
 * Links as they were: what somebody had said by then, otherwise what the sources named. Somebody who changed their mind
 * leaves no trace of what they said first, and suggestions have no past.
 */
export const pastProjectLinks: PastTable = {
  name: 'project_link',
  of: ['many_reference'],
  rows(at) {
    const said = sql`origin = 'PERSON' and decided_at <= ${at}`;
    return sql`
      select opportunity_id, project_id, status, origin, score, reasons, decided_by, decided_at from project_link as present where ${said}
      union all
      select opportunity_id, project_id, 'LINKED', 'KEY', null, '[]', null, null from (
        select entity_id as opportunity_id, target_id as project_id from many_reference where kind = 'opportunity' and field = 'projects'
        union select target_id, entity_id from many_reference where kind = 'project' and field = 'opportunities'
      ) as named
      where not exists (
        select 1 from project_link as present where ${said}
          and present.opportunity_id = named.opportunity_id and present.project_id = named.project_id
      )`;
  },
};
