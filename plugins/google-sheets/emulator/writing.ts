import { z } from 'zod';
import { enterCell } from './cells.ts';
import { applyEdit, type Edit } from './edits.ts';
import { invalidArgument } from './google-error.ts';
import { regionOf, valueRange, type Region } from './reading.ts';
import {
  clip,
  filledColumns,
  firstFreeRow,
  gridSize,
  putCell,
  rangeName,
  resolveA1,
  sheetById,
  toCells,
  type Workbook,
} from './workbook.ts';

export const inputOptions = ['RAW', 'USER_ENTERED'] as const;
type InputOption = (typeof inputOptions)[number];

export const valuesSchema = z.object({
  range: z.string().optional(),
  majorDimension: z.enum(['ROWS', 'COLUMNS']).default('ROWS'),
  values: z.array(z.array(z.unknown())).default([]),
});
type Values = z.infer<typeof valuesSchema>;

interface Write {
  workbook: Workbook;
  range: string;
  values: Values;
  option: InputOption;
  /** `includeValuesInResponse`. */
  echo: boolean;
}

/** `values.update`: null leaves a cell alone, "" clears it. Throws 400 when the values do not fit the range. */
export function updateValues(write: Write): object {
  const { sheet, cells } = resolveA1(write.workbook, write.range);
  const rows = rowsOf(write.values);
  const width = Math.max(0, ...rows.map((row) => row.length));
  const start = { row: cells.startRow ?? 0, column: cells.startColumn ?? 0 };
  const oneCell = cells.endRow === start.row + 1 && cells.endColumn === start.column + 1;
  const room = oneCell ? clip(sheet, { startRow: start.row, startColumn: start.column }) : clip(sheet, cells);
  if (rows.length > room.endRow - start.row || width > room.endColumn - start.column) {
    throw invalidArgument(`Requested writing within range [${write.range}], but tried writing outside of it`);
  }
  rows.forEach((row, down) => {
    row.forEach((given, right) => {
      const at = { row: start.row + down, column: start.column + right };
      const cell = enterCell({ given, option: write.option, old: sheet.rows[at.row]?.[at.column] });
      if (cell) putCell(sheet, at, cell);
    });
  });
  const end = { endRow: start.row + Math.max(1, rows.length), endColumn: start.column + Math.max(1, width) };
  const written = { sheet, cells: { startRow: start.row, startColumn: start.column, ...end } };
  return updateAnswer(write, written, { rows: rows.length, columns: width });
}

function rowsOf({ majorDimension, values }: Values): unknown[][] {
  if (majorDimension === 'ROWS') return values;
  const height = Math.max(0, ...values.map((column) => column.length));
  return Array.from({ length: height }, (_, row) => values.map((column) => column[row] ?? null));
}

function updateAnswer(write: Write, region: Region, size: { rows: number; columns: number }): object {
  const render = { value: 'FORMATTED_VALUE', dates: 'SERIAL_NUMBER', majorDimension: 'ROWS' } as const;
  return {
    spreadsheetId: write.workbook.spreadsheetId,
    updatedRange: rangeName(region.sheet, region.cells),
    updatedRows: size.rows,
    updatedColumns: size.columns,
    updatedCells: size.rows * size.columns,
    ...(write.echo ? { updatedData: valueRange(write.workbook, region, render) } : {}),
  };
}

/** `values.append`: behind the last row that holds anything. */
export function appendValues(write: Write): object {
  const { sheet, cells } = regionOf(write.workbook, write.range);
  const free = firstFreeRow(sheet);
  const table = { startRow: 0, endRow: free, startColumn: 0, endColumn: filledColumns(sheet) };
  const range = rangeName(sheet, { ...cells, startRow: free, endRow: free + 1, endColumn: cells.startColumn + 1 });
  const updates = updateValues({ ...write, range });
  return {
    spreadsheetId: write.workbook.spreadsheetId,
    ...(free === 0 ? {} : { tableRange: rangeName(sheet, table) }),
    updates,
  };
}

const dimensionRange = z.object({
  sheetId: z.number().int(),
  dimension: z.enum(['ROWS', 'COLUMNS']),
  startIndex: z.number().int(),
  endIndex: z.number().int(),
});

/** The requests of `spreadsheets.batchUpdate` the emulator knows. */
export const batchRequestSchema = z.union([
  z.object({ insertDimension: z.object({ range: dimensionRange }) }),
  z.object({ deleteDimension: z.object({ range: dimensionRange }) }),
  z.object({
    updateSheetProperties: z.object({
      properties: z.object({ sheetId: z.number().int(), title: z.string().min(1) }),
      fields: z.literal('title'),
    }),
  }),
  z.object({ deleteSheet: z.object({ sheetId: z.number().int() }) }),
  z.object({
    sortRange: z.object({
      range: z.object({ sheetId: z.number().int(), startRowIndex: z.number().int().default(0) }),
      sortSpecs: z
        .array(
          z.object({ dimensionIndex: z.number().int(), sortOrder: z.enum(['ASCENDING', 'DESCENDING']).optional() }),
        )
        .length(1),
    }),
  }),
]);
export type BatchRequest = z.infer<typeof batchRequestSchema>;

/** Carries one request of a batch out; throws 400 for a tab that is not there. */
export function applyBatchRequest(workbook: Workbook, request: BatchRequest): void {
  if ('insertDimension' in request) insertDimension(workbook, request.insertDimension.range);
  else if ('deleteDimension' in request) deleteDimension(workbook, request.deleteDimension.range);
  else applyEdit(workbook, asEdit(workbook, request));
}

type EditRequest = Exclude<BatchRequest, { insertDimension: unknown } | { deleteDimension: unknown }>;

function asEdit(workbook: Workbook, request: EditRequest): Edit {
  const { spreadsheetId } = workbook;
  if ('deleteSheet' in request) {
    return { op: 'deleteTab', spreadsheetId, tab: sheetById(workbook, request.deleteSheet.sheetId).sheetId };
  }
  if ('updateSheetProperties' in request) {
    const { sheetId, title } = request.updateSheetProperties.properties;
    return { op: 'renameTab', spreadsheetId, tab: sheetById(workbook, sheetId).sheetId, title };
  }
  const { range, sortSpecs } = request.sortRange;
  const [spec] = sortSpecs;
  const tab = sheetById(workbook, range.sheetId).sheetId;
  const descending = spec?.sortOrder === 'DESCENDING';
  return {
    op: 'sortRange',
    spreadsheetId,
    tab,
    column: spec?.dimensionIndex ?? 0,
    from: range.startRowIndex,
    descending,
  };
}

type DimensionRange = z.infer<typeof dimensionRange>;

function insertDimension(workbook: Workbook, range: DimensionRange): void {
  const sheet = sheetById(workbook, range.sheetId);
  const { spreadsheetId } = workbook;
  for (let at = range.startIndex; at < range.endIndex; at += 1) {
    const place = { spreadsheetId, tab: sheet.sheetId, before: at };
    applyEdit(
      workbook,
      range.dimension === 'ROWS' ? { op: 'insertRows', ...place, rows: [[]] } : { op: 'insertColumn', ...place },
    );
  }
}

function deleteDimension(workbook: Workbook, range: DimensionRange): void {
  const sheet = sheetById(workbook, range.sheetId);
  const count = range.endIndex - range.startIndex;
  if (range.endIndex > gridSize(sheet)[range.dimension === 'ROWS' ? 'rowCount' : 'columnCount']) {
    throw invalidArgument(`Invalid requests[0].deleteDimension: range ends behind the grid of ${sheet.title}`);
  }
  if (range.dimension === 'ROWS') {
    sheet.rows.splice(range.startIndex, count);
    return;
  }
  for (const row of sheet.rows) row.splice(range.startIndex, count);
  sheet.formats.splice(range.startIndex, count);
}

/** `values.clear`: the values go, the formats stay. */
export function clearValues(workbook: Workbook, range: string): object {
  const { sheet, cells } = regionOf(workbook, range);
  for (const row of sheet.rows.slice(cells.startRow, cells.endRow)) {
    const end = Math.min(cells.endColumn, row.length);
    const cleared = toCells(Array.from({ length: Math.max(0, end - cells.startColumn) }, () => null));
    row.splice(cells.startColumn, cleared.length, ...cleared);
  }
  return { spreadsheetId: workbook.spreadsheetId, clearedRange: rangeName(sheet, cells) };
}
