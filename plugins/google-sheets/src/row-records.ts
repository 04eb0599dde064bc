import type { RawRecord } from '@plumbline/connector';
import { headerName, normalCell, readRowKey, type Cell, type Headers } from '@plumbline/table';
import type { TabConfig } from './config.ts';
import type { Formats } from './google-answers.ts';
import type { Row } from './row.ts';

/**
 * The raw records of a tab. Blank rows are left out. A row without a usable key, or with one that stands above already,
 * becomes a record of its own that says so, and never takes the place of the good one.
 */
export function rowRecords(input: {
  rows: readonly (readonly Cell[])[];
  headers: Headers;
  tab: TabConfig;
  formats: Formats;
  timeZone: string;
}): RawRecord[] {
  const { rows, headers, tab } = input;
  const good = new Map<string, { number: number; record: RawRecord }>();
  const broken: Broken[] = [];
  for (let index = headers.rowIndex + 1; index < rows.length; index += 1) {
    const row = readRow(input, index);
    if (isEmpty(row)) continue;
    const number = index + 1;
    const { key, problem } = readKey(row, tab.key);
    const first = key === null ? undefined : good.get(key);
    if (key === null) {
      broken.push({ id: `row-${number}`, row, problem: `row ${number}: ${problem}` });
    } else if (first) {
      const says = `row ${number}: duplicate key "${key}" in column "${tab.key.column}", also in row ${first.number}`;
      broken.push({ id: `${key} (row ${number})`, row: { ...row, key }, problem: says });
    } else {
      good.set(key, { number, record: { id: key, changedAt: null, payload: { ...row, key } } });
    }
  }
  const records = [...good.values()].map(({ record }) => record);
  return [...records, ...brokenRecords(broken, new Set(good.keys()))];
}

interface Broken {
  id: string;
  row: Row;
  problem: string;
}

/** Their ids are made up, so they give way where a good row has the same. */
function brokenRecords(broken: readonly Broken[], taken: Set<string>): RawRecord[] {
  return broken.map(({ id: wanted, row, problem }) => {
    let id = wanted;
    while (taken.has(id)) id += '*';
    taken.add(id);
    return { id, changedAt: null, payload: { ...row, problem } satisfies Row };
  });
}

function readRow(input: Parameters<typeof rowRecords>[0], index: number): Row {
  const { rows, headers, formats, timeZone } = input;
  const cells: Record<string, Cell> = {};
  const percent: string[] = [];
  for (const column of headers.columns) {
    cells[column.header] = normalCell(rows[index]?.[column.index]);
    if (formats.get(`${index}:${column.index}`) === 'PERCENT') percent.push(column.header);
  }
  return { key: null, timeZone, cells, ...(percent.length === 0 ? {} : { percent }) };
}

/** Unticked checkboxes reach down to the end of a sheet, so FALSE alone does not make a row. */
function isEmpty(row: Row): boolean {
  return Object.values(row.cells).every((cell) => cell === null || cell === false);
}

function readKey(row: Row, key: TabConfig['key']): ReturnType<typeof readRowKey> {
  const wanted = headerName(key.column);
  const cell = Object.entries(row.cells).find(([header]) => headerName(header) === wanted)?.[1] ?? null;
  return readRowKey(cell, key);
}
