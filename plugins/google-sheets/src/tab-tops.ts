import { SEARCHED_ROWS, type Cell } from '@plumbline/table';
import type { Google } from './google.ts';
import type { Formats, TabShape } from './google-answers.ts';

/** The beginning of a tab, as it is before anybody says what it means. */
export interface TabTop {
  tab: TabShape;
  rows: readonly (readonly Cell[])[];
}

/** The first rows of tabs, by one request for all of them. */
export async function readTops(google: Google, spreadsheetId: string, tabs: readonly TabShape[]): Promise<TabTop[]> {
  const withGrid = tabs.filter(({ rowCount }) => rowCount > 0);
  if (withGrid.length === 0) return [];
  const ranges = withGrid.map(({ sheetId }) => ({ sheetId, startRowIndex: 0, endRowIndex: SEARCHED_ROWS + 1 }));
  const values = await google.valuesOf(spreadsheetId, ranges);
  return withGrid.map((tab, index) => ({ tab, rows: values[index] ?? [] }));
}

/** Number formats of one row of each of these tabs, by sheetId; rows count from 0. */
export async function readRowFormats(
  google: Google,
  spreadsheetId: string,
  rows: readonly { sheetId: number; rowIndex: number }[],
): Promise<ReadonlyMap<number, Formats>> {
  if (rows.length === 0) return new Map();
  const ranges = rows.map(({ sheetId, rowIndex }) => ({
    sheetId,
    startRowIndex: rowIndex,
    endRowIndex: rowIndex + 1,
  }));
  return google.formatsByTab(spreadsheetId, ranges);
}
