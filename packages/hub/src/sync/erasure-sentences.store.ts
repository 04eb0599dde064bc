import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import type { ErasedRecord } from './erasure-subject.store.ts';
import { mentions } from './erasure-traces.store.ts';
import { withoutWords, type Word } from './erasure.rules.ts';

const GONE = 'What this said is of a record that was erased since.';
/** Shorter texts are of many records alike. */
const TELLING = 8;

/** Sentences of runs, of the quarantine and of how mappings compare that quote what was erased. */
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
  return changed.length + (await veilQuarantine(rows, words)) + (await veilFindings(rows, words));
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

/** What a mapping was made for stays: the next comparison would take it for new, and say it again. */
async function veilFindings(rows: Rows, words: readonly Word[]): Promise<number> {
  if (words.length === 0) return 0;
  const { rows: found } = await sql<{ source_id: string; findings: JsonValue }>`
    select source_id, findings from source_drift where ${mentions(
      sql`findings::text`,
      words.map(({ text }) => text),
    )}`.execute(rows);
  const changed = found
    .map(({ source_id, findings }) => ({ source_id, before: findings, findings: withoutWords(findings, words) }))
    .filter(({ before, findings }) => findings !== before);
  const given = unnest('given', changed, [
    { name: 'source_id', type: 'text', value: ({ source_id }) => source_id },
    { name: 'findings', type: 'jsonb', value: ({ findings }) => JSON.stringify(findings) },
  ]);
  if (changed.length > 0)
    await sql`
      update source_drift set findings = given.findings from ${given}
      where source_drift.source_id = given.source_id`.execute(rows);
  return changed.length;
}

/** Every text of a payload that is long enough to be known again. */
function textsIn(value: JsonValue): string[] {
  if (typeof value === 'string') return value.length >= TELLING ? [value] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((each) => textsIn(each as JsonValue));
}
