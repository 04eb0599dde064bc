import { z } from 'zod';
import { decimalOfNumber } from './decimal.ts';

/** A cell as UNFORMATTED_VALUE gives it; null when it is blank. */
export const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof cellSchema>;

/** What Sheets answers in place of a value: errors of formulas, and formulas that are not computed yet. */
const UNUSABLE = /^(#(REF!|N\/A|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|ERROR!)|Loading\.\.\.)$/;

/** Blanks of every kind become null: missing cells, "" and cells of spaces only. */
export function normalCell(value: Cell | undefined): Cell {
  if (value === undefined || (typeof value === 'string' && value.trim() === '')) return null;
  return value;
}

export function isUnusable(cell: Cell): cell is string {
  return typeof cell === 'string' && UNUSABLE.test(cell.trim());
}

/** The cell as text: numbers in plain decimals, TRUE and FALSE as Sheets shows them. */
export function textOfCell(cell: Exclude<Cell, null>): string {
  if (typeof cell === 'number') return decimalOfNumber(cell);
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
  return cell.trim();
}
