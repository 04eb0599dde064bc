import { HubError, type InventoryDefinition, type Item } from '@plumbline/connector';
import { headerId, headerName, mappedHeaders, namedHeaders } from '@plumbline/table';
import type { FilesConfig, TableConfig } from './config.ts';
import { lookAtHeaders } from './csv.ts';
import { seekColumns } from './file-columns.ts';
import { formOf, sourceOf } from './file-rows.ts';
import { findFiles, openFile, openFolder, type Folder } from './folder.ts';
import type { FilesSecrets } from './table-stream.ts';

/** So many items are looked at for a member that none has had yet; behind them it may still be. */
const MOST_ITEMS = 100_000;

/** The columns of each table: headers of CSV, members of the items of JSON. */
export const inventory: InventoryDefinition<FilesConfig, FilesSecrets> = {
  lists: {
    async column({ config, signal }) {
      const folder = await openFolder(config);
      const found: Item[][] = [];
      for (const table of config.tables) found.push(await columnsOfTable(folder, table, signal));
      return found.flat();
    },
  },
  named: ({ tables }) =>
    tables.flatMap((table) => namedHeaders(table, { path: `tables.${table.name}`, list: 'column' })),
};

/** What one file has, and which of the mapped columns it is without. */
interface FileColumns {
  known: readonly string[];
  missing: readonly string[];
  /** Whether every row has every column of the file, as lines of CSV have. */
  isStrict: boolean;
}

/**
 * A mapped column is there unless a file of CSV is without it, or all files of JSON are. Of a file that cannot be read the
 * poll tells, and not column by column.
 */
async function columnsOfTable(folder: Folder, table: TableConfig, signal: AbortSignal): Promise<Item[]> {
  const found: FileColumns[] = [];
  for (const path of await unlessUnreadable(findFiles(folder, table.files), [])) {
    const of = await unlessUnreadable<FileColumns | null>(columnsOfFile(folder, table, { path, signal }), null);
    if (of) found.push(of);
  }
  const isGone = (column: string): boolean => {
    const without = found.filter(({ missing }) => missing.includes(column));
    return without.some(({ isStrict }) => isStrict) || (without.length > 0 && without.length === found.length);
  };
  const mapped = mappedHeaders(table);
  const names = new Map([...found.flatMap(({ known }) => known), ...mapped].map((name) => [headerName(name), name]));
  for (const column of mapped.filter(isGone)) names.delete(headerName(column));
  return [...names.values()].map((name) => ({ id: headerId(table, name), name, type: null, custom: true }));
}

async function columnsOfFile(
  folder: Folder,
  table: TableConfig,
  { path, signal }: { path: string; signal: AbortSignal },
): Promise<FileColumns> {
  const file = await openFile(folder, path);
  try {
    const source = sourceOf(folder, table, file, { signal });
    if (formOf(path, table) === 'csv') {
      const { headers } = await lookAtHeaders(source);
      const known = headers.columns.map(({ header }) => header);
      const there = new Set(known.map(headerName));
      // Without the key's header it is not known which row the headers are.
      const wanted = headers.rowIndex < 0 ? [table.key.column] : mappedHeaders(table);
      return { known, missing: wanted.filter((column) => !there.has(headerName(column))), isStrict: true };
    }
    const { known, missing, looked } = await seekColumns(source, mappedHeaders(table), MOST_ITEMS);
    return { known, missing: looked < MOST_ITEMS ? missing : [], isStrict: false };
  } finally {
    await file.handle.close();
  }
}

async function unlessUnreadable<Value>(reading: Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof HubError) return otherwise;
    throw error;
  }
}
