import { defineEntity, p } from '@mikro-orm/core';

/** Where the schedule of an account's endpoint class stands, for every process that calls the vendor; epoch milliseconds. */
export const RateSchedule = defineEntity({
  name: 'RateSchedule',
  tableName: 'rate_schedule',
  properties: {
    /** The source, or a fingerprint of the account where several sources may be the same one to the vendor. */
    source_id: p.text().primary(),
    endpoint_class: p.text().primary(),
    /** The next turn that nobody has booked. */
    next: p.double(),
    paused_until: p.double(),
  },
});
