import type { Presence, Stream } from '@plumbline/connector';
import { sql } from 'kysely';
import type { InstalledSource } from '../sources/installed-source.ts';
import { applyFacets } from './apply.ts';
import { addCounts, followUp, intakeOf, runTask, type Engine, type OpenRun, type RunReport } from './engine.ts';
import { lockIngest, mapRecords, type Intake } from './ingest.ts';
import { setRecordState } from './record-store.ts';

/** A census that misses more than this share of a stream is not believed: more likely a permission was lost. */
const MOST_GONE_SHARE = 0.2;
const ALWAYS_BELIEVED = 10;

/**
 * Compares the ids there are now with the ids we hold. What is absent is MISSING first, then asked for by its id:
 * deleted, hidden from this account, or there after all.
 */
export async function takeCensus(
  engine: Engine,
  input: { source: InstalledSource; stream: Stream; signal: AbortSignal; believe: boolean },
): Promise<RunReport> {
  const { source, stream } = input;
  const intake = intakeOf(source, stream);
  return runTask(engine, { ...input, task: 'CENSUS' }, async (run) => {
    if (!stream.census) return;
    const present = new Set<string>();
    for await (const ids of stream.census(run.context)) {
      for (const id of ids) present.add(id);
      run.counts.read = present.size;
      run.tell();
    }
    const held = await heldIds(engine, intake);
    const missing = held.filter((id) => !present.has(id));
    if (!input.believe && missing.length > Math.max(ALWAYS_BELIEVED, held.length * MOST_GONE_SHARE)) {
      run.warn([
        `${missing.length} of ${held.length} records are absent from ${source.id}; that many at once are not believed to be deleted. Check what the account may see; if it is true, run \`plumbline sync ${source.id} ${stream.name} --census --believe\`.`,
      ]);
      return;
    }
    await settle(engine, {
      run,
      intake,
      missing,
      verdicts: stream.confirm && missing.length > 0 ? await stream.confirm(run.context, missing) : null,
    });
  });
}

async function heldIds(engine: Engine, intake: Intake): Promise<string[]> {
  const { rows } = await sql<{ external_id: string }>`
    select external_id from record
    where source_id = ${intake.sourceId} and stream = ${intake.stream} and state in ('PRESENT', 'MISSING')`.execute(
    engine.database.rows,
  );
  return rows.map((row) => row.external_id);
}

/** Marks what is gone or hidden, by the verdicts; without any, all of it is gone. */
export async function settle(
  engine: Engine,
  input: { run: OpenRun; intake: Intake; missing: readonly string[]; verdicts: readonly Presence[] | null },
): Promise<void> {
  const { run, intake, missing } = input;
  if (missing.length === 0) return;
  const states = new Map(input.verdicts?.map((verdict) => [verdict.id, verdict.state]));
  const verdictOf = (id: string): Presence['state'] => (input.verdicts ? (states.get(id) ?? 'INVISIBLE') : 'DELETED');
  await engine.database.transaction(async (rows) => {
    await lockIngest(rows);
    const now = engine.clock.now().toString();
    const gone = missing.filter((id) => verdictOf(id) === 'DELETED');
    const hidden = missing.filter((id) => verdictOf(id) === 'INVISIBLE');
    const recordIds = [
      ...(await setRecordState(rows, intake, gone, 'DELETED')),
      ...(await setRecordState(rows, intake, hidden, 'INVISIBLE')),
    ];
    const { facets } = await mapRecords(rows, { intake, records: [], mayHaveFacets: [], deletedRecordIds: recordIds });
    if (facets.length > 0)
      await followUp(engine, rows, await applyFacets(rows, { rules: engine.rules, facets, now, runId: run.id }));
    addCounts(run.counts, { deleted: gone.length });
    if (hidden.length > 0)
      run.warn([
        `${hidden.length} records are deleted or no longer visible to this account, the vendor does not tell which: ${hidden.slice(0, 10).join(', ')}`,
      ]);
    await run.save(rows);
  });
}
