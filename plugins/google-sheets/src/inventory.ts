import type { InventoryDefinition, Item } from '@plumbline/connector';
import { headerId, lookForHeaders, namedHeaders } from '@plumbline/table';
import type { GoogleSheetsConfig, SpreadsheetConfig, TabConfig } from './config.ts';
import { openGoogle, type Google, type GoogleContext } from './google.ts';
import type { SpreadsheetShape, TabShape } from './google-answers.ts';
import type { GoogleSheetsSecrets } from './secrets.ts';
import { placeOf } from './tab-reading.ts';
import { readRowFormats, readTops, type TabTop } from './tab-tops.ts';

/** What the configured spreadsheets have that a configuration can name: tabs, and the headers of those that are read. */
export const inventory: InventoryDefinition<GoogleSheetsConfig, GoogleSheetsSecrets> = {
  lists: {
    tab: async (context) =>
      (await eachSpreadsheet(context, async ({ spreadsheet, shape }) => tabItems(spreadsheet, shape))).flat(),
    header: async (context) => (await eachSpreadsheet(context, headerItems)).flat(),
  },
  named: ({ spreadsheets }) =>
    spreadsheets.flatMap((spreadsheet) =>
      spreadsheet.tabs.flatMap((tab) => {
        const path = `spreadsheets.${spreadsheet.id}.tabs.${tab.name}`;
        const id = tabId(spreadsheet.id, tab.tab ?? `#${tab.sheetId}`);
        return [
          { path, list: 'tab', id, stream: tab.name, means: null },
          ...namedHeaders(tab, { path, list: 'header' }),
        ];
      }),
    ),
};

interface Looked {
  google: Google;
  spreadsheet: SpreadsheetConfig;
  shape: SpreadsheetShape;
}

async function eachSpreadsheet(context: GoogleContext, look: (looked: Looked) => Promise<Item[]>): Promise<Item[][]> {
  const google = openGoogle(context);
  return Promise.all(
    context.config.spreadsheets.map(async (spreadsheet) =>
      look({ google, spreadsheet, shape: await google.shape(spreadsheet.id) }),
    ),
  );
}

function tabItems({ id }: SpreadsheetConfig, { tabs }: SpreadsheetShape): Item[] {
  return tabs.map(({ title, sheetId }) => ({
    id: tabId(id, title),
    name: title,
    type: null,
    custom: true,
    spellings: [tabId(id, `#${sheetId}`)],
  }));
}

/** Headers by tab, each with the number format of the first row beneath it. */
async function headerItems({ google, spreadsheet, shape }: Looked): Promise<Item[]> {
  const found = spreadsheet.tabs.map((tab) => ({ tab, shown: tabOf(shape, tab) }));
  const tops = await readTops(
    google,
    spreadsheet.id,
    found.flatMap(({ shown }) => shown ?? []),
  );
  const read = found.map(({ tab, shown }) => {
    const top = tops.find((each) => each.tab === shown);
    return { tab, top, headers: top ? headersOf(tab, top, { spreadsheet, shape }) : null };
  });
  const beneath = read.flatMap(({ top, headers }) =>
    top && headers && headers.rowIndex >= 0 ? [{ sheetId: top.tab.sheetId, rowIndex: headers.rowIndex + 1 }] : [],
  );
  const formats = await readRowFormats(google, spreadsheet.id, beneath);
  return read.flatMap(({ tab, top, headers }): Item[] => {
    // A tab that is gone is told as such, and not header by header.
    if (!top || !headers)
      return namedHeaders(tab, { path: '', list: 'header' }).map(({ id }) => ({
        id,
        name: id,
        type: null,
        custom: false,
      }));
    const ofTab = formats.get(top.tab.sheetId);
    return headers.columns.map(({ index, header }) => ({
      id: headerId(tab, header),
      name: header,
      type: ofTab?.get(`${headers.rowIndex + 1}:${index}`) ?? null,
      custom: true,
    }));
  });
}

function headersOf(tab: TabConfig, top: TabTop, of: Pick<Looked, 'spreadsheet' | 'shape'>) {
  return lookForHeaders(top.rows, tab, placeOf({ ...of, found: top.tab })).headers;
}

function tabOf({ tabs }: SpreadsheetShape, { tab, sheetId }: TabConfig): TabShape | undefined {
  return tabs.find((each) => (sheetId === undefined ? each.title === tab : each.sheetId === sheetId));
}

function tabId(spreadsheetId: string, tab: string): string {
  return `${tab} of ${spreadsheetId}`;
}
