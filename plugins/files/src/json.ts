import { HubError } from '@plumbline/connector';
import { headerName, normalCell, type Cell, type CellOrList } from '@plumbline/table';
import type { TableConfig } from './config.ts';
import type { FileRow, RowSource } from './file-row.ts';
import { createItemReader, parseExactly, type ItemReader } from './json-values.ts';

/** Rows of a JSON file: the items of its list. Throws HubError that names file and line for what no list can be. */
export async function* jsonRows(source: RowSource): AsyncGenerator<FileRow> {
  const { path, text, table, limits } = source;
  const reader = createItemReader(table.path ?? null);
  let number = 0;
  for await (const piece of text) {
    const items = reading(path, reader, () => reader.write(piece));
    for (const value of items) {
      number += 1;
      yield rowOf(value, number, source);
    }
    if (reader.pending > limits.kilobytesPerRow * 1_024) {
      throw tooLong(`File ${path}: item ${number + 1}`, limits.kilobytesPerRow);
    }
  }
  reading(path, reader, () => reader.end());
  if (!reader.found) throw noList(source, reader.members);
}

/** Rows of a file with one JSON object a line. A line that is none is a row with a problem. */
export async function* ndjsonRows(source: RowSource): AsyncGenerator<FileRow> {
  const { path, limits } = source;
  let number = 0;
  let rest = '';
  for await (const piece of source.text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      number += 1;
      if (line.trim() !== '') yield lineOf(line, number, source);
    }
    if (rest.length > limits.kilobytesPerRow * 1_024) {
      throw tooLong(`File ${path}: line ${number + 1}`, limits.kilobytesPerRow);
    }
  }
  if (rest.trim() !== '') yield lineOf(rest, number + 1, source);
}

function lineOf(line: string, number: number, source: RowSource): FileRow {
  let value: unknown;
  try {
    value = parseExactly(line);
  } catch (error) {
    const problem = `the line is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    return { number, key: null, cells: {}, problem };
  }
  return rowOf(value, number, source);
}

function rowOf(value: unknown, number: number, { table, limits }: RowSource): FileRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { number, key: null, cells: {}, problem: 'it is not an object' };
  }
  const cells = flattened(value, table);
  const count = Object.keys(cells).length;
  if (count > limits.columnsPerRow) {
    const problem = `it has ${count} members, more than ${limits.columnsPerRow}; raise \`limits.columnsPerRow\``;
    return { number, key: null, cells: {}, problem };
  }
  const wanted = headerName(table.key.column);
  const key = Object.entries(cells).find(([name]) => headerName(name) === wanted)?.[1] ?? null;
  return { number, key, cells, problem: null };
}

/** Members by their names, those of inner objects with a dot: `{ a: { b: 1 } }` has the column `a.b`. */
function flattened(item: object, { ignoreColumns }: TableConfig): Record<string, CellOrList> {
  const ignored = new Set(ignoreColumns.map(headerName));
  const cells: Record<string, CellOrList> = {};
  const add = (within: object, prefix: string): void => {
    for (const [name, value] of Object.entries(within) as [string, unknown][]) {
      const column = `${prefix}${name}`;
      if (ignored.has(headerName(column))) continue;
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) add(value, `${column}.`);
      else cells[column] = cellOf(value);
    }
  };
  add(item, '');
  return cells;
}

/** Lists of plain values stay lists; what is deeper is kept as its JSON text. */
function cellOf(value: unknown): CellOrList {
  if (!Array.isArray(value)) return normalCell(value as Cell);
  const isPlain = value.every((each) => typeof each !== 'object' || each === null);
  return isPlain ? (value as Cell[]).map(normalCell) : JSON.stringify(value);
}

function reading<Value>(path: string, reader: ItemReader, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    throw new HubError(
      {
        code: 'BAD_RESPONSE',
        message: `File ${path}, line ${reader.line}, behind item ${reader.count}: it is not JSON: ${says}.`,
        remedy: "Correct the file; one with an object on every line has `form: 'ndjson'`.",
      },
      { cause: error },
    );
  }
}

function noList({ path, table }: RowSource, members: readonly string[]): HubError {
  const where = table.path === undefined ? 'is no list' : `has no list at "${table.path}"`;
  const there = members.map((name) => `"${name}"`).join(', ');
  return new HubError({
    code: 'BAD_CONFIG',
    message: `File ${path} ${where}.${there === '' ? '' : ` Its members are ${there}.`}`,
    remedy: 'Set `path` of the table to the member that holds the list.',
  });
}

function tooLong(what: string, kilobytes: number): HubError {
  return new HubError({
    code: 'REFUSED',
    message: `${what} is longer than ${kilobytes} kB.`,
    remedy: 'Look at what stands there, or raise `limits.kilobytesPerRow`.',
  });
}
