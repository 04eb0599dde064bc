import type { BudgetLedger } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';

/** Long enough that bookings are few, short enough that a pause which another process learnt of is kept soon. */
const AHEAD_MS = 200;

/** No pause lasts so long, between clocks a minute apart, and no schedule stands so far behind its reach: a process whose clock was wrong wrote it. */
const FARTHEST_MS = 3_660_000;

/** The schedules of an account in the database, so that all processes that read it share what its vendor allows. */
export function sharedLedger(rows: () => Rows, account: string): BudgetLedger {
  return {
    aheadMs: AHEAD_MS,
    async book({ endpointClass, turns, intervalMs, reachMs, at }) {
      const length = turns * intervalMs;
      const { rows: found } = await sql<{ from: number; pauses: Record<string, number> | null }>`
        with booked as (
          insert into rate_schedule as schedule (source_id, endpoint_class, next, paused_until)
          values (${account}, ${endpointClass}, ${at}::float8 + ${length}::float8, 0)
          on conflict (source_id, endpoint_class) do update set next = ${length}::float8 + case
            when schedule.next > ${at + FARTHEST_MS + reachMs}::float8 then ${at}::float8 else greatest(schedule.next, ${at}::float8) end
          returning next - ${length}::float8 as "from"
        )
        select "from", (
          select json_object_agg(endpoint_class, paused_until) from rate_schedule
          where source_id = ${account} and paused_until > ${at}::float8 and paused_until <= ${at + FARTHEST_MS}::float8
        ) as pauses from booked`.execute(rows());
      const [booked] = found;
      if (!booked) throw new RangeError('a booking gives where the schedule stood');
      return { from: booked.from, pauses: booked.pauses ?? {} };
    },
    async pause({ endpointClass, until, next, reachMs, at }) {
      const known = (column: 'next' | 'paused_until', farthest: number) => sql`
        case when schedule.${sql.ref(column)} > ${farthest}::float8 then 0 else schedule.${sql.ref(column)} end`;
      await sql`
        insert into rate_schedule as schedule (source_id, endpoint_class, next, paused_until)
        values (${account}, ${endpointClass}, ${next}::float8, ${until}::float8)
        on conflict (source_id, endpoint_class) do update set
          next = greatest(${known('next', at + FARTHEST_MS + reachMs)}, excluded.next),
          paused_until = greatest(${known('paused_until', at + FARTHEST_MS)}, excluded.paused_until)`.execute(rows());
    },
  };
}
