import { defineStream, field, HubError, view, type Page, type RawRecord, type Stream } from '@plumbline/connector';
import { foldsCase } from '@plumbline/table';
import { z } from 'zod';
import type { GoogleSheetsConfig, SpreadsheetConfig, TabConfig } from './config.ts';
import { fileProblem } from './drive-file.ts';
import { openGoogle, type Google, type GoogleContext } from './google.ts';
import type { DriveFile } from './google-answers.ts';
import { mapSheetRow, rowSchema, type Row } from './row.ts';
import type { GoogleSheetsSecrets } from './secrets.ts';
import { Misfit, readTab, type TabPlace } from './tab-reading.ts';

const PAGE_SIZE = 200;

/** Drive's version of the spreadsheet when the tab was last read whole; null until then. */
const cursorSchema = z.strictObject({ version: z.string().nullable() });
type Cursor = z.infer<typeof cursorSchema>;

/** The streams of a configuration: one for each tab, so that runs, cursors and quarantine are the tab's own. */
export function tabStreams(config: GoogleSheetsConfig): Stream[] {
  return config.spreadsheets.flatMap((spreadsheet) =>
    spreadsheet.tabs.map((tab) => tabStream({ spreadsheet, tab })(config)),
  );
}

function tabStream(place: TabPlace): (config: GoogleSheetsConfig) => Stream {
  const { spreadsheet, tab } = place;
  return defineStream<GoogleSheetsConfig, GoogleSheetsSecrets, z.infer<typeof rowSchema>, Cursor>({
    name: tab.name,
    description: `Rows of the tab ${tab.tab ?? `with sheetId ${tab.sheetId}`} as ${tab.kind}.`,
    kinds: [tab.kind],
    raw: rowSchema,
    cursor: cursorSchema,
    worth: { granularityMs: 0, lagMs: 0, zone: 'none', tieBreaker: 'id' },
    ...(tab.everyMinutes === undefined ? {} : { everyMinutes: tab.everyMinutes }),
    fetches: () => fetched(spreadsheet, tab),
    poll: (context, cursor) => poll(context, place, cursor),
    async *census(context) {
      const google = openGoogle(context);
      const { records, stable } = await readTab(google, place, await openFile(google, place));
      if (!stable) throw unstable(place);
      yield records.map(({ id }) => id);
    },
    confirm: (context, ids) => confirm(openGoogle(context), place, ids),
    map: (row) => [mapSheetRow(row, tab)],
    views: [rowView(place)],
  });
}

/** Where a row is found by a person; not its number, which changes whenever somebody sorts. */
function rowView({ spreadsheet, tab }: TabPlace) {
  return view({
    on: tab.kind,
    description: 'A row of a Google sheet.',
    fields: {
      spreadsheet: field.text('Id of the spreadsheet.'),
      tab: field.text('The tab: its title, or its sheetId where the configuration names it by that.'),
      key: field.text('What its key column holds.'),
      url: field.text('Where people open the sheet.'),
    },
    read: ({ key }: Row) => ({
      spreadsheet: spreadsheet.id,
      tab: tab.tab ?? String(tab.sheetId),
      key,
      url: `https://docs.google.com/spreadsheets/d/${spreadsheet.id}/edit${tab.sheetId === undefined ? '' : `#gid=${tab.sheetId}`}`,
    }),
  });
}

/** What decides which raw records a tab gives; the mapping of their fields is applied later and is no part of it. */
function fetched(spreadsheet: Pick<SpreadsheetConfig, 'id'>, tab: TabConfig): unknown {
  const percent = Object.values(tab.columns).flatMap((mapping) => (mapping.percent ? [mapping.column] : []));
  const { sheetId = null, headerRow = null, ignoreColumns, key } = tab;
  const identity = { key: key.column, lowerCase: foldsCase(key) };
  return { id: spreadsheet.id, tab: tab.tab ?? null, sheetId, headerRow, ...identity, ignoreColumns, percent };
}

async function* poll(context: GoogleContext, place: TabPlace, cursor: Cursor | null): AsyncGenerator<Page> {
  const google = openGoogle(context);
  // The version first: what changes while the cells are read has a higher one and is read by the next poll.
  const file = await openFile(google, place);
  if (cursor && cursor.version === file.version && !place.tab.alwaysRead) {
    yield { records: [], cursor, complete: true };
    return;
  }
  const before: Cursor = cursor ?? { version: null };
  const found = await readTab(google, place, file).catch((error: unknown) => unreadable(error, before));
  if (typeof found === 'string') {
    yield { records: [], cursor: before, complete: true, unread: found };
    return;
  }
  const { records, version, stable } = found;
  context.expect(records.length);
  for (const { items, last } of pages(records)) {
    if (!last) yield { records: items, cursor: before, complete: false };
    else if (stable) yield { records: items, cursor: { version }, complete: true, allIds: records.map(({ id }) => id) };
    else {
      const reason = 'The sheet kept changing while it was read; the next poll reads it again.';
      yield { records: items, cursor: before, complete: true, skipped: [{ id: null, reason }] };
    }
  }
}

/**
 * Why a tab cannot be read that could be: somebody took away a header, or the tab. A table is read whole or not at all, so
 * what was read of it stays. Throws what may be the configuration's fault, and what passes.
 */
function unreadable(error: unknown, { version }: Cursor): string {
  if (version === null || !(error instanceof Misfit)) throw error;
  return `${error.message} ${error.remedy}`;
}

/** Pages of at most 200; one empty page when there is nothing. */
function pages(records: readonly RawRecord[]): { items: RawRecord[]; last: boolean }[] {
  const count = Math.max(1, Math.ceil(records.length / PAGE_SIZE));
  return Array.from({ length: count }, (_, page) => ({
    items: records.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE),
    last: page === count - 1,
  }));
}

async function confirm(google: Google, place: TabPlace, ids: readonly string[]) {
  let present: ReadonlySet<string>;
  try {
    const { records, stable } = await readTab(google, place, await openFile(google, place));
    if (!stable) throw unstable(place);
    present = new Set(records.map(({ id }) => id));
  } catch (error) {
    // The sheet was unshared, or went to the bin: its rows are hidden from us, not deleted.
    const isHidden = error instanceof HubError && ['NOT_FOUND', 'PERMISSION_DENIED'].includes(error.code);
    if (!isHidden) throw error;
    return ids.map((id) => ({ id, state: 'INVISIBLE' as const }));
  }
  return ids.map((id) => ({ id, state: present.has(id) ? ('PRESENT' as const) : ('DELETED' as const) }));
}

/** The file, as long as it is a spreadsheet in use. */
async function openFile(google: Google, { spreadsheet }: TabPlace): Promise<DriveFile> {
  const file = await google.file(spreadsheet.id);
  const problem = fileProblem(file, spreadsheet.id);
  if (problem) throw problem;
  return file;
}

function unstable({ tab }: TabPlace): HubError {
  return new HubError({
    code: 'UNAVAILABLE',
    retryable: true,
    message: `Tab ${tab.name}: the sheet kept changing while it was read.`,
    remedy: 'The next run reads it again.',
  });
}
