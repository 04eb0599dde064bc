import { HubError, type RawRecord } from '@plumbline/connector';
import { findHeaders, headerName, type Cell, type Headers, type TablePlace } from '@plumbline/table';
import type { SpreadsheetConfig, TabConfig } from './config.ts';
import type { Google, GridRange } from './google.ts';
import type { Formats, SpreadsheetShape, TabShape } from './google-answers.ts';
import { rowRecords } from './row-records.ts';

/** A tab read whole. */
export interface TabReading {
  records: RawRecord[];
  /** Drive's version from before the reading: what came later is read again. */
  version: string;
  /** False when the sheet kept changing, so that rows may be missing or stand twice. */
  stable: boolean;
}

export interface TabPlace {
  spreadsheet: Pick<SpreadsheetConfig, 'id'>;
  tab: TabConfig;
}

const CELLS_PER_REQUEST = 200_000;
const ATTEMPTS = 3;

/**
 * Reads a tab whole. Several requests are no snapshot: when the sheet changed between them it is read again, at most
 * three times.
 */
export async function readTab(google: Google, place: TabPlace, before: { version: string }): Promise<TabReading> {
  let { version } = before;
  for (let attempt = 1; ; attempt += 1) {
    const { records, requests } = await readOnce(google, place);
    if (requests === 1) return { records, version, stable: true };
    const after = await google.file(place.spreadsheet.id);
    if (after.version === version) return { records, version, stable: true };
    if (attempt === ATTEMPTS) return { records, version, stable: false };
    version = after.version;
  }
}

async function readOnce(google: Google, place: TabPlace): Promise<{ records: RawRecord[]; requests: number }> {
  const { spreadsheet, tab } = place;
  const shape = await google.shape(spreadsheet.id);
  const found = fitting(() => findTab(shape, place));
  const { rows, requests } = await readRows(google, spreadsheet.id, found);
  const headers = fitting(() => findHeaders(rows, tab, placeOf({ shape, spreadsheet, found })));
  const ranges = percentRanges({ tab, headers, found, rowCount: rows.length });
  const formats: Formats = ranges.length === 0 ? new Map() : await google.formats(spreadsheet.id, ranges);
  const records = rowRecords({ rows, headers, tab, formats, timeZone: shape.timeZone });
  return { records, requests: requests + (ranges.length === 0 ? 0 : 1) };
}

/** The sheet is there, and a tab or a header is not as the configuration names it. */
export class Misfit extends HubError {}

function fitting<Found>(find: () => Found): Found {
  try {
    return find();
  } catch (error) {
    throw error instanceof HubError ? new Misfit(error, { cause: error }) : error;
  }
}

/** The tab that is meant; throws HubError BAD_CONFIG that lists the tabs there are. */
export function findTab(shape: SpreadsheetShape, { spreadsheet, tab }: TabPlace): TabShape {
  const found = shape.tabs.find(({ sheetId, title }) =>
    tab.sheetId === undefined ? title === tab.tab : sheetId === tab.sheetId,
  );
  if (found) return found;
  const wanted = tab.sheetId === undefined ? `"${tab.tab}"` : `with sheetId ${tab.sheetId}`;
  const known = shape.tabs.map(({ sheetId, title }) => `"${title}" (sheetId ${sheetId})`).join(', ');
  throw new HubError({
    code: 'BAD_CONFIG',
    message: `Spreadsheet "${shape.title}" (${spreadsheet.id}) has no tab ${wanted}. There are ${known}.`,
    remedy: 'Correct the tab in the configuration; `sheetId` survives renaming.',
  });
}

/** How messages name a tab and its rows. */
export function placeOf(of: {
  shape: SpreadsheetShape;
  spreadsheet: Pick<SpreadsheetConfig, 'id'>;
  found: TabShape;
}): TablePlace {
  const { shape, spreadsheet, found } = of;
  return {
    name: `Spreadsheet "${shape.title}" (${spreadsheet.id}), tab "${found.title}"`,
    row: (index) => `row ${index + 1}`,
    where: 'sheet',
  };
}

async function readRows(
  google: Google,
  spreadsheetId: string,
  { sheetId, rowCount, columnCount }: TabShape,
): Promise<{ rows: Cell[][]; requests: number }> {
  const step = Math.max(1_000, Math.floor(CELLS_PER_REQUEST / Math.max(1, columnCount)));
  if (rowCount <= step) return { rows: await google.values(spreadsheetId, { sheetId }), requests: 1 };
  const rows: Cell[][] = [];
  let requests = 0;
  for (let start = 0; start < rowCount; start += step) {
    const end = Math.min(rowCount, start + step);
    const part = await google.values(spreadsheetId, { sheetId, startRowIndex: start, endRowIndex: end });
    part.forEach((row, at) => {
      rows[start + at] = row;
    });
    requests += 1;
  }
  return { rows: Array.from(rows, (row) => row ?? []), requests };
}

/** The columns in which a number's meaning depends on its format: 0.2 shown as 20 %, or 20 typed as such. */
function percentRanges(input: { tab: TabConfig; headers: Headers; found: TabShape; rowCount: number }): GridRange[] {
  const wanted = new Set(
    Object.values(input.tab.columns).flatMap(({ percent, column }) =>
      percent && column !== undefined ? [headerName(column)] : [],
    ),
  );
  const first = input.headers.rowIndex + 1;
  if (input.rowCount <= first) return [];
  return input.headers.columns
    .filter(({ header }) => wanted.has(headerName(header)))
    .map(({ index }) => ({
      sheetId: input.found.sheetId,
      startRowIndex: first,
      endRowIndex: input.rowCount,
      startColumnIndex: index,
      endColumnIndex: index + 1,
    }));
}
