import { HubError } from '@plumbline/connector';
import {
  findHeaders,
  headerName,
  lookForHeaders,
  normalCell,
  SEARCHED_ROWS,
  type Cell,
  type Headers,
  type TablePlace,
} from '@plumbline/table';
import { CsvError, parse } from 'csv-parse';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileLimits, TableConfig } from './config.ts';
import type { FileRow, RowSource } from './file-row.ts';

interface Line {
  /** The line it begins in, from 1. */
  number: number;
  values: readonly string[];
}

/** Rows of a CSV file below its headers. Throws HubError that names file, line and column for what no row can be. */
export async function* csvRows(source: RowSource): AsyncGenerator<FileRow> {
  const { table } = source;
  let headers: Headers | undefined;
  const top: Line[] = [];
  for await (const line of csvLines(source)) {
    if (headers) {
      if (!isBlank(line)) yield rowOf(line, { headers, width: widthOf(top, headers), table });
      continue;
    }
    top.push(line);
    if (top.length < topRows(table)) continue;
    headers = headersOf(top, source);
    yield* rowsBelow(top, headers, table);
  }
  if (headers) return;
  headers = headersOf(top, source);
  yield* rowsBelow(top, headers, table);
}

/** The first lines of a file, as many as the headers are searched in, with what is right and wrong about the headers. */
export async function lookAtHeaders(
  source: RowSource,
): Promise<{ top: readonly Line[] } & ReturnType<typeof lookForHeaders>> {
  const top: Line[] = [];
  for await (const line of csvLines(source)) if (top.push(line) >= topRows(source.table)) break;
  const rows = top.map(({ values }) => values.map(normalCell));
  return { top, ...lookForHeaders(rows, source.table, placeOf(source.path, top)) };
}

/** How messages name a file and its lines. */
function placeOf(path: string, top: readonly Line[]): TablePlace {
  return { name: `File ${path}`, row: (index) => `line ${top[index]?.number ?? index + 1}`, where: 'file' };
}

function topRows({ headerRow }: TableConfig): number {
  return Math.max(SEARCHED_ROWS, headerRow ?? 0);
}

function headersOf(top: readonly Line[], { path, table, limits }: RowSource): Headers {
  const rows = top.map(({ values }) => values.map(normalCell));
  try {
    const headers = findHeaders(rows, table, placeOf(path, top));
    const count = headers.columns.length;
    if (count <= limits.columnsPerRow) return headers;
    throw new HubError({
      code: 'REFUSED',
      message: `File ${path} has ${count} columns, more than ${limits.columnsPerRow}.`,
      remedy: 'Leave columns out of the export, or raise `limits.columnsPerRow`.',
    });
  } catch (error) {
    throw withDelimiter(error, { top, table });
  }
}

/** A whole line in one header is a line with another delimiter. */
export function withDelimiter(error: unknown, { top, table }: { top: readonly Line[]; table: TableConfig }): unknown {
  if (!(error instanceof HubError) || error.code !== 'BAD_CONFIG') return error;
  const line = top.find((each) => !isBlank(each));
  if (!line || line.values.length > 1) return error;
  const other = [',', ';', '\t', '|'].find((each) => each !== table.delimiter && line.values[0]?.includes(each));
  if (other === undefined) return error;
  const remedy = `The line looks separated by ${JSON.stringify(other)}: set \`delimiter: ${JSON.stringify(other)}\`.`;
  return new HubError({ code: error.code, message: error.message, remedy }, { cause: error });
}

function* rowsBelow(top: readonly Line[], headers: Headers, table: TableConfig): Generator<FileRow> {
  const width = widthOf(top, headers);
  for (const line of top.slice(headers.rowIndex + 1)) if (!isBlank(line)) yield rowOf(line, { headers, width, table });
}

function widthOf(top: readonly Line[], { rowIndex }: Headers): number {
  return top[rowIndex]?.values.length ?? 0;
}

function isBlank({ values }: Line): boolean {
  return values.every((value) => value.trim() === '');
}

function rowOf(line: Line, of: { headers: Headers; width: number; table: TableConfig }): FileRow {
  const { headers, width, table } = of;
  const wanted = headerName(table.key.column);
  const cells: Record<string, Cell> = {};
  let key: Cell = null;
  for (const { index, header } of headers.columns) {
    const cell = normalCell(line.values[index]);
    cells[header] = cell;
    if (headerName(header) === wanted) key = cell;
  }
  const count = line.values.length;
  const tooMany = line.values.slice(width).some((value) => value.trim() !== '');
  const tooFew = headers.columns.some(({ index }) => index >= count);
  const problem =
    tooMany || tooFew
      ? `${count} values for ${width} headers; look for a delimiter or quote that is missing or too many`
      : null;
  return { number: line.number, key, cells, problem };
}

async function* csvLines({ path, text, table, limits }: RowSource): AsyncGenerator<Line> {
  let taken = 0;
  // Parsing is ahead of taking: an error is in the row behind those that were parsed.
  let parsed = 0;
  const parser = parse({
    delimiter: table.delimiter,
    quote: table.quote,
    escape: table.quote,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: limits.kilobytesPerRow * 1_024,
    on_record(values) {
      parsed += linesOf(values);
      return values;
    },
  });
  const feeding = pipeline(Readable.from(text), parser);
  // Its failure is thrown by the loop below; until then it must not count as unhandled.
  feeding.catch(() => undefined);
  try {
    for await (const values of parser as AsyncIterable<string[]>) {
      yield { number: taken + 1, values };
      taken += linesOf(values);
    }
    await feeding;
  } catch (error) {
    if (error instanceof CsvError) throw badCsv(error, { path, line: parsed + 1, limits });
    throw error;
  }
}

/** How many lines a row takes; values may hold line breaks. */
function linesOf(values: readonly string[]): number {
  let count = 1;
  for (const value of values) {
    if (value.includes('\n') || value.includes('\r')) count += value.match(/\r\n|\n|\r/g)?.length ?? 0;
  }
  return count;
}

const reasons: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: 'a value goes on behind its closing quote',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'a value goes on behind its closing quote',
  INVALID_OPENING_QUOTE: 'there is a quote in a value that does not begin with one',
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed until the end of the file',
};

function badCsv(error: CsvError, at: { path: string; line: number; limits: FileLimits }): HubError {
  const row = `File ${at.path}: in the row that begins in line ${at.line}`;
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return new HubError(
      {
        code: 'REFUSED',
        message: `${row} there are more than ${at.limits.kilobytesPerRow} kB.`,
        remedy: 'Look for a quote that is not closed, or raise `limits.kilobytesPerRow`.',
      },
      { cause: error },
    );
  }
  const column = typeof error['column'] === 'number' ? `, column ${error['column'] + 1},` : '';
  return new HubError(
    {
      code: 'BAD_RESPONSE',
      message: `${row}${column} ${reasons[error.code] ?? error.message}.`,
      remedy:
        'Check `delimiter`; double the quotes within quoted values, or set `quote: null` where they mean nothing.',
    },
    { cause: error },
  );
}
