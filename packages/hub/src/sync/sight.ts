import type { Sight, Stream } from '@plumbline/connector';
import { addCounts, followUp, type Engine, type OpenRun } from './engine.ts';
import { ingestPage, lockIngest } from './ingest.ts';
import type { Intake } from './map-records.ts';
import { preparePage } from './prepared-page.ts';

const AT_ONCE = 100;

/** As many as a census reads by their ids of what no poll has brought. */
export const MOST_BY_ID = 1_000;

/** Reads records by their ids and stores them as a poll would. Returns the ids under which nothing was seen. */
export async function readByIds(
  engine: Engine,
  { run, intake, stream, ids }: { run: OpenRun; intake: Intake; stream: Stream; ids: readonly string[] },
): Promise<string[]> {
  const absent: string[] = [];
  for (let first = 0; first < ids.length; first += AT_ONCE) {
    const asked = ids.slice(first, first + AT_ONCE);
    const sight = (await stream.look?.(run.context, asked)) ?? { records: [] };
    run.context.signal.throwIfAborted();
    await takeSight(engine, { run, intake, sight });
    const seen = new Set([...sight.records, ...(sight.deletes ?? [])].map(({ id }) => id));
    absent.push(...asked.filter((id) => !seen.has(id)));
  }
  return absent;
}

async function takeSight(engine: Engine, input: { run: OpenRun; intake: Intake; sight: Sight }): Promise<void> {
  const { run, intake, sight } = input;
  const page = preparePage(sight);
  await engine.database.transaction(async (rows) => {
    await lockIngest(rows);
    const now = engine.clock.now().toString();
    const { counts, warnings, applied, oldestChange } = await ingestPage(rows, {
      intake,
      rules: engine.rules,
      page,
      now,
      runId: run.id,
    });
    await followUp(engine, rows, applied);
    run.noteChange(oldestChange);
    addCounts(run.counts, { ...counts, pages: 1, skipped: sight.skipped?.length ?? 0 });
    run.warn(warnings);
    run.warn((sight.skipped ?? []).map((each) => `${each.id ?? 'A record'} was skipped: ${each.reason}`));
    await run.save(rows);
  });
  run.tell();
}
