import { HubError } from '@plumbline/connector';
import { headerName, mappedHeaders } from '@plumbline/table';
import type { Cursor } from './changes.ts';
import type { TableConfig } from './config.ts';
import type { FileRow, RowSource } from './file-row.ts';
import { rowsOf } from './file-rows.ts';

/** What looking for columns in the rows of a file found. */
export interface Sought {
  /** Those that no row has. */
  missing: readonly string[];
  /** Columns that rows have, as they are written there. */
  known: readonly string[];
  /** How many rows were looked at: no more than it took to tell. */
  looked: number;
}

const MOST_NAMED = 50;

/** Looks for columns in rows that may leave them out, as items of JSON do. */
export async function seekColumns(source: RowSource, wanted: readonly string[], most = Infinity): Promise<Sought> {
  const left = new Map(wanted.map((column) => [headerName(column), column]));
  const known = new Map<string, string>();
  let looked = 0;
  for await (const { cells, problem } of rowsOf(source)) {
    if (problem !== null) continue;
    strike(left, cells);
    if (known.size < source.limits.columnsPerRow) {
      for (const column of Object.keys(cells)) known.set(headerName(column), column);
    }
    looked += 1;
    if (left.size === 0 || looked >= most) break;
  }
  return { missing: looked === 0 ? [] : [...left.values()], known: [...known.values()], looked };
}

/** Takes out of what is sought what a row has. Where an inner object is null, all its members are known to be empty. */
function strike(sought: Map<string, unknown> | Set<string>, cells: FileRow['cells']): void {
  for (const [column, cell] of Object.entries(cells)) {
    const name = headerName(column);
    sought.delete(name);
    if (cell !== null) continue;
    for (const each of sought.keys()) if (each.startsWith(`${name}.`)) sought.delete(each);
  }
}

/** Notes which of a table's mapped columns the rows of a file have. */
export function columnNotes(table: TableConfig): { take(row: FileRow): void; seen(): string[] } {
  const mapped = mappedHeaders(table).map(headerName);
  const unseen = new Set(mapped);
  return {
    take({ cells, problem }) {
      if (problem === null && unseen.size > 0) strike(unseen, cells);
    },
    seen: () => mapped.filter((column) => !unseen.has(column)),
  };
}

/**
 * The mapped columns that a file is sure to have, unless somebody renamed them: those it had, and of a file that is new,
 * those that every file had. Nothing is known before the first reading.
 */
export function expectedColumns(path: string, { columns }: Pick<Cursor, 'columns'>, table: TableConfig): string[] {
  const [first = [], ...others] = Object.values(columns);
  const had = columns[path] ?? first.filter((column) => others.every((other) => other.includes(column)));
  return mappedHeaders(table).filter((column) => had.includes(headerName(column)));
}

/** Throws HubError BAD_CONFIG when columns that were there are in no row any more: what was read with them stays. */
export async function assertColumns(source: RowSource, expected: readonly string[]): Promise<void> {
  if (expected.length === 0) return;
  const { missing, known, looked } = await seekColumns(source, expected);
  if (missing.length === 0) return;
  const names = missing.map((column) => `"${column}"`).join(', ');
  throw new HubError({
    code: 'BAD_CONFIG',
    message: `File ${source.path} no longer has ${names} in any of its ${looked} items. ${membersThere(known)}`,
    remedy:
      'Correct the name in the configuration; if they are left out on purpose, `plumbline sync --again` of this table takes the file as it is.',
  });
}

/** A sentence that lists members. */
export function membersThere(known: readonly string[]): string {
  const more = known.length > MOST_NAMED ? ` and ${known.length - MOST_NAMED} more` : '';
  return `Their members are ${known
    .slice(0, MOST_NAMED)
    .map((name) => `"${name}"`)
    .join(', ')}${more}.`;
}
