import { startSandbox, type Sandbox } from '../../apps/sandbox/src/index.ts';
import { manualClock, silentLogger } from '../../packages/connector/src/index.ts';
import { createRandom, type Random } from '../../packages/emulator/src/index.ts';
import { openHub, type DatabaseTarget, type Hub, type RunReport } from '../../packages/hub/src/index.ts';
import { createEdits } from './edits.ts';
import { difference, liveGraph } from './live-graph.ts';
import { badWeather, clearWeather } from './weather.ts';

export interface SoakOptions {
  seed: string;
  /** Simulated days of edits and polls. */
  days: number;
  editsADay: number;
  /** How many of the company's Jira projects are synced. */
  projects: number;
  /** Where the hub lives that goes through it all, and the one that only sees the end. */
  databases: { soaked: DatabaseTarget; fresh: DatabaseTarget };
  onDay?(line: string): void;
}

export interface SoakReport {
  edits: number;
  polls: number;
  /** Runs that ended FAILED or INTERRUPTED, and requests that the weather hit: none of either would prove nothing. */
  troubled: number;
  hits: number;
  restarts: number;
  entities: number;
  /** What differs from a hub that synced the end in one piece; none when all is well. */
  differences: string[];
}

const pollsADay = 4;
const hour = 3_600_000;

/**
 * Lets a hub live through days of edits while its vendors fail, throttle and lag behind and its process is cut off in
 * the middle of runs. Then, in good weather, it and a hub that never saw any of it must show the same graph.
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { seed, days, databases } = options;
  const random = createRandom(`soak ${seed}`);
  const clock = manualClock('2026-11-02T06:00:00Z');
  const vendors = await startSandbox({
    seed,
    size: 'small',
    today: '2026-11-02',
    clock,
    sheetsReadsPerMinute: 100_000,
    searchLagMs: random.integer(0, 4 * 60_000),
  });
  const projects = projectKeys(vendors).slice(0, options.projects);
  const open = (database: DatabaseTarget): Promise<Hub> =>
    openHub({
      database,
      sources: vendors.sources.map((source) => unhurried(source, projects)),
      logger: silentLogger,
      clock,
    });
  const edit = createEdits(vendors, { random: random.fork('edits'), projects });
  const report: SoakReport = { edits: 0, polls: 0, troubled: 0, hits: 0, restarts: 0, entities: 0, differences: [] };
  let hub = await open(databases.soaked);
  try {
    for (let day = 1; day <= days; day += 1) {
      for (let poll = 0; poll < pollsADay; poll += 1) {
        for (let made = 0; made < options.editsADay / pollsADay; made += 1) {
          edit();
          report.edits += 1;
          clock.advance(random.integer(1, 90) * 1_000);
        }
        badWeather(vendors, random);
        const runs = await cutOff(hub, { random, census: poll === 0 });
        clearWeather(vendors);
        report.polls += 1;
        report.troubled += runs.filter(({ status }) => status === 'FAILED' || status === 'INTERRUPTED').length;
        if (random.chance(0.2)) {
          await hub.close();
          hub = await open(databases.soaked);
          report.restarts += 1;
        }
        clock.advance(5 * hour);
      }
      options.onDay?.(`day ${day}: ${report.edits} edits, ${report.polls} polls, ${report.troubled} runs in trouble`);
    }
    report.hits = [vendors.jira, vendors.hubspot, vendors.google].reduce((sum, { faults }) => sum + faults.hits, 0);
    await inGoodWeather(hub, clock);
    const found = await liveGraph(hub);
    await hub.close();
    hub = await open(databases.fresh);
    await inGoodWeather(hub, clock);
    const expected = await liveGraph(hub);
    report.entities = expected.length;
    report.differences = difference(expected, found);
    return report;
  } finally {
    await hub.close();
    await vendors.close();
  }
}

/** A poll that may be aborted after some of its progress, as by a process that is told to end. */
async function cutOff(hub: Hub, { random, census }: { random: Random; census: boolean }): Promise<RunReport[]> {
  const abort = new AbortController();
  let steps = random.chance(0.4) ? random.integer(1, 25) : Number.POSITIVE_INFINITY;
  const unwatch = hub.watch(() => {
    steps -= 1;
    if (steps <= 0) abort.abort(new Error('cut off'));
  });
  try {
    return await hub.sync({ census, signal: abort.signal });
  } finally {
    unwatch();
  }
}

/** Twice, with hours between, so that what the vendors' indexes and schedules hold back is there; nothing may fail. */
async function inGoodWeather(hub: Hub, clock: { advance(milliseconds: number): void }): Promise<void> {
  for (let poll = 0; poll < 2; poll += 1) {
    clock.advance(3 * hour);
    const failed = (await hub.sync({ census: true })).filter(
      ({ status }) => status === 'FAILED' || status === 'INTERRUPTED',
    );
    if (failed.length > 0)
      throw new Error(
        `In good weather ${failed.map(({ sourceId, stream, error }) => `${sourceId}/${stream}: ${error}`).join('; ')}`,
      );
  }
}

function projectKeys(vendors: Sandbox): string[] {
  return [...vendors.company.jira.batches()].flatMap(({ projects = [] }) => projects.map(({ key }) => key));
}

function unhurried(source: Sandbox['sources'][number], projects: readonly string[]): Sandbox['sources'][number] {
  const changes = { jira: { projects }, hubspot: {}, 'google-sheets': { requestsPerMinute: 50_000 } };
  return { ...source, config: { ...(source.config as object), ...changes[source.id] } };
}
