import { defineEntity, p } from '@mikro-orm/core';

/**
 * What was agreed for a project: immutable. The first comes by acceptance, each further one only by an executed change
 * order.
 */
export const Baseline = defineEntity({
  name: 'Baseline',
  tableName: 'baseline',
  properties: {
    id: p.uuid().primary(),
    project_id: p.uuid(),
    version: p.integer(),
    contract_value: p.string().columnType('numeric'),
    contract_value_currency: p.text(),
    /** Budget at completion. */
    planned_cost: p.string().columnType('numeric').nullable(),
    planned_cost_currency: p.text().nullable(),
    planned_seconds: p.string().columnType('bigint').nullable(),
    start: p.string().columnType('date').nullable(),
    end: p.string().columnType('date').nullable(),
    /** How its earned value is counted; null leaves that to the configuration. */
    earned_value_method: p.text().nullable(),
    /** Cumulative planned cost at the end of given days; null grows evenly from start to end. */
    planned_values: p.json().nullable(),
    /** Where each value comes from: GIVEN, PROPOSAL, OPPORTUNITY, BUDGET, PROJECT or CHANGE_ORDER. */
    origins: p.json(),
    /** What was sold, line by line, as the deal had it on the day of acceptance. */
    items: p.json(),
    opportunity_id: p.uuid().nullable(),
    /** The proposal whose acceptance froze it, or the one beneath it. */
    proposal_id: p.uuid().nullable(),
    change_order_id: p.uuid().nullable(),
    accepted_at: p.string().columnType('timestamptz'),
    accepted_by: p.text(),
    evidence: p.json(),
  },
  uniques: [{ name: 'baseline_version_key', properties: ['project_id', 'version'] }],
});
