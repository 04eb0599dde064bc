import {
  fieldsOf,
  HubError,
  type FieldValues,
  type JsonValue,
  type Key,
  type UnifiedRecord,
} from '@plumbline/connector';
import { z } from 'zod';
import { cellSchema, isUnusable, normalCell, textOfCell, type Cell } from './cell.ts';
import type { ColumnMapping, TabConfig } from './config.ts';
import { withoutDust } from './decimal.ts';
import { keyOf, readFieldValue, rowKey } from './field-value.ts';
import { headerName } from './header.ts';

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
export function mapRow(row: Row, tab: TabConfig): UnifiedRecord {
  if (row.problem !== undefined || row.key === null) throw unusable(tab, row.problem ?? 'the row has no key');
  const cells = new Map(Object.entries(row.cells).map(([header, cell]) => [headerName(header), cell]));
  const percent = new Set(row.percent?.map(headerName));
  const key = row.key;
  const within = { tab, key, cellOf: cellReader(cells, { tab, key }), timeZone: row.timeZone, percent };
  const fields = Object.entries(tab.columns).map(([name, mapping]) => [name, fieldValue(within, name, mapping)]);
  const customFields = Object.entries(tab.customFields).map(([name, column]) => [name, customValue(within, column)]);
  return {
    kind: tab.kind,
    id: key,
    keys: keysOf(within),
    fields: Object.fromEntries(fields) as FieldValues<typeof tab.kind>,
    ...(customFields.length === 0
      ? {}
      : { customFields: Object.fromEntries(customFields) as Record<string, JsonValue> }),
  };
}

interface Within {
  tab: TabConfig;
  key: string;
  /** The cell under a header; throws for an error cell and for a column the row does not have. */
  cellOf(column: string): Cell;
  timeZone: string;
  percent: ReadonlySet<string>;
}

function cellReader(cells: ReadonlyMap<string, Cell>, { tab, key }: { tab: TabConfig; key: string }): Within['cellOf'] {
  return (column) => {
    const cell = cells.get(headerName(column));
    if (cell === undefined) throw unusable(tab, `row "${key}" was read without a column "${column}"`);
    if (isUnusable(cell)) throw unusable(tab, `row "${key}", column "${column}" holds ${cell} instead of a value`);
    return normalCell(cell);
  };
}

function fieldValue(within: Within, name: string, mapping: ColumnMapping): JsonValue {
  const field = fieldsOf(within.tab.kind)[name];
  if (!field) throw unusable(within.tab, `the kind ${within.tab.kind} has no field "${name}"`);
  const cell = mapping.fixed ?? (mapping.column === undefined ? null : within.cellOf(mapping.column));
  if (cell === null) return null;
  const isPercent = mapping.column !== undefined && within.percent.has(headerName(mapping.column));
  const currencyCell = mapping.currencyColumn === undefined ? null : within.cellOf(mapping.currencyColumn);
  try {
    return readFieldValue({ cell, mapping, field, timeZone: within.timeZone, isPercent, currencyCell });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const column = mapping.column === undefined ? 'the fixed value' : `column "${mapping.column}"`;
    throw unusable(within.tab, `row "${within.key}", ${column} (${name}) ${error.message}`, error);
  }
}

/** A custom field's value stays as the cell has it, but for the dust of doubles. */
function customValue(within: Within, column: string): JsonValue {
  const cell = within.cellOf(column);
  return typeof cell === 'number' ? withoutDust(cell) : cell;
}

function keysOf(within: Within): Key[] {
  const { tab, key } = within;
  const own = [
    rowKey(tab.name, key),
    ...(tab.key.scheme === undefined ? [] : [keyOf(key, { scheme: tab.key.scheme })]),
  ];
  const further = tab.key.keys.flatMap((each) => {
    const cell = within.cellOf(each.column);
    return cell === null ? [] : [keyOf(textOfCell(cell), each)];
  });
  return [...new Set([...own, ...further])];
}

function unusable(tab: TabConfig, problem: string, cause?: unknown): HubError {
  return new HubError(
    {
      code: 'BAD_RECORD',
      message: `Tab ${tab.name}: ${problem}.`,
      remedy: 'Correct the sheet, or the mapping of its column; the next poll reads it again.',
    },
    { cause },
  );
}
