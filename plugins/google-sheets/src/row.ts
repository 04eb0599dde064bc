import type { UnifiedRecord } from '@plumbline/connector';
import { mapRow } from '@plumbline/table';
import { z } from 'zod';
import { cellSchema } from './cell.ts';
import type { TabConfig } from './config.ts';
import { dialect } from './dialect.ts';

/**
 * A row as it is stored: what its cells hold, by header. Where it stands is no part of it, so that moving and sorting
 * rows changes nothing.
 */
export const rowSchema = z.looseObject({
  /** What identifies it; null for a row without a usable key. */
  key: z.string().min(1).nullable(),
  /** The spreadsheet's zone. */
  timeZone: z.string().min(1),
  cells: z.record(z.string(), cellSchema),
  /** Headers of cells that are formatted as percentages, among the columns where that matters. */
  percent: z.array(z.string()).optional(),
  /** Why the row cannot be used; such a row goes to quarantine. */
  problem: z.string().optional(),
});
export type Row = z.infer<typeof rowSchema>;

/** The record a row means. Throws HubError BAD_RECORD that names tab, row and column. */
export function mapSheetRow(row: Row, tab: TabConfig): UnifiedRecord {
  return mapRow(row, { table: tab, dialect, timeZone: row.timeZone, absent: 'mistake' });
}
