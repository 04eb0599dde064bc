import { silentLogger } from '@plumbline/connector';
import { openHub } from '@plumbline/hub';
import pg from 'pg';
import { median, timed } from '../figures.ts';
import type { Line } from '../report.ts';
import { scratchDatabase } from '../scratch-database.ts';
import { openFloor } from './floor.ts';
import { issueConnector } from './issue-connector.ts';
import { makeIssues, type Issue } from './issues.ts';

const PAGE = 200;
const phases = ['new', 'changed', 'unchanged'] as const;
type Phase = (typeof phases)[number];
const bars: Readonly<Record<Phase, number>> = { new: 0.4, changed: 0.4, unchanged: 2 };

export interface IngestOptions {
  server: string;
  /** Records a phase takes in. */
  records: number;
  /** How often the three phases are gone through, each time from empty tables. */
  rounds: number;
}

/**
 * Records a second from a page in memory to entities, versions and cursor in the database, against only upserting the
 * same payloads. The two take turns, phase by phase, so that what else the machine does hits both.
 */
export async function benchIngest(options: IngestOptions): Promise<Line[]> {
  const first = makeIssues(options.records, 0);
  const second = makeIssues(options.records, 1);
  const brought: Readonly<Record<Phase, Issue[][]>> = {
    new: paged(first),
    changed: paged(second),
    unchanged: paged(second),
  };
  const scratch = await scratchDatabase(options.server);
  const floor = await openFloor(scratch.url);
  let pages: Issue[][] = [];
  const hub = await openHub({
    database: { engine: 'postgresql', url: scratch.url },
    sources: [{ id: 'bench', connector: issueConnector(() => pages), config: {}, secrets: {} }],
    logger: silentLogger,
  });
  const taken: Record<Phase, { floor: number; hub: number }[]> = { new: [], changed: [], unchanged: [] };
  try {
    for (let round = 0; round < options.rounds; round += 1) {
      await floor.empty();
      await emptyHub(scratch.url);
      for (const phase of phases) {
        pages = brought[phase];
        const floorMs = await timed(() => floor.take(pages));
        const hubMs = await timed(async () => expectSuccess(await hub.sync(), phase, options.records));
        taken[phase].push({ floor: floorMs, hub: hubMs });
      }
    }
  } finally {
    await hub.close();
    await floor.close();
    await scratch.drop();
  }
  const bytes = median(first.slice(0, 500).map((issue) => JSON.stringify(issue).length));
  return phases.map((phase) => ({
    what: `ingest, ${phase} (${options.records} × ${(bytes / 1_000).toFixed(1)} kB)`,
    figure: `${perSecond(options.records, median(taken[phase].map((each) => each.hub)))} records/s`,
    against: `${perSecond(options.records, median(taken[phase].map((each) => each.floor)))} records/s jsonb upsert`,
    ratio: median(taken[phase].map((each) => each.floor / each.hub)),
    bar: bars[phase],
  }));
}

function paged(issues: readonly Issue[]): Issue[][] {
  return Array.from({ length: Math.ceil(issues.length / PAGE) }, (_, index) =>
    issues.slice(index * PAGE, (index + 1) * PAGE),
  );
}

/** Every table the ingest writes, so that each round begins alike. */
async function emptyHub(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    'truncate record, record_payload, facet, identity, version, work_item, many_reference, stream_cursor, sync_run, quarantine',
  );
  await client.query('vacuum analyze');
  await client.end();
}

function expectSuccess(
  reports: readonly {
    status: string;
    error: string | null;
    counts: { created: number; changed: number; unchanged: number };
  }[],
  phase: Phase,
  records: number,
): void {
  const counted = reports[0]?.counts[phase === 'new' ? 'created' : phase];
  if (reports[0]?.status === 'SUCCEEDED' && counted === records) return;
  throw new Error(
    `The ${phase} phase counted ${counted} of ${records} records: ${reports[0]?.error ?? reports[0]?.status}.`,
  );
}

function perSecond(records: number, milliseconds: number): string {
  return Math.round((records / milliseconds) * 1_000).toLocaleString('en');
}
