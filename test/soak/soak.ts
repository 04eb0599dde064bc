import { startSandbox, type Sandbox } from '../../apps/sandbox/src/index.ts';
import { manualClock, silentLogger } from '../../packages/connector/src/index.ts';
import { createRandom } from '../../packages/emulator/src/index.ts';
import { openHub, type DatabaseTarget, type Hub, type RunReport } from '../../packages/hub/src/index.ts';
import { createEdits } from './edits.ts';
import { createWay, type EventCounts } from './events.ts';
import { difference, liveGraph } from './live-graph.ts';
import { cutOff, listen, lookAround, taken } from './told-hub.ts';
import { compareWithVendors } from './truth.ts';
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
  /** What vendors told by webhooks, and what became of it on the way. */
  events: EventCounts;
  /** Runs that ended FAILED or INTERRUPTED, and requests that the weather hit: none of either would prove nothing. */
  troubled: number;
  hits: number;
  restarts: number;
  entities: number;
  /** How many things were compared with the vendors themselves. */
  compared: number;
  /** What differs from a hub that synced the end in one piece, and from what the vendors hold; none when all is well. */
  differences: string[];
}

const pollsADay = 4;
const hour = 3_600_000;

/**
 * Lets a hub live through days of edits while its vendors fail, throttle and lag behind, what they tell of changes comes
 * late, twice, in another order or never, and its process is cut off in the middle of runs. Then, in good weather, it and
 * a hub that never saw any of it must show the same graph, and the one that the vendors hold.
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
  const { edit, living } = createEdits(vendors, { random: random.fork('edits'), projects });
  const way = createWay(vendors, random.fork('events'));
  const { counts: events } = way;
  const seen = { edits: 0, polls: 0, troubled: 0, restarts: 0 };
  const note = (runs: readonly RunReport[]): void => {
    seen.troubled += runs.filter(({ status }) => status === 'FAILED' || status === 'INTERRUPTED').length;
  };
  const work = (edits: number): void => {
    for (let made = 0; made < edits; made += 1) {
      edit();
      seen.edits += 1;
      clock.advance(random.integer(1, 90) * 1_000);
    }
  };
  let told = await listen(await open(databases.soaked), 0);
  vendors.tell(told.url);
  try {
    for (let day = 1; day <= days; day += 1) {
      for (let poll = 0; poll < pollsADay; poll += 1) {
        await told.hub.webhooks.renew(new AbortController().signal);
        work(options.editsADay / pollsADay / 2);
        const before = await taken(told.hub);
        await way.replay();
        if ((await taken(told.hub)) > before) throw new Error('An event that was replayed was taken for news.');
        await way.deliver('bad');
        badWeather(vendors, random);
        note(await cutOff(told.hub, { random, within: 5, run: (signal) => lookAround(told.hub, signal) }));
        clearWeather(vendors);
        work(options.editsADay / pollsADay / 2);
        badWeather(vendors, random);
        const census = poll === 0;
        note(await cutOff(told.hub, { random, within: 25, run: (signal) => told.hub.sync({ census, signal }) }));
        clearWeather(vendors);
        seen.polls += 1;
        if (random.chance(0.2)) {
          await told.close();
          told = await listen(await open(databases.soaked), told.port);
          seen.restarts += 1;
        }
        clock.advance(5 * hour);
      }
      options.onDay?.(`day ${day}: ${seen.edits} edits, ${seen.polls} polls, ${seen.troubled} runs in trouble`);
    }
    const hits = [vendors.jira, vendors.hubspot, vendors.google].reduce((sum, { faults }) => sum + faults.hits, 0);
    await way.deliver('calm');
    mustNotFail(await lookAround(told.hub));
    await inGoodWeather(told.hub, clock);
    const found = await liveGraph(told.hub);
    const truth = await compareWithVendors(told.hub, vendors, living);
    await told.close();
    const fresh = await open(databases.fresh);
    const expected = await inGoodWeather(fresh, clock)
      .then(() => liveGraph(fresh))
      .finally(() => fresh.close());
    return {
      ...seen,
      events,
      hits,
      entities: expected.length,
      compared: truth.expected.length,
      differences: [
        ...difference(expected, found),
        ...difference(truth.expected, truth.found).map((line) => `at the vendor: ${line}`),
      ],
    };
  } finally {
    await told.close();
    await vendors.close();
  }
}

/** Twice, with hours between, so that what the vendors' indexes and schedules hold back is there. */
async function inGoodWeather(hub: Hub, clock: { advance(milliseconds: number): void }): Promise<void> {
  for (let poll = 0; poll < 2; poll += 1) {
    clock.advance(3 * hour);
    mustNotFail(await hub.sync({ census: true }));
  }
}

function mustNotFail(runs: readonly RunReport[]): void {
  const failed = runs.filter(({ status }) => status === 'FAILED' || status === 'INTERRUPTED');
  if (failed.length > 0)
    throw new Error(
      `In good weather ${failed.map(({ sourceId, stream, error }) => `${sourceId}/${stream}: ${error}`).join('; ')}`,
    );
}

function projectKeys(vendors: Sandbox): string[] {
  return [...vendors.company.jira.batches()].flatMap(({ projects = [] }) => projects.map(({ key }) => key));
}

function unhurried(source: Sandbox['sources'][number], projects: readonly string[]): Sandbox['sources'][number] {
  const changes = { jira: { projects }, hubspot: {}, 'google-sheets': { requestsPerMinute: 50_000 } };
  return { ...source, config: { ...(source.config as object), ...changes[source.id] } };
}
