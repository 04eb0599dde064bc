import { defineEntity, p } from '@mikro-orm/core';

/** What a work item keeps of what was promised; each link and each end of one is a decision on the commitment. */
export const CommitmentLink = defineEntity({
  name: 'CommitmentLink',
  tableName: 'commitment_link',
  properties: {
    work_item_id: p.uuid().primary(),
    commitment_id: p.uuid(),
    linked_by: p.text(),
    linked_at: p.string().columnType('timestamptz'),
  },
  indexes: [{ name: 'commitment_link_commitment_idx', properties: ['commitment_id', 'work_item_id'] }],
});

/** What linking and its end are called among the decisions on a commitment. */
export const commitmentActions = { link: 'LINK_WORK', unlink: 'UNLINK_WORK' } as const;
