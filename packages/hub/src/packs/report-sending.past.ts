import { sql } from 'kysely';
import type { PastTable } from '../kernel/past-tables.ts';

/** What somebody had said by then, whenever it was sent; sendings are only added. */
export const pastReportSendings: PastTable = {
  name: 'report_sending',
  rows: (at) => sql`select * from report_sending as present where recorded_at <= ${at}`,
};
