import { HubError, type TransportStats } from '@plumbline/connector';
import { createHash, type Hash } from 'node:crypto';
import { extname } from 'node:path';
import type { Form, TableConfig } from './config.ts';
import { csvRows } from './csv.ts';
import type { FileRow, RowSource } from './file-row.ts';
import { described, type Folder, type OpenFile } from './folder.ts';
import { jsonRows, ndjsonRows } from './json.ts';
import { decoded } from './text.ts';

const CHUNK = 256 * 1_024;

const endings: Readonly<Record<string, Form>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
};

const readers: Readonly<Record<Form, (source: RowSource) => AsyncIterable<FileRow>>> = {
  csv: csvRows,
  json: jsonRows,
  ndjson: ndjsonRows,
};

/** What a file is, by the configuration or else by its ending; throws HubError BAD_CONFIG when neither says. */
export function formOf(path: string, { form }: Pick<TableConfig, 'form'>): Form {
  const found = form ?? endings[extname(path).toLowerCase()];
  if (found) return found;
  throw new HubError({
    code: 'BAD_CONFIG',
    message: `The ending of file ${path} does not say what it is.`,
    remedy: `Set \`form\` of the table; these endings need none: ${Object.keys(endings).join(', ')}.`,
  });
}

/** An open file as text, for the reader of its form. */
export function sourceOf(folder: Folder, table: TableConfig, file: OpenFile, how: HowToRead): RowSource {
  const { path } = file;
  const text = decoded(bytesOf(file, how), { path, encoding: table.encoding });
  return { path, text, table, limits: folder.limits };
}

export interface HowToRead {
  signal: AbortSignal;
  /** Where bytes are counted. */
  stats?: Pick<TransportStats, 'bytes'> | undefined;
  /** Told every byte. */
  hash?: Hash;
}

/** Rows of an open file, from its beginning, one at a time. */
export function rowsOf(source: RowSource): AsyncIterable<FileRow> {
  return readers[formOf(source.path, source.table)](source);
}

/** Fingerprint of what an open file holds. */
export async function hashOf(file: OpenFile, how: Omit<HowToRead, 'hash'>): Promise<string> {
  const hash = createHash('sha256');
  for await (const _ of bytesOf(file, { ...how, hash }));
  return hash.digest('base64url');
}

async function* bytesOf(file: OpenFile, { signal, stats, hash }: HowToRead): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    signal.throwIfAborted();
    const reading = file.handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, position);
    const { bytesRead, buffer } = await described(reading, `File ${file.path}`);
    if (bytesRead === 0) return;
    position += bytesRead;
    if (stats) stats.bytes += bytesRead;
    const chunk = buffer.subarray(0, bytesRead);
    hash?.update(chunk);
    yield chunk;
  }
}
