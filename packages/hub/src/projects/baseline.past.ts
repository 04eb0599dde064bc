import { sql } from 'kysely';
import type { PastTable } from '../kernel/past-tables.ts';

/** What was agreed by then; what is agreed never changes. */
export const pastBaselines: PastTable = {
  name: 'baseline',
  rows: (at) => sql`select * from baseline as present where accepted_at <= ${at}`,
};
