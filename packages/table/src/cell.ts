import { decimalOfNumber } from './decimal.ts';

/** A value as a table holds it; null when it is blank. */
export type Cell = string | number | boolean | null;

/** What stands in a column of a row: one cell or, where the table's form has lists, several. */
export type CellOrList = Cell | readonly Cell[];

/** What spreadsheets show and export in place of a value: errors of formulas, and formulas that are not computed yet. */
const UNUSABLE = /^(#(REF!|N\/A|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|ERROR!)|Loading\.\.\.)$/;

/** Blanks of every kind become null: missing cells, "" and cells of spaces only. */
export function normalCell(value: Cell | undefined): Cell {
  if (value === undefined || (typeof value === 'string' && value.trim() === '')) return null;
  return value;
}

export function isUnusable(cell: CellOrList): cell is string {
  return typeof cell === 'string' && UNUSABLE.test(cell.trim());
}

export function isList(cell: CellOrList): cell is readonly Cell[] {
  return Array.isArray(cell);
}

/** From here on a double no longer holds every digit that was typed: of an order number the last ones are gone. */
const MOST_EXACT = 1e15;

export function isInexact(cell: CellOrList): boolean {
  if (isList(cell)) return cell.some(isInexact);
  return typeof cell === 'number' && Math.abs(cell) >= MOST_EXACT;
}

/** The cell as text: numbers in plain decimals, TRUE and FALSE as spreadsheets show them. */
export function textOfCell(cell: Exclude<Cell, null>): string {
  if (typeof cell === 'number') return decimalOfNumber(cell);
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
  return cell.trim();
}
