import { HubError } from '@plumbline/connector';
import { freeName, headerTexts, likelyHeaderRow, SEARCHED_ROWS, type SurveyedTable } from '@plumbline/table';
import { parse } from 'csv-parse/sync';
import { basename, extname } from 'node:path';
import { configSchema, type Encoding, type Form } from './config.ts';
import { seekColumns } from './file-columns.ts';
import { formOf, sourceOf } from './file-rows.ts';
import { listed, openFile, type Folder, type OpenFile } from './folder.ts';
import { decoded } from './text.ts';

/** A file as it was found, with what reading it wants beside the mapping. */
export interface SurveyedFile extends SurveyedTable {
  files: string;
  form: Form;
  encoding?: Encoding;
  delimiter?: string;
  /** Where the list is, in JSON that is none itself. */
  path?: string;
}

const MOST_FILES = 50;
const SAMPLED_ITEMS = 200;
/** A list in JSON is looked for so deep, and in files that are no larger; else the file itself is taken for it. */
const MOST_STEPS = 3;
const MOST_PARSED = 32 * 1_048_576;
const TOP_BYTES = 64 * 1_024;

/** The files of a folder that hold tables, with the columns of each; what cannot be read as one is left out. */
export async function surveyFolder(folder: Folder, signal: AbortSignal): Promise<SurveyedFile[]> {
  const found: SurveyedFile[] = [];
  for (const path of await listed(folder.root, '**/*.{csv,tsv,txt,json,ndjson,jsonl}', MOST_FILES)) {
    signal.throwIfAborted();
    const file = await openFile(folder, path);
    try {
      const form = formOf(path, {});
      const read = form === 'csv' ? await surveyCsv(file) : await surveyJson(folder, file, { form, signal });
      if (!read || read.headers.length === 0) continue;
      const title = basename(path, extname(path));
      const name = freeName(title, { taken: found.map((each) => each.name), otherwise: 'table' });
      found.push({ name, title, place: `file ${path}`, word: 'table', files: path, form, ...read });
    } catch (error) {
      if (!(error instanceof HubError) && !(error instanceof SyntaxError)) throw error;
    } finally {
      await file.handle.close();
    }
  }
  return found;
}

type Found = Pick<SurveyedFile, 'headers' | 'encoding' | 'delimiter' | 'path'>;

async function surveyCsv(file: OpenFile): Promise<Found> {
  const { bytesRead, buffer } = await file.handle.read(Buffer.alloc(TOP_BYTES), 0, TOP_BYTES, 0);
  const whole = buffer.subarray(0, bytesRead);
  // A character may be cut at the end.
  const top = bytesRead < TOP_BYTES ? whole : whole.subarray(0, whole.lastIndexOf(0x0a) + 1);
  const { text, encoding } = await textOf(file.path, top);
  const tries = [',', ';', '\t', '|'].map((delimiter) => ({ delimiter, headers: headersOf(text, delimiter) }));
  const { delimiter, headers } = tries.reduce((one, other) =>
    other.headers.length > one.headers.length ? other : one,
  );
  return { headers, ...(encoding === undefined ? {} : { encoding }), ...(delimiter === ',' ? {} : { delimiter }) };
}

async function textOf(path: string, bytes: Buffer): Promise<{ text: string; encoding?: Encoding }> {
  const read = async (encoding?: Encoding): Promise<string> =>
    (await Array.fromAsync(decoded(one(bytes), { path, encoding }))).join('');
  try {
    return { text: await read() };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return { text: await read('windows-1252'), encoding: 'windows-1252' };
  }
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function headersOf(text: string, delimiter: string): string[] {
  const options = { delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true };
  const rows = parse(text.split(/\r\n|\n|\r/, SEARCHED_ROWS).join('\n'), options) as string[][];
  return headerTexts(rows[likelyHeaderRow(rows)] ?? []);
}

async function surveyJson(
  folder: Folder,
  file: OpenFile,
  { form, signal }: { form: Form; signal: AbortSignal },
): Promise<Found | null> {
  const path = form === 'json' && file.size <= MOST_PARSED ? listIn(JSON.parse(await wholeText(file))) : '';
  if (path === null) return null;
  const at = path === '' ? {} : { path };
  const table = { name: 'survey', files: file.path, form, kind: 'client', key: { column: '-' }, columns: {}, ...at };
  const { tables } = configSchema.parse({ folder: folder.root, tables: [table] });
  const [unmapped] = tables;
  if (!unmapped) return null;
  const { known } = await seekColumns(sourceOf(folder, unmapped, file, { signal }), ['\0'], SAMPLED_ITEMS);
  return { headers: known, ...at };
}

/** The members that lead to the first list of objects, with dots between them; empty for a list, null for none. */
function listIn(value: unknown, steps: readonly string[] = []): string | null {
  if (Array.isArray(value)) return typeof value[0] === 'object' && value[0] !== null ? steps.join('.') : null;
  if (typeof value !== 'object' || value === null || steps.length === MOST_STEPS) return null;
  for (const [name, member] of Object.entries(value)) {
    const found = name.includes('.') ? null : listIn(member, [...steps, name]);
    if (found !== null) return found;
  }
  return null;
}

async function wholeText(file: OpenFile): Promise<string> {
  const { buffer } = await file.handle.read(Buffer.alloc(file.size), 0, file.size, 0);
  return (await textOf(file.path, buffer)).text;
}
