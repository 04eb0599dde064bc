import type { Presence, Stream } from '@plumbline/connector';
import type { InstalledSource } from '../sources/installed-source.ts';
import { applyFacets } from './apply.ts';
import { addCounts, followUp, intakeOf, runTask, type Engine, type OpenRun, type RunReport } from './engine.ts';
import { keptIds, readVeil } from './erasure-door.ts';
import { lockIngest } from './ingest.ts';
import { mapRecords, type Intake } from './map-records.ts';
import { heldRecords, outdated, setRecordState, untouched, type HeldRecord } from './record-store.ts';
import { lastCompletions, lastWholeCensus } from './run-store.ts';
import { MOST_BY_ID, readByIds } from './sight.ts';

/** A census that misses more than this share of a stream is not believed: more likely a permission was lost. */
const MOST_GONE_SHARE = 0.2;
/** So many at once are an ordinary day, whatever the vendor tells of them. */
const ORDINARY = 10;

/** So long an index may hold a change back for a census to find it for certain: each looks as far behind the last one. */
const LONGEST_HELD_BACK = { hours: 24 };

/**
 * Compares the ids there are now with the ids we hold. What is absent is asked for by its id: deleted, hidden from this
 * account, or there after all. What we do not hold is read by its id, and what we hold as it was before its last change. A
 * poll may go on beside it: what we hold is looked up before the vendor is asked, and what is stored meanwhile is left alone.
 */
export async function takeCensus(
  engine: Engine,
  input: { source: InstalledSource; stream: Stream; signal: AbortSignal; believe: boolean },
): Promise<RunReport> {
  const { source, stream } = input;
  const intake = intakeOf(source, stream);
  const last = await lastWholeCensus(engine.database.rows, intake);
  const since = last?.subtract(LONGEST_HELD_BACK) ?? null;
  return runTask(engine, { ...input, task: 'CENSUS', since }, async (run) => {
    if (!stream.census) return;
    const held = await heldRecords(engine.database.rows, intake);
    const present = new Set<string>();
    const changed: string[] = [];
    for await (const listed of stream.census(run.context)) {
      for (const each of listed) present.add(typeof each === 'string' ? each : each.id);
      const dated = listed.filter((each) => typeof each !== 'string');
      changed.push(...(await outdated(engine.database.rows, intake, dated)));
      run.counts.read = present.size;
      run.tell();
    }
    await callAsKept(engine, intake, present);
    const missing = held.filter(({ externalId }) => !present.has(externalId));
    if (!input.believe && missing.length > Math.max(ORDINARY, held.length * MOST_GONE_SHARE)) {
      run.warn([
        `${missing.length} of ${held.length} records are absent from ${source.id}; that many at once are not believed to be deleted. Check what the account may see; if it is true, run \`plumbline sync ${source.id} ${stream.name} --census --believe\`.`,
      ]);
    } else {
      await settle(engine, {
        run,
        intake,
        missing,
        verdicts: await verdictsOn(stream, run, missing),
      });
    }
    for (const { externalId } of held) present.delete(externalId);
    await readUnknown(engine, { run, intake, stream, ids: [...present] });
    await readChanged(engine, { run, intake, stream, ids: changed });
  });
}

/** Records whose ids hold an address of somebody who was erased are there under the ids that they are kept under. */
async function callAsKept(engine: Engine, intake: Intake, present: Set<string>): Promise<void> {
  const { rows } = engine.database;
  const veil = await readVeil(rows);
  if (!veil) return;
  for (const [id, kept] of await keptIds(rows, { veil, of: intake, externalIds: present })) {
    present.delete(id);
    present.add(kept);
  }
}

/**
 * Reads by its id what is there and nobody has brought: what an index held back for longer than the polls look back. What
 * is out of scope is looked for in vain each time, so the latest of them only; vendors list ids as they rise.
 */
async function readUnknown(
  engine: Engine,
  { run, intake, stream, ids }: { run: OpenRun; intake: Intake; stream: Stream; ids: readonly string[] },
): Promise<void> {
  const { rows } = engine.database;
  if (!stream.look || ids.length === 0) return;
  const completed = await lastCompletions(rows, { sourceId: intake.sourceId, streams: [stream.name] });
  if (completed.size === 0) return;
  const latest = ids.slice(-MOST_BY_ID);
  const stored = new Set((await heldRecords(rows, intake, latest)).map(({ externalId }) => externalId));
  await readByIds(engine, { run, intake, stream, ids: latest.filter((id) => !stored.has(id)) });
}

/** Reads by its id what has changed since it was read, and no poll has brought: an index showed it later than the polls look back. */
async function readChanged(
  engine: Engine,
  { run, intake, stream, ids }: { run: OpenRun; intake: Intake; stream: Stream; ids: readonly string[] },
): Promise<void> {
  if (!stream.look) return;
  const left = Math.max(0, ids.length - MOST_BY_ID);
  addCounts(run.counts, { skipped: left });
  if (left > 0)
    run.warn([
      `${ids.length} records of ${intake.sourceId} have changed without a poll that brought it, and ${MOST_BY_ID} of them were read; the next census reads more, \`plumbline sync ${intake.sourceId} ${stream.name} --again\` all of them.`,
    ]);
  await readByIds(engine, { run, intake, stream, ids: ids.slice(0, MOST_BY_ID) });
}

/** What asking for them by their ids gives; null where a stream cannot be asked so. */
export async function verdictsOn(
  stream: Stream,
  run: OpenRun,
  missing: readonly HeldRecord[],
): Promise<readonly Presence[] | null> {
  if (!stream.confirm || missing.length === 0) return null;
  return stream.confirm(
    run.context,
    missing.map(({ externalId }) => externalId),
  );
}

/** Marks what is gone or hidden, by the verdicts; without any, all of it is gone. */
export async function settle(
  engine: Engine,
  input: { run: OpenRun; intake: Intake; missing: readonly HeldRecord[]; verdicts: readonly Presence[] | null },
): Promise<void> {
  const { run, intake } = input;
  if (input.missing.length === 0) return;
  const states = new Map(input.verdicts?.map((verdict) => [verdict.id, verdict.state]));
  const verdictOf = (id: string): Presence['state'] => (input.verdicts ? (states.get(id) ?? 'INVISIBLE') : 'DELETED');
  await engine.database.transaction(async (rows) => {
    await lockIngest(rows);
    const now = engine.clock.now().toString();
    const missing = await untouched(rows, intake, input.missing);
    const gone = missing.filter((id) => verdictOf(id) === 'DELETED');
    const hidden = missing.filter((id) => verdictOf(id) === 'INVISIBLE');
    const absent = missing.filter((id) => verdictOf(id) === 'ABSENT');
    const recordIds = [
      ...(await setRecordState(rows, intake, gone, 'DELETED')),
      ...(await setRecordState(rows, intake, [...hidden, ...absent], 'INVISIBLE')),
    ];
    const { facets } = await mapRecords(rows, {
      intake,
      veil: null,
      records: [],
      mayHaveFacets: [],
      deletedRecordIds: recordIds,
    });
    if (facets.length > 0)
      await followUp(engine, rows, await applyFacets(rows, { rules: engine.rules, facets, now, runId: run.id }));
    addCounts(run.counts, { deleted: gone.length, vanished: hidden.length + absent.length });
    const doubtful = absent.length > ORDINARY ? [...hidden, ...absent] : hidden;
    if (doubtful.length > 0)
      run.warn([
        `${doubtful.length} records are deleted or no longer visible to this account, the vendor does not tell which: ${doubtful.slice(0, 10).join(', ')}`,
      ]);
    await run.save(rows);
  });
}
