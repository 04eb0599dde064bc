import { HubError } from '@plumbline/connector';
import { normalCell, textOfCell, type Cell } from './cell.ts';
import type { TableMapping } from './columns.ts';
import { headerName } from './header.ts';
import { mappedHeaders } from './mapped-headers.ts';

/** Where a table stands: its header row and the columns that have one. */
export interface Headers {
  /** Index of the header row, from 0. */
  rowIndex: number;
  columns: readonly { index: number; header: string }[];
}

/** How messages name a table and its rows. */
export interface TablePlace {
  /** The subject of a sentence, such as `File rates.csv`. */
  name: string;
  /** A row by its index from 0, such as `line 7`. */
  row(index: number): string;
  /** Where a person corrects it: `sheet`, `file`. */
  where: string;
}

type Mapping = Pick<TableMapping, 'key' | 'columns' | 'customFields' | 'ignoreColumns' | 'headerRow'>;

export const SEARCHED_ROWS = 20;

/**
 * Finds the header row and every mapped header in it. Throws HubError BAD_CONFIG that names place and header, and lists
 * the headers that exist.
 */
export function findHeaders(rows: readonly (readonly Cell[])[], table: Mapping, place: TablePlace): Headers {
  const { headers, problems } = lookForHeaders(rows, table, place);
  const [first] = problems;
  if (first) throw first;
  return headers;
}

/** The same, but with everything that is wrong instead of throwing the first of it. */
export function lookForHeaders(
  rows: readonly (readonly Cell[])[],
  table: Mapping,
  place: TablePlace,
): { headers: Headers; problems: readonly HubError[] } {
  const rowIndex = headerRowOf(rows, table);
  if (rowIndex < 0) {
    const below = rows.findIndex((row) => hasHeader(row, table.key.column));
    if (below >= 0) return { headers: { rowIndex, columns: [] }, problems: [tooFarBelow(below, table, place)] };
    const first = rows.find((row) => row.some((cell) => normalCell(cell) !== null)) ?? [];
    const problem = `${place.name} has no header "${table.key.column}" in its first ${SEARCHED_ROWS} rows`;
    return { headers: { rowIndex, columns: [] }, problems: [badHeader(problem, columnsOfRow(first), place)] };
  }
  const columns = columnsOfRow(rows[rowIndex] ?? []);
  const problems = mappedHeaders(table).flatMap((wanted) => {
    const found = columns.filter(({ header }) => headerName(header) === headerName(wanted));
    if (found.length === 1) return [];
    const letters = found.map(({ index }) => columnLetters(index)).join(' and ');
    const problem =
      found.length === 0
        ? `${place.name} has no header "${wanted}" in ${place.row(rowIndex)}`
        : `${place.name} has the header "${wanted}" twice, in columns ${letters}`;
    return [badHeader(problem, columns, place)];
  });
  return { headers: { rowIndex, columns: distinct(columns, table) }, problems };
}

/** Index of the header row; -1 when none of the searched rows has the key's header. */
function headerRowOf(rows: readonly (readonly Cell[])[], { headerRow, key }: Mapping): number {
  if (headerRow !== undefined) return headerRow - 1;
  return rows.slice(0, SEARCHED_ROWS).findIndex((row) => hasHeader(row, key.column));
}

function hasHeader(row: readonly Cell[], header: string): boolean {
  return row.some((cell) => headerName(headerText(cell)) === headerName(header));
}

function tooFarBelow(rowIndex: number, { key }: Mapping, place: TablePlace): HubError {
  return new HubError({
    code: 'BAD_CONFIG',
    message: `${place.name} has the header "${key.column}" in ${place.row(rowIndex)}, below the first ${SEARCHED_ROWS} rows.`,
    remedy: `Delete rows above it in the ${place.where}, or say \`headerRow: ${rowIndex + 1}\` in the configuration.`,
  });
}

function columnsOfRow(row: readonly Cell[]): Headers['columns'] {
  return row.map((cell, index) => ({ index, header: headerText(cell) })).filter(({ header }) => header !== '');
}

function headerText(cell: Cell): string {
  const normal = normalCell(cell);
  return normal === null ? '' : textOfCell(normal).replace(/\s+/g, ' ');
}

function badHeader(problem: string, columns: Headers['columns'], { where }: TablePlace): HubError {
  const known = columns.map(({ header }) => `"${header}"`).join(', ');
  return new HubError({
    code: 'BAD_CONFIG',
    message: `${problem}. ${known === '' ? 'The row is blank' : `The headers there are ${known}`}.`,
    remedy: `Correct the header in the ${where}, or its name in the configuration.`,
  });
}

/** Leaves ignored columns out and tells headers that nobody maps apart when they occur twice. */
function distinct(columns: Headers['columns'], { ignoreColumns }: Mapping): Headers['columns'] {
  const ignored = new Set(ignoreColumns.map(headerName));
  const taken = new Set<string>();
  return columns
    .filter(({ header }) => !ignored.has(headerName(header)))
    .map(({ index, header }) => {
      let name = header;
      for (let count = 2; taken.has(headerName(name)); count += 1) name = `${header} (${count})`;
      taken.add(headerName(name));
      return { index, header: name };
    });
}

/** The letters above a column, counted from 0. */
function columnLetters(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? columnLetters(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}
