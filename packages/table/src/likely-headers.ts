import { normalCell, textOfCell, type Cell } from './cell.ts';
import { SEARCHED_ROWS } from './headers.ts';

/** Index of the first row that looks like headers: the one with the most texts among the first rows; -1 when none does. */
export function likelyHeaderRow(rows: readonly (readonly Cell[])[]): number {
  const counts = rows.slice(0, SEARCHED_ROWS).map((row) => headerTexts(row).length);
  const most = Math.max(0, ...counts);
  return most < 2 ? -1 : counts.indexOf(most);
}

/** The texts of a row of headers, each once, in their order; cells with numbers or dates are no headers. */
export function headerTexts(row: readonly Cell[]): string[] {
  const texts = row.flatMap((cell) => {
    const normal = normalCell(cell);
    return typeof normal === 'string' ? [textOfCell(normal).replace(/\s+/g, ' ')] : [];
  });
  return [...new Set(texts)];
}
