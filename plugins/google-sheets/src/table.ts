import { HubError } from '@plumbline/connector';
import { normalCell, textOfCell, type Cell } from './cell.ts';
import { mappedHeaders, type TabConfig } from './config.ts';
import { headerName } from './header.ts';

/** Where a tab's table stands: its header row and the columns that have one. */
export interface Table {
  /** Index of the header row, from 0. */
  headerIndex: number;
  columns: readonly { index: number; header: string }[];
}

export const SEARCHED_ROWS = 20;

/**
 * Finds the header row and every mapped header in it. Throws HubError BAD_CONFIG that names spreadsheet, tab and header,
 * and lists the headers that exist.
 */
export function findTable(rows: readonly (readonly Cell[])[], tab: TabConfig, place: string): Table {
  const headerIndex = findHeaderRow(rows, tab, place);
  const columns = (rows[headerIndex] ?? []).flatMap((cell, index) => {
    const header = headerText(cell);
    return header === '' ? [] : [{ index, header }];
  });
  for (const wanted of mappedHeaders(tab)) {
    const found = columns.filter(({ header }) => headerName(header) === headerName(wanted));
    if (found.length === 0) throw badHeader(`${place} has no header "${wanted}" in row ${headerIndex + 1}`, columns);
    if (found.length > 1) {
      const letters = found.map(({ index }) => columnLetters(index)).join(' and ');
      throw badHeader(`${place} has the header "${wanted}" twice, in columns ${letters}`, columns);
    }
  }
  return { headerIndex, columns: distinct(columns, tab) };
}

function findHeaderRow(rows: readonly (readonly Cell[])[], tab: TabConfig, place: string): number {
  if (tab.headerRow !== undefined) return tab.headerRow - 1;
  const wanted = headerName(tab.key.column);
  const found = rows
    .slice(0, SEARCHED_ROWS)
    .findIndex((row) => row.some((cell) => headerName(headerText(cell)) === wanted));
  if (found >= 0) return found;
  const first = rows.find((row) => row.some((cell) => normalCell(cell) !== null)) ?? [];
  const shown = first.map((cell, index) => ({ index, header: headerText(cell) })).filter(({ header }) => header !== '');
  throw badHeader(`${place} has no header "${tab.key.column}" in its first ${SEARCHED_ROWS} rows`, shown);
}

function headerText(cell: Cell): string {
  const normal = normalCell(cell);
  return normal === null ? '' : textOfCell(normal).replace(/\s+/g, ' ');
}

function badHeader(problem: string, columns: Table['columns']): HubError {
  const known = columns.map(({ header }) => `"${header}"`).join(', ');
  return new HubError({
    code: 'BAD_CONFIG',
    message: `${problem}. ${known === '' ? 'The row is blank' : `The headers there are ${known}`}.`,
    remedy: 'Correct the header in the sheet, or its name in the configuration.',
  });
}

/** Leaves ignored columns out and tells headers that nobody maps apart when they occur twice. */
function distinct(columns: Table['columns'], tab: TabConfig): Table['columns'] {
  const ignored = new Set(tab.ignoreColumns.map(headerName));
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
