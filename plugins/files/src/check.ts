import { explain, HubError, type Check, type PollContext } from '@plumbline/connector';
import { mappedHeaders } from '@plumbline/table';
import type { FilesConfig, TableConfig } from './config.ts';
import { lookAtHeaders, withDelimiter } from './csv.ts';
import { membersThere, seekColumns } from './file-columns.ts';
import type { RowSource } from './file-row.ts';
import { formOf, sourceOf } from './file-rows.ts';
import { findFiles, openFile, openFolder, type Folder } from './folder.ts';

/** Items of JSON may leave members out, so several are looked at before one counts as missing. */
const SAMPLED_ITEMS = 1_000;

type Context = Pick<PollContext<FilesConfig>, 'config' | 'signal'>;

/** Looks at the folder, every table's files and every mapped header in them; reports instead of throwing. */
export async function checkFiles({ config, signal }: Context): Promise<Check[]> {
  try {
    const folder = await openFolder(config);
    const checks: Check[] = [passed('folder', `${folder.root} can be read.`)];
    for (const table of config.tables) checks.push(...(await checkTable(folder, table, signal)));
    return checks;
  } catch (error) {
    return [failed('folder', error)];
  }
}

async function checkTable(folder: Folder, table: TableConfig, signal: AbortSignal): Promise<Check[]> {
  const subject = `tables.${table.name}`;
  try {
    const paths = await findFiles(folder, table.files);
    const found = paths.length === 1 ? `the file ${paths[0]}` : `${paths.length} files, the first ${paths[0]}`;
    const checks = [passed(subject, `"${table.files}" is ${found}.`)];
    for (const path of paths) checks.push(...(await checkFile(folder, table, { path, signal })));
    return checks;
  } catch (error) {
    return [failed(subject, error)];
  }
}

async function checkFile(
  folder: Folder,
  table: TableConfig,
  { path, signal }: { path: string; signal: AbortSignal },
): Promise<Check[]> {
  const subject = `tables.${table.name}.${path}`;
  try {
    const file = await openFile(folder, path);
    try {
      const source = sourceOf(folder, table, file, { signal });
      const problems = formOf(path, table) === 'csv' ? await headerProblems(source) : await memberProblems(source);
      if (problems.length > 0) return problems.map((problem) => failed(subject, problem));
      return [passed(subject, 'Every mapped column is there once.')];
    } finally {
      await file.handle.close();
    }
  } catch (error) {
    return [failed(subject, error)];
  }
}

async function headerProblems(source: RowSource): Promise<unknown[]> {
  const { table } = source;
  const { top, problems } = await lookAtHeaders(source);
  return problems.map((problem) => withDelimiter(problem, { top, table }));
}

async function memberProblems(source: RowSource): Promise<HubError[]> {
  const { missing, known, looked } = await seekColumns(source, mappedHeaders(source.table), SAMPLED_ITEMS);
  return missing.map(
    (wanted) =>
      new HubError({
        code: 'BAD_CONFIG',
        message: `File ${source.path} has no member "${wanted}" in its first ${looked} items. ${membersThere(known)}`,
        remedy: 'Correct the name in the configuration; members of inner objects have a dot, such as "amount.value".',
      }),
  );
}

function passed(subject: string, message: string): Check {
  return { subject, ok: true, message, remedy: '' };
}

function failed(subject: string, error: unknown): Check {
  if (error instanceof HubError) return { subject, ok: false, message: error.message, remedy: error.remedy };
  return { subject, ok: false, message: explain(error), remedy: 'Run `plumbline doctor` again.' };
}
