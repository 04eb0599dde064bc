import { z } from 'zod';
import type { CellRange } from './a1.ts';
import { effectiveValue, isBlank, renderCell, type DateRender, type ValueRender } from './cells.ts';
import { masks, type FieldMask } from './field-mask.ts';
import { clip, formatOf, gridSize, rangeName, resolveA1, sheetById, type Sheet, type Workbook } from './workbook.ts';

export const dataFilterSchema = z.object({
  a1Range: z.string().optional(),
  gridRange: z
    .object({
      sheetId: z.number().int().default(0),
      startRowIndex: z.number().int().optional(),
      endRowIndex: z.number().int().optional(),
      startColumnIndex: z.number().int().optional(),
      endColumnIndex: z.number().int().optional(),
    })
    .optional(),
});
export type DataFilter = z.infer<typeof dataFilterSchema>;

export const valueRenders = ['FORMATTED_VALUE', 'UNFORMATTED_VALUE', 'FORMULA'] as const;
export const dateRenders = ['SERIAL_NUMBER', 'FORMATTED_STRING'] as const;

export interface Render {
  value: ValueRender;
  dates: DateRender;
  majorDimension: 'ROWS' | 'COLUMNS';
}

export interface Region {
  sheet: Sheet;
  cells: CellRange;
}

export function regionOf(workbook: Workbook, range: string): Region {
  const { sheet, cells } = resolveA1(workbook, range);
  return { sheet, cells: clip(sheet, cells) };
}

export function regionOfFilter(workbook: Workbook, filter: DataFilter): Region {
  if (filter.a1Range !== undefined) return regionOf(workbook, filter.a1Range);
  const sheet = sheetById(workbook, filter.gridRange?.sheetId ?? 0);
  const { startRowIndex, endRowIndex, startColumnIndex, endColumnIndex } = filter.gridRange ?? {};
  const cells = {
    ...(startRowIndex === undefined ? {} : { startRow: startRowIndex }),
    ...(endRowIndex === undefined ? {} : { endRow: endRowIndex }),
    ...(startColumnIndex === undefined ? {} : { startColumn: startColumnIndex }),
    ...(endColumnIndex === undefined ? {} : { endColumn: endColumnIndex }),
  };
  return { sheet, cells: clip(sheet, cells) };
}

/** A ValueRange: trailing empty cells and rows are left out, and `values` altogether when nothing is there. */
export function valueRange(workbook: Workbook, region: Region, render: Render): object {
  const { sheet, cells } = region;
  const rows: unknown[][] = [];
  for (let row = cells.startRow; row < Math.min(cells.endRow, sheet.rows.length); row += 1) {
    const rendered: unknown[] = [];
    for (let column = cells.startColumn; column < cells.endColumn; column += 1) {
      const cell = sheet.rows[row]?.[column];
      if (column >= (sheet.rows[row]?.length ?? 0)) break;
      const format = formatOf(sheet, row, column);
      rendered.push(renderCell({ cell, format, locale: workbook.locale, value: render.value, dates: render.dates }));
    }
    rows.push(rendered);
  }
  const major = render.majorDimension === 'COLUMNS' ? transpose(rows) : rows;
  const values = withoutTail(
    major.map((each) => withoutTail(each, (value) => value === '')),
    (each) => each.length === 0,
  );
  return {
    range: rangeName(sheet, cells),
    majorDimension: render.majorDimension,
    ...(values.length === 0 ? {} : { values }),
  };
}

function withoutTail<Item>(items: Item[], empty: (item: Item) => boolean): Item[] {
  return items.slice(0, items.findLastIndex((item) => !empty(item)) + 1);
}

function transpose(rows: unknown[][]): unknown[][] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? ''));
}

/** A Spreadsheet; grid data only where the mask, or `includeGridData` without a mask, asks for it. */
export function spreadsheetResource(input: {
  workbook: Workbook;
  regions: readonly Region[];
  mask: FieldMask;
  includeGridData: boolean;
}): object {
  const { workbook, mask } = input;
  const withGrid = mask.size === 0 ? input.includeGridData : masks(mask, 'sheets', 'data');
  const wanted = input.regions.length === 0 ? workbook.sheets : [...new Set(input.regions.map(({ sheet }) => sheet))];
  return {
    spreadsheetId: workbook.spreadsheetId,
    properties: {
      title: workbook.title,
      locale: workbook.locale,
      autoRecalc: 'ON_CHANGE',
      timeZone: workbook.timeZone,
    },
    sheets: workbook.sheets
      .filter((sheet) => wanted.includes(sheet))
      .map((sheet) => ({
        properties: {
          sheetId: sheet.sheetId,
          title: sheet.title,
          index: workbook.sheets.indexOf(sheet),
          sheetType: 'GRID',
          gridProperties: gridSize(sheet),
        },
        ...(withGrid ? { data: gridsOf(sheet, input.regions) } : {}),
      })),
    spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${workbook.spreadsheetId}/edit`,
  };
}

function gridsOf(sheet: Sheet, regions: readonly Region[]): object[] {
  const own = regions.filter((region) => region.sheet === sheet).map(({ cells }) => cells);
  return (own.length === 0 ? [clip(sheet, {})] : own).map((cells) => gridData(sheet, cells));
}

function gridData(sheet: Sheet, cells: CellRange): object {
  const rowData: object[] = [];
  for (let row = cells.startRow; row < Math.min(cells.endRow, sheet.rows.length); row += 1) {
    const values: object[] = [];
    const width = Math.min(cells.endColumn, Math.max(sheet.rows[row]?.length ?? 0, sheet.formats.length));
    for (let column = cells.startColumn; column < width; column += 1) values.push(cellData(sheet, row, column));
    rowData.push(values.length === 0 ? {} : { values });
  }
  return {
    ...(cells.startRow === 0 ? {} : { startRow: cells.startRow }),
    ...(cells.startColumn === 0 ? {} : { startColumn: cells.startColumn }),
    rowData,
  };
}

function cellData(sheet: Sheet, row: number, column: number): object {
  const cell = sheet.rows[row]?.[column];
  const format = formatOf(sheet, row, column);
  const effective = isBlank(cell) ? undefined : effectiveValue(cell);
  return {
    ...(effective === undefined ? {} : { effectiveValue: effective }),
    ...(cell?.formula === undefined ? {} : { userEnteredValue: { formulaValue: cell.formula } }),
    ...(format === undefined ? {} : { effectiveFormat: { numberFormat: { type: format } } }),
  };
}
