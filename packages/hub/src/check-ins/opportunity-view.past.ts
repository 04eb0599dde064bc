import { sql } from 'kysely';
import type { PastTable } from '../kernel/past-tables.ts';

/** What had been written down by then, whenever it speaks of; views are only added. */
export const pastViews: PastTable = {
  name: 'opportunity_view',
  rows: (at) => sql`select * from opportunity_view as present where recorded_at <= ${at}`,
};
