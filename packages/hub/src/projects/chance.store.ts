import { sql } from 'kysely';
import { usualProbabilities } from '../opportunities/pipeline.store.ts';

/**
 * The chance of each project, by the deal it was or would be sold with: the first by close date, one that was won before
 * all others. 1 when it is won, 0 when it is lost, else its probability, or the usual one of its stage.
 */
export const projectChances = sql`
  select distinct on (project_id) project_id, case when state = 'WON' then 1 when state in ('LOST', 'NO_DECISION') then 0
    else coalesce(deal.probability, usual.probability) end as probability
  from project_link join opportunity as deal on deal.id = opportunity_id and deal.deleted_at is null
  left join (${usualProbabilities}) as usual on usual.pipeline = coalesce(deal.pipeline, '') and usual.stage = deal.stage
  where project_link.status = 'LINKED' order by project_id, (state = 'WON') desc, close_date, deal.id`;
