import { sql } from 'kysely';
import type { PastTable } from '../kernel/past-tables.ts';

/** What had been taken by then, whatever it speaks of; snapshots are only added. */
export const pastReportSnapshots: PastTable = {
  name: 'report_snapshot',
  rows: (at) => sql`select * from report_snapshot as present where taken_at <= ${at}`,
};
