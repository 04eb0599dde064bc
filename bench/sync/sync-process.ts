import { silentLogger, type Connector } from '@plumbline/connector';
import { googleSheets } from '@plumbline/google-sheets';
import { openHub, type Hub, type RunReport } from '@plumbline/hub';
import { hubspot } from '@plumbline/hubspot';
import { jira } from '@plumbline/jira';
import pg from 'pg';
import type { EmptyPoll, FirstSync, SandboxReady } from './sync-figures.ts';

// `node sync-process.ts DATABASE_URL SECONDS`, the sandbox's line on standard input: syncs once under watch, then polls
// what has not changed. A process of its own, so that its memory is the hub's and the clients' alone.
const connectors: Readonly<Record<string, Connector>> = { hubspot, jira, 'google-sheets': googleSheets };
const [, , url, seconds] = process.argv;
if (!url || !seconds) throw new Error('usage: sync-process.ts DATABASE_URL SECONDS < sandbox line');

const sandbox = JSON.parse(await new Response(process.stdin as unknown as ReadableStream).text()) as SandboxReady;
let statements = 0;
countStatements();
const hub = await openHub({
  database: { engine: 'postgresql', url },
  sources: sandbox.sources.map((source) => ({ ...source, connector: connectorOf(source.connector) })),
  logger: silentLogger,
});
const first = await syncOnce(hub, Number(seconds));
console.log(JSON.stringify(first));
if (first.complete) {
  // The first poll after a sync may still read what lies within a cursor's lag; the second is the one that counts.
  await hub.sync();
  console.log(JSON.stringify(await pollNothing(hub)));
}
await hub.close();

function connectorOf(name: string): Connector {
  const connector = connectors[name];
  if (!connector) throw new Error(`There is no connector "${name}".`);
  return connector;
}

async function syncOnce(hub: Hub, seconds: number): Promise<FirstSync> {
  const megabytes = (): number => process.memoryUsage.rss() / 1_000_000;
  const idle = megabytes();
  const samples: number[] = [];
  const sampler = setInterval(() => samples.push(megabytes()), 100);
  const start = performance.now();
  const reports = await hub.sync({ signal: AbortSignal.timeout(seconds * 1_000) });
  clearInterval(sampler);
  samples.push(megabytes());
  const failed = reports.find((report) => report.status === 'FAILED');
  if (failed) throw new Error(`${failed.sourceId} ${failed.stream}: ${failed.error}`);
  const half = samples.length >> 1;
  return {
    idle,
    firstHalf: Math.max(...samples.slice(0, Math.max(1, half))),
    secondHalf: Math.max(...samples.slice(half)),
    records: sum(reports, 'read'),
    seconds: (performance.now() - start) / 1_000,
    complete: reports.every((report) => report.status !== 'INTERRUPTED'),
  };
}

async function pollNothing(hub: Hub): Promise<EmptyPoll> {
  const before = statements;
  const start = performance.now();
  const reports = await hub.sync();
  return {
    milliseconds: performance.now() - start,
    throttled: sum(reports, 'throttledMs'),
    requests: sum(reports, 'requests'),
    statements: statements - before,
    changed: sum(reports, 'created') + sum(reports, 'changed'),
  };
}

function sum(reports: readonly RunReport[], name: 'read' | 'requests' | 'created' | 'changed' | 'throttledMs'): number {
  return reports.reduce((total, report) => total + report.counts[name], 0);
}

/** The hub's statements go through the one `pg` of the workspace; each is counted where it is sent. */
function countStatements(): void {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function counted(this: pg.Client, ...parameters: unknown[]) {
    statements += 1;
    return Reflect.apply(query, this, parameters) as unknown;
  } as typeof query;
}
