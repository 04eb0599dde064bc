import type { UnifiedRecord } from '@plumbline/connector';
import { mapRow, type CellOrList } from '@plumbline/table';
import { z } from 'zod';
import type { TableConfig } from './config.ts';
import { dialect } from './dialect.ts';

const oneCell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const cellSchema: z.ZodType<CellOrList> = z.union([oneCell, z.array(oneCell).readonly()]);

/** A row as it is stored: what it holds, by header. In which file and line it stands is no part of it. */
export const rowSchema = z.looseObject({
  /** What identifies it; null for a row without a usable key. */
  key: z.string().min(1).nullable(),
  cells: z.record(z.string(), cellSchema),
  /** Why the row cannot be used; such a row goes to quarantine. */
  problem: z.string().optional(),
});
export type Row = z.infer<typeof rowSchema>;

/** The record a row means. Throws HubError BAD_RECORD that names table, row and column. */
export function mapFileRow(row: Row, table: TableConfig): UnifiedRecord {
  const { decimalSeparator, zone: timeZone } = table;
  const columns = Object.entries(table.columns).map(([name, mapping]) => [name, { decimalSeparator, ...mapping }]);
  // An item of JSON may leave members out: then nothing is known of them. A line of CSV cannot.
  return mapRow(row, {
    table: { ...table, columns: Object.fromEntries(columns) },
    dialect,
    timeZone,
    absent: 'unknown',
  });
}
