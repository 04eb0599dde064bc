import { sql } from 'kysely';
import type { PastTable } from '../kernel/past-tables.ts';
import { linkActions } from './project-link.ts';

/** Links as they were: what somebody had said last by then, otherwise what the sources named. Suggestions have no past. */
export const pastProjectLinks: PastTable = {
  name: 'project_link',
  of: ['many_reference'],
  rows(at) {
    return sql`
      with said as (
        select distinct on (opportunity_id, project_id) opportunity_id, project_id, action, actor, at from (
          select subject_id as opportunity_id, coalesce(survivor_id, named_id) as project_id, action, actor, at, version
          from (
            select subject_id, (details ->> 'project')::uuid as named_id, action, actor, at, version from decision
            where subject_kind = 'opportunity' and action in (${linkActions.LINKED}, ${linkActions.REJECTED}) and at <= ${at}
          ) as told left join merged_entity on merged_entity.id = named_id
        ) as told order by opportunity_id, project_id, version desc
      )
      select opportunity_id, project_id, case action when ${linkActions.LINKED} then 'LINKED' else 'REJECTED' end as status,
        'PERSON' as origin, null::numeric as score, '[]'::jsonb as reasons, actor as decided_by, at as decided_at from said
      union all
      select opportunity_id, project_id, 'LINKED', 'KEY', null, '[]', null, null from (
        select entity_id as opportunity_id, target_id as project_id from many_reference where kind = 'opportunity' and field = 'projects'
        union select target_id, entity_id from many_reference where kind = 'project' and field = 'opportunities'
      ) as named
      where not exists (
        select 1 from said where said.opportunity_id = named.opportunity_id and said.project_id = named.project_id
      )`;
  },
};
