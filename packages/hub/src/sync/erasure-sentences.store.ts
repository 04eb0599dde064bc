import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { HUB_SOURCE } from '../kernel/hub-source.ts';
import { unnest } from '../kernel/unnest.ts';
import type { ErasedRecord } from './erasure-subject.store.ts';
import { mentions } from './erasure-traces.store.ts';
import { withoutWords, type Word } from './erasure.rules.ts';
import type { ErasureCount } from './erasure.ts';

const GONE = 'What this said is of a record that was erased since.';
/** Shorter texts are of many records alike. */
const TELLING = 8;

/** Sentences of runs and of the quarantine that quote what was erased. */
export async function eraseSentences(
  rows: Rows,
  { records, words }: { records: readonly ErasedRecord[]; words: readonly Word[] },
): Promise<number> {
  if (records.length + words.length === 0) return 0;
  const { rows: runs } = await sql<{
    id: string;
    source_id: string;
    stream: string;
    warnings: string[];
    error: string | null;
  }>`
    select id, source_id, stream, warnings, error from sync_run where warnings <> '[]' or error is not null`.execute(
    rows,
  );
  const of = Map.groupBy(records, ({ sourceId, stream }) => `${sourceId} ${stream}`);
  const quoted = new Map([...of].map(([stream, own]) => [stream, own.flatMap(({ payload }) => textsIn(payload))]));
  const changed = runs.flatMap((run) => {
    const stream = `${run.source_id} ${run.stream}`;
    const tells = (sentence: string): boolean =>
      (of.get(stream) ?? []).some(({ externalId }) => sentence.startsWith(`${externalId} `)) ||
      (quoted.get(stream) ?? []).some((text) => sentence.includes(text)) ||
      withoutWords(sentence, words) !== sentence;
    const isTold = [run.error ?? '', ...run.warnings].some(tells);
    if (!isTold) return [];
    const warnings = run.warnings.map((sentence) => (tells(sentence) ? GONE : sentence));
    return [{ id: run.id, warnings, error: run.error !== null && tells(run.error) ? GONE : run.error }];
  });
  const given = unnest('given', changed, [
    { name: 'id', type: 'uuid', value: ({ id }) => id },
    { name: 'warnings', type: 'jsonb', value: ({ warnings }) => JSON.stringify(warnings) },
    { name: 'error', type: 'text', value: ({ error }) => error },
  ]);
  if (changed.length > 0)
    await sql`
      update sync_run set warnings = given.warnings, error = given.error from ${given} where sync_run.id = given.id`.execute(
      rows,
    );
  return changed.length + (await veilQuarantine(rows, words));
}

async function veilQuarantine(rows: Rows, words: readonly Word[]): Promise<number> {
  if (words.length === 0) return 0;
  const { rows: found } = await sql<{ id: string; error: string }>`
    select id, error from quarantine where ${mentions(
      sql`error`,
      words.map(({ text }) => text),
    )}`.execute(rows);
  const given = unnest('given', found, [
    { name: 'id', type: 'uuid', value: ({ id }) => id },
    { name: 'error', type: 'text', value: ({ error }) => withoutWords(error, words) },
  ]);
  if (found.length > 0)
    await sql`update quarantine set error = given.error from ${given} where quarantine.id = given.id`.execute(rows);
  return found.length;
}

/** Every text of a payload that is long enough to be known again. */
function textsIn(value: JsonValue): string[] {
  if (typeof value === 'string') return value.length >= TELLING ? [value] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((each) => textsIn(each as JsonValue));
}

/** Where people write what they decide, see and promise: it stays as they wrote it, and is told to who erases. */
const writtenHere = [
  'decision',
  'opportunity_view',
  'report_snapshot',
  'baseline',
  'change_order',
  'feasibility_review',
  'client_token',
  'sow_template',
] as const;

/** Rows that people wrote here and that have any of these words, and words that are somebody else's too. */
export async function countLeftAlone(
  rows: Rows,
  { words, shared }: { words: readonly Word[]; shared: number },
): Promise<ErasureCount[]> {
  const ambiguous = shared > 0 ? [{ what: 'names that somebody else has', rows: shared }] : [];
  if (words.length === 0) return ambiguous;
  const texts = words.map(({ text }) => text);
  const counts = [
    ...writtenHere.map(
      (table) => sql`
      select ${table}::text as what, count(*) as rows from ${sql.table(table)} as written
      where ${mentions(sql`to_jsonb(written)::text`, texts)}`,
    ),
    sql`
      select 'own record' as what, count(*) as rows from record join record_payload on record_id = record.id
      where source_id = ${HUB_SOURCE} and ${mentions(sql`payload::text`, texts)}`,
  ];
  const { rows: found } = await sql<{ what: string; rows: string }>`${sql.join(counts, sql` union all `)}`.execute(
    rows,
  );
  const written = found.map((row) => ({ what: row.what, rows: Number(row.rows) })).filter((each) => each.rows > 0);
  return [...written, ...ambiguous];
}
