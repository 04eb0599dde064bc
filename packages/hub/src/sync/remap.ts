import type { Stream } from '@plumbline/connector';
import { sql } from 'kysely';
import type { InstalledSource } from '../sources/installed-source.ts';
import { applyFacets } from './apply.ts';
import { addCounts, followUp, intakeOf, runTask, type Engine, type OpenRun, type RunReport } from './engine.ts';
import { readVeil } from './erasure-door.ts';
import { lockIngest } from './ingest.ts';
import { mapRecords, type Intake } from './map-records.ts';
import { quarantine, release, setMapping } from './record-store.ts';
import { readCursor, writeCursor } from './run-store.ts';

const BATCH = 200;

interface StoredPayload {
  id: string;
  external_id: string;
  changed_at: string | null;
  payload: unknown;
  total: number;
}

/** Applies the present mapping to every stored payload of a stream, without asking the vendor. */
export async function remapStream(
  engine: Engine,
  input: { source: InstalledSource; stream: Stream; signal: AbortSignal },
): Promise<RunReport> {
  const { source, stream } = input;
  const intake = intakeOf(source, stream);
  return runTask(engine, { ...input, task: 'REMAP' }, async (run) => {
    for (let after: string | null = '00000000-0000-0000-0000-000000000000'; after !== null;) {
      run.context.signal.throwIfAborted();
      after = await remapBatch(engine, { run, intake, after });
      run.tell();
    }
    const saved = await readCursor(engine.database.rows, intake);
    if (saved) await writeCursor(engine.database.rows, intake, { ...saved, mapping: source.mapping });
  });
}

/** The last id of the batch; null when there was nothing left. */
async function remapBatch(
  engine: Engine,
  input: { run: OpenRun; intake: Intake; after: string },
): Promise<string | null> {
  const { run, intake } = input;
  return engine.database.transaction(async (rows) => {
    await lockIngest(rows);
    const { rows: batch } = await sql<StoredPayload>`
      select record.id, external_id, changed_at, payload from record join record_payload on record_id = record.id
      where source_id = ${intake.sourceId} and stream = ${intake.stream} and state = 'PRESENT' and record.id > ${input.after}::uuid
      order by record.id limit ${BATCH}`.execute(rows);
    const last = batch.at(-1);
    if (!last) return null;
    const now = engine.clock.now().toString();
    const { facets, rejected } = await mapRecords(rows, {
      intake,
      veil: await readVeil(rows),
      records: batch.map((row) => ({
        id: row.id,
        externalId: row.external_id,
        changedAt: row.changed_at,
        raw: row.payload,
      })),
      mayHaveFacets: batch.map((row) => row.id),
      deletedRecordIds: [],
    });
    const bad = new Set(rejected.map((each) => each.recordId));
    await quarantine(rows, { ...intake, rejected, now });
    const released = await release(
      rows,
      batch.map((row) => row.id).filter((id) => !bad.has(id)),
    );
    await setMapping(
      rows,
      batch.map((row) => row.id),
      intake.mapping,
    );
    if (facets.length > 0)
      await followUp(engine, rows, await applyFacets(rows, { rules: engine.rules, facets, now, runId: run.id }));
    addCounts(run.counts, {
      read: batch.length,
      changed: facets.length,
      unchanged: batch.length - facets.length,
      quarantined: rejected.length,
      released,
      pages: 1,
    });
    run.warn(rejected.map((each) => `${each.externalId} is in quarantine: ${each.error}`));
    await run.save(rows);
    return last.id;
  });
}
