import { defineStream, HubError, type Page, type PollContext, type Stream } from '@plumbline/connector';
import { foldsCase } from '@plumbline/table';
import type { z } from 'zod';
import { cursorSchema, type Cursor } from './changes.ts';
import type { FilesConfig, TableConfig } from './config.ts';
import { openFolder } from './folder.ts';
import { mapFileRow, rowSchema } from './row.ts';
import { readTable, survey, type TablePlace } from './table-reading.ts';

type Context = PollContext<FilesConfig, FilesSecrets>;
/** Files need none. */
export type FilesSecrets = Record<string, never>;

const NOTHING_READ: Cursor = { files: {}, columns: {} };

/** The streams of a configuration: one for each table, so that runs, cursors and quarantine are the table's own. */
export function tableStreams(config: FilesConfig): Stream[] {
  return config.tables.map((table) => tableStream(table)(config));
}

function tableStream(table: TableConfig): (config: FilesConfig) => Stream {
  return defineStream<FilesConfig, FilesSecrets, z.infer<typeof rowSchema>, Cursor>({
    name: table.name,
    description: `Rows of ${table.files} as ${table.kind}.`,
    kinds: [table.kind],
    raw: rowSchema,
    cursor: cursorSchema,
    worth: { granularityMs: 0, lagMs: 0, zone: 'none', tieBreaker: 'id' },
    ...(table.everyMinutes === undefined ? {} : { everyMinutes: table.everyMinutes }),
    fetches: ({ folder }) => ({ folder, ...fetched(table) }),
    poll: (context, cursor) => poll(context, table, cursor),
    census: (context) => census(context, table),
    map: (row) => [mapFileRow(row, table)],
  });
}

/** What decides which raw records a table gives; the mapping of their fields is applied later and is no part of it. */
function fetched({ key, ...table }: TableConfig): Record<string, unknown> {
  const { files, form, encoding, delimiter, quote, path, headerRow, ignoreColumns } = table;
  const written = { form, encoding, delimiter, quote, path, headerRow };
  const given = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
  return { files, ...given, ignoreColumns, key: key.column, lowerCase: foldsCase(key) };
}

async function* poll(context: Context, table: TableConfig, cursor: Cursor | null): AsyncGenerator<Page> {
  const place = await placeOf(context, table);
  const found = await survey(place, cursor);
  if (found.isAsBefore) {
    const { columns = {} } = cursor ?? {};
    yield { records: [], cursor: { files: Object.fromEntries(found.unchanged), columns }, complete: true };
    return;
  }
  yield* readTable(place, found, cursor ?? NOTHING_READ);
}

async function* census(context: Context, table: TableConfig): AsyncGenerator<readonly string[]> {
  const place = await placeOf(context, table);
  for await (const page of readTable(place, await survey(place, null), NOTHING_READ)) {
    if (page.allIds) yield page.allIds;
    else if (page.complete) throw incomplete(table, page);
  }
}

async function placeOf({ config, signal, clock, http }: Context, table: TableConfig): Promise<TablePlace> {
  return { folder: await openFolder(config), table, signal, stats: http.stats, clock };
}

function incomplete({ name }: TableConfig, { skipped = [] }: Page): HubError {
  return new HubError({
    code: 'UNAVAILABLE',
    retryable: true,
    message: `Table ${name} cannot be read whole: ${skipped[0]?.reason ?? ''}`,
    remedy: 'The next run reads it again.',
  });
}
