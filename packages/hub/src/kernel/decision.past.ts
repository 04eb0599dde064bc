import { sql } from 'kysely';
import type { PastTable } from './past-tables.ts';

/** What was decided by then; decisions are only added. */
export const pastDecisions: PastTable = {
  name: 'decision',
  rows: (at) => sql`select * from decision as present where at <= ${at}`,
};
