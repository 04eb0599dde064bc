import type { CellValue, Tab } from '@plumbline/google-sheets/emulator';
import { serialDate, type Day } from './days.ts';

type Format = NonNullable<Tab['formats']>[number];

/** A column of a register: its header, how Sheets formats it, and what stands in it. */
export interface Column<Row> {
  header: string;
  format?: Format;
  cell(row: Row): CellValue;
}

/** Rows as people keep them: a title above the headers, a blank row now and then, nothing behind the last filled cell. */
export function sheetTab<Row>(
  tab: { sheetId: number; title: string; heading?: string },
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Tab {
  const body = rows.flatMap((row, index): CellValue[][] => {
    const cells = withoutTail(columns.map((column) => column.cell(row)));
    return index > 0 && index % 17 === 0 ? [[], cells] : [cells];
  });
  return {
    sheetId: tab.sheetId,
    title: tab.title,
    rows: [...(tab.heading ? [[tab.heading], []] : []), columns.map(({ header }) => header), ...body],
    formats: Object.fromEntries(columns.flatMap(({ format }, index) => (format ? [[index, format]] : []))),
  };
}

export function dateColumn<Row>(header: string, day: (row: Row) => Day | null): Column<Row> {
  return {
    header,
    format: 'DATE',
    cell(row) {
      const value = day(row);
      return value === null ? null : serialDate(value);
    },
  };
}

function withoutTail(cells: readonly CellValue[]): CellValue[] {
  const last = cells.findLastIndex((cell) => cell !== null && cell !== '');
  return cells.slice(0, last + 1);
}
