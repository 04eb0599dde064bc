import { sql, type RawBuilder } from 'kysely';
import type { PastTable } from '../kernel/past-tables.ts';
import { commitmentActions } from './commitment-link.ts';

const { link, unlink } = commitmentActions;

/** Links as they were: the last word of by then about each work item. */
export const pastCommitmentLinks: PastTable = {
  name: 'commitment_link',
  rows: (at) => lastLinks(sql`at <= ${at}`),
};

/**
 * Rows of `commitment_link` by the last word about each work item, among the decisions that a condition leaves. What an
 * item ceased to keep by being linked to another is told by that link.
 */
export function lastLinks(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select work_item_id, commitment_id, linked_by, linked_at from (
      select distinct on (work_item_id) work_item_id, commitment_id, linked_by, linked_at, action from (
        select coalesce(survivor_id, named.id::uuid) as work_item_id, subject_id as commitment_id, actor as linked_by,
          at as linked_at, action, decision.id as decision_id
        from decision cross join lateral jsonb_array_elements_text(details -> 'workItems') as named(id)
        left join merged_entity on merged_entity.id = named.id::uuid
        where subject_kind = 'commitment' and action in (${sql.lit(link)}, ${sql.lit(unlink)})
          and details -> 'linkedTo' is null and ${condition}
      ) as told order by work_item_id, linked_at desc, decision_id desc
    ) as last where action = ${sql.lit(link)}`;
}
