import { columnIndex, formatA1, parseA1, type CellRange } from './a1.ts';
import { isBlank, type Cell, type NumberFormat } from './cells.ts';
import { invalidArgument } from './google-error.ts';
import type { CellValue, Spreadsheet, Tab } from './seed.ts';

/** A spreadsheet as the emulator keeps it, with what Drive says of it. */
export interface Workbook {
  spreadsheetId: string;
  title: string;
  locale: string;
  timeZone: string;
  sheets: Sheet[];
  /** Drive's version; grows with every change. */
  version: number;
  modified: Temporal.Instant;
  trashed: boolean;
  /** Accounts it was taken from; everybody else may read it. */
  hiddenFrom: Set<string>;
}

export interface Sheet {
  sheetId: number;
  title: string;
  rows: Cell[][];
  /** By column; a hole means the automatic format. */
  formats: (NumberFormat | undefined)[];
}

export function openWorkbook(spreadsheet: Spreadsheet, now: Temporal.Instant): Workbook {
  const { spreadsheetId, title, locale, timeZone } = spreadsheet;
  const sheets = spreadsheet.tabs.map(openSheet);
  const workbook = { spreadsheetId, title, locale, timeZone, sheets, modified: now, trashed: false };
  return { ...workbook, version: 1, hiddenFrom: new Set() };
}

function openSheet(tab: Tab): Sheet {
  const rows = tab.rows.map(toCells);
  for (const [address, formula] of Object.entries(tab.formulas ?? {})) {
    const [, letters = '', number = ''] = /^([A-Z]+)(\d+)$/.exec(address) ?? [];
    const cell = rows[Number(number) - 1]?.[columnIndex(letters)];
    if (!cell) throw new RangeError(`${tab.title}: no cell ${address} for a formula`);
    cell.formula = formula;
  }
  const formats: (NumberFormat | undefined)[] = [];
  for (const [column, format] of Object.entries(tab.formats ?? {})) formats[Number(column)] = format;
  return { sheetId: tab.sheetId, title: tab.title, rows, formats };
}

export function toCells(values: readonly CellValue[]): Cell[] {
  return values.map((value) => ({ value }));
}

/** The grid's size: at least what a new tab has. */
export function gridSize(sheet: Sheet): { rowCount: number; columnCount: number } {
  const widest = sheet.rows.reduce((most, row) => Math.max(most, row.length), 0);
  return { rowCount: Math.max(1_000, sheet.rows.length), columnCount: Math.max(26, widest) };
}

/** Open ends are taken as the grid's, and what lies outside is cut off. */
export function clip(sheet: Sheet, cells: Partial<CellRange>): CellRange {
  const { rowCount, columnCount } = gridSize(sheet);
  return {
    startRow: Math.min(cells.startRow ?? 0, rowCount),
    endRow: Math.min(cells.endRow ?? rowCount, rowCount),
    startColumn: Math.min(cells.startColumn ?? 0, columnCount),
    endColumn: Math.min(cells.endColumn ?? columnCount, columnCount),
  };
}

/** The tab and cells an A1 range means; throws 400 as Sheets does for a tab that is not there. */
export function resolveA1(workbook: Workbook, text: string): { sheet: Sheet; cells: Partial<CellRange> } {
  const titled = (title: string): Sheet | undefined =>
    workbook.sheets.find((sheet) => sheet.title.toLowerCase() === title.toLowerCase());
  const parsed = parseA1(text, (title) => titled(title) !== undefined);
  const sheet = parsed?.title == null ? workbook.sheets[0] : titled(parsed.title);
  if (!parsed || !sheet) throw invalidArgument(`Unable to parse range: ${text}`);
  return { sheet, cells: parsed.cells };
}

export function sheetById(workbook: Workbook, sheetId: number): Sheet {
  const sheet = workbook.sheets.find((each) => each.sheetId === sheetId);
  if (!sheet) throw invalidArgument(`No grid with id: ${sheetId}`);
  return sheet;
}

export function formatOf(sheet: Sheet, row: number, column: number): NumberFormat | undefined {
  return sheet.rows[row]?.[column]?.format ?? sheet.formats[column];
}

/** Puts a cell anywhere, growing the rows as needed. */
export function putCell(sheet: Sheet, at: { row: number; column: number }, cell: Cell): void {
  while (sheet.rows.length <= at.row) sheet.rows.push([]);
  const row = sheet.rows[at.row] ?? [];
  while (row.length <= at.column) row.push({ value: null });
  row[at.column] = cell;
}

/** The row behind the last one that holds anything. */
export function firstFreeRow(sheet: Sheet): number {
  return sheet.rows.findLastIndex((row) => !row.every(isBlank)) + 1;
}

/** How many columns hold anything. */
export function filledColumns(sheet: Sheet): number {
  return sheet.rows.reduce((most, row) => Math.max(most, row.findLastIndex((cell) => !isBlank(cell)) + 1), 0);
}

export function rangeName(sheet: Sheet, cells: CellRange): string {
  return formatA1(sheet.title, cells);
}
