import { explain, HubError, type Stream } from '@plumbline/connector';
import type { InstalledSource } from '../sources/installed-source.ts';
import { settle, verdictsOn } from './census.ts';
import { addCounts, intakeOf, runTask, type Engine, type OpenRun, type RunReport } from './engine.ts';
import type { Intake } from './map-records.ts';
import { pollStream } from './poll.ts';
import { erase } from './erasure.store.ts';
import { findRecords, heldRecords, setRecordState } from './record-store.ts';
import { readByIds } from './sight.ts';
import { postponeLooks, settleLooks, waitingLooks, type Look } from './webhook-store.ts';

const MOST_ROUNDS = 10;

interface Place {
  source: InstalledSource;
  stream: Stream;
  signal: AbortSignal;
}

/** Reads what vendors said has changed: records by their ids, or the stream where it is not known which. */
export async function lookAround(
  engine: Engine,
  input: { source: InstalledSource; signal: AbortSignal },
): Promise<RunReport[]> {
  const reports: RunReport[] = [];
  // What is named meanwhile may have found the job of this very round still waiting, and got none of its own.
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const latest = await lookOnce(engine, input);
    reports.push(...latest);
    if (latest.length === 0 || !latest.every(wasRead)) break;
  }
  return reports;
}

/** What vendors want erased is erased before anything is read; what fails stays wanted, until it does not. */
async function eraseNamed(
  engine: Engine,
  { source, looks, signal }: { source: InstalledSource; looks: readonly Look[]; signal: AbortSignal },
): Promise<void> {
  for (const look of looks) {
    if (signal.aborted) return;
    const about = { source: source.id, stream: look.stream };
    try {
      const { counts } = await erase(engine, {
        target: { record: { sourceId: source.id, stream: look.stream, externalId: look.externalId } },
        askedBy: source.id,
        reason: `${source.connector.title} wants it erased.`,
        settle: (rows) => settleLooks(rows, source.id, [look]),
      });
      engine.logger.info(
        { ...about, counts },
        'What its vendor wants erased is erased; where nothing is counted, nothing was kept.',
      );
    } catch (error) {
      engine.logger.error(
        { ...about, error: source.redact(explain(error)) },
        'What its vendor wants erased is not erased yet.',
      );
    }
  }
}

async function lookOnce(
  engine: Engine,
  { source, signal }: { source: InstalledSource; signal: AbortSignal },
): Promise<RunReport[]> {
  const { rows } = engine.database;
  const reports: RunReport[] = [];
  const looks = Map.groupBy(await waitingLooks(rows, source.id), (look) => (look.erase ? 'ERASE' : 'READ'));
  await eraseNamed(engine, { source, looks: looks.get('ERASE') ?? [], signal });
  const waiting = Map.groupBy(looks.get('READ') ?? [], ({ stream }) => stream);
  // In the streams' own order: clients before their deals.
  for (const stream of source.connector.streams) {
    const named = waiting.get(stream.name);
    waiting.delete(stream.name);
    if (!named) continue;
    if (signal.aborted) return reports;
    const report = await lookAtStream(engine, { source, stream, signal }, named);
    reports.push(report);
    await (wasRead(report) ? settleLooks : postponeLooks)(rows, source.id, named);
  }
  // Of streams that the configuration no longer has.
  if (waiting.size > 0) await settleLooks(rows, source.id, [...waiting.values()].flat());
  return reports;
}

function wasRead({ status }: RunReport): boolean {
  return status === 'SUCCEEDED' || status === 'PARTIAL';
}

/**
 * What is named is read by its id, however much it is: a poll tells neither of what was deleted nor of a change that moves no
 * time of its record, such as a deal given to another company.
 */
async function lookAtStream(engine: Engine, place: Place, looks: readonly Look[]): Promise<RunReport> {
  const { stream } = place;
  const named = looks.filter(({ externalId }) => externalId !== '');
  if (stream.look && named.length === looks.length) return lookAtRecords(engine, place, named);
  const polled = await pollStream(engine, place);
  return stream.look && named.length > 0 && wasRead(polled) ? lookAtRecords(engine, place, named) : polled;
}

/** The cursor stays where it is: the next poll meets the same versions again and finds nothing new in them. */
function lookAtRecords(engine: Engine, place: Place, looks: readonly Look[]): Promise<RunReport> {
  const { source, stream, signal } = place;
  return runTask(engine, { source, stream, signal, task: 'LOOK' }, async (run) => {
    const intake = intakeOf(source, stream);
    const ids = looks.map(({ externalId }) => externalId);
    const absent = await readByIds(engine, { run, intake, stream, ids });
    const told = new Set(looks.flatMap(({ externalId, deleted }) => (deleted ? [externalId] : [])));
    await settleAbsent(engine, place, { run, intake, absent, told });
    await settleDoubts(engine, { run, intake, gone: absent.filter((id) => told.has(id)) });
  });
}

/** A census may have missed them before the vendor said that they were deleted. */
async function settleDoubts(
  engine: Engine,
  { run, intake, gone }: { run: OpenRun; intake: Intake; gone: readonly string[] },
): Promise<void> {
  const { rows } = engine.database;
  const doubtful = (await findRecords(rows, intake, gone)).filter(({ state }) => state === 'INVISIBLE');
  const ids = doubtful.map((record) => record.external_id);
  addCounts(run.counts, { deleted: (await setRecordState(rows, intake, ids, 'DELETED')).length });
}

/**
 * What is not there under its id is deleted, hidden, merged or archived. The poll knows best, since the vendor's feed of
 * deletions is part of its cursor; what it leaves is asked for one by one, as after a census.
 */
async function settleAbsent(
  engine: Engine,
  place: Place,
  { run, intake, absent, told }: { run: OpenRun; intake: Intake; absent: readonly string[]; told: ReadonlySet<string> },
): Promise<void> {
  const { stream } = place;
  const { rows } = engine.database;
  if ((await heldRecords(rows, intake, absent)).length === 0) return;
  const { signal } = run.context;
  const polled = await pollStream(engine, { ...place, signal });
  signal.throwIfAborted();
  if (polled.error !== null) {
    throw new HubError({ code: 'UNAVAILABLE', message: polled.error, remedy: 'The next poll tries again.' });
  }
  const missing = await heldRecords(rows, intake, absent);
  if (!stream.confirm || missing.length === 0) return;
  const verdicts = await verdictsOn(stream, run, missing);
  // The vendor's answers by id are the same for deleted and hidden; its events are not.
  const said = verdicts?.map((each) =>
    each.state !== 'PRESENT' && told.has(each.id) ? { ...each, state: 'DELETED' as const } : each,
  );
  await settle(engine, { run, intake, missing, verdicts: said ?? null });
}
