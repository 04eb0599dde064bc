/** Cells of one tab: rows and columns from 0, ends excluded. */
export interface CellRange {
  startRow: number;
  endRow: number;
  startColumn: number;
  endColumn: number;
}

/** What an A1 range says; what it leaves open is undefined. `title` is null when it names no tab. */
export interface A1Range {
  title: string | null;
  cells: Partial<CellRange>;
}

const CORNERS = /^([A-Z]{1,3})?([1-9]\d*)?(?::([A-Z]{1,3})?([1-9]\d*)?)?$/i;

/** Reads `'It''s'!A1:B2`, `Rates!A:C`, `A1` or a bare title; null for what Sheets cannot parse. */
export function parseA1(text: string, isTitle: (title: string) => boolean): A1Range | null {
  const quoted = /^'((?:[^']|'')*)'(?:!(.*))?$/.exec(text);
  if (quoted) return withCells(quoted[1]?.replaceAll("''", "'") ?? '', quoted[2]);
  if (isTitle(text)) return { title: text, cells: {} };
  const split = text.lastIndexOf('!');
  if (split >= 0) return withCells(text.slice(0, split), text.slice(split + 1));
  return withCells(null, text);
}

function withCells(title: string | null, corners: string | undefined): A1Range | null {
  if (corners === undefined) return { title, cells: {} };
  const match = CORNERS.exec(corners);
  if (!match || corners === '') return null;
  const [, fromColumn, fromRow, toColumn, toRow] = match;
  const single = !corners.includes(':');
  const endColumn = toColumn ?? (single ? fromColumn : undefined);
  const endRow = toRow ?? (single ? fromRow : undefined);
  return {
    title,
    cells: {
      ...(fromColumn === undefined ? {} : { startColumn: columnIndex(fromColumn) }),
      ...(fromRow === undefined ? {} : { startRow: Number(fromRow) - 1 }),
      ...(endColumn === undefined ? {} : { endColumn: columnIndex(endColumn) + 1 }),
      ...(endRow === undefined ? {} : { endRow: Number(endRow) }),
    },
  };
}

/** `A` is 0, `AA` is 26. */
export function columnIndex(letters: string): number {
  return [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? columnLetters(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}

/** The range as Sheets writes it in its answers: the title is quoted unless it is a plain word. */
export function formatA1(title: string, cells: CellRange): string {
  const name = /^[A-Za-z_]\w*$/.test(title) ? title : `'${title.replaceAll("'", "''")}'`;
  const from = `${columnLetters(cells.startColumn)}${cells.startRow + 1}`;
  const to = `${columnLetters(Math.max(cells.startColumn, cells.endColumn - 1))}${Math.max(cells.startRow + 1, cells.endRow)}`;
  return from === to ? `${name}!${from}` : `${name}!${from}:${to}`;
}
