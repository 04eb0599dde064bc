import { defineEntity, p } from '@mikro-orm/core';

/** Where the schedule of a source's endpoint class stands, for every process that calls the vendor; epoch milliseconds. */
export const RateSchedule = defineEntity({
  name: 'RateSchedule',
  tableName: 'rate_schedule',
  properties: {
    source_id: p.text().primary(),
    endpoint_class: p.text().primary(),
    /** The next turn that nobody has booked. */
    next: p.double(),
    paused_until: p.double(),
  },
});
