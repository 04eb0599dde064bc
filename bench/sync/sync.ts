import { fileURLToPath } from 'node:url';
import { startChild } from '../child.ts';
import type { Line } from '../report.ts';
import { scratchDatabase } from '../scratch-database.ts';
import type { EmptyPoll, FirstSync } from './sync-figures.ts';

export type SandboxSize = 'small' | 'large';

export interface SyncOptions {
  server: string;
  /** A first sync is cut short after so long. */
  seconds: number;
}

interface Measured {
  first: FirstSync;
  /** Null when the first sync was cut short: there is no end to poll from. */
  poll: EmptyPoll | null;
}

const sandboxFile = fileURLToPath(new URL('../../apps/sandbox/src/main.ts', import.meta.url));
const syncFile = fileURLToPath(new URL('sync-process.ts', import.meta.url));

/** Without a limit V8 lets garbage grow to gigabytes before it looks; a sync that kept what it read would end here. */
const HEAP = '--max-old-space-size=256';
/** Most a sync may take over the idle process, in MB. */
const MOST_OVER_IDLE = 250;

/** Syncs the sandbox company into PostgreSQL, sandbox and hub each in a process of its own. */
export async function measureSync(size: SandboxSize, options: SyncOptions): Promise<Measured> {
  const scratch = await scratchDatabase(options.server);
  const sandbox = startChild(sandboxFile, ['--size', size, '--sheets-reads', '60000']);
  try {
    const ready = await sandbox.line();
    const sync = startChild(syncFile, [scratch.url, String(options.seconds)], { input: ready, flags: [HEAP] });
    try {
      const first = JSON.parse(await sync.line()) as FirstSync;
      return { first, poll: first.complete ? (JSON.parse(await sync.line()) as EmptyPoll) : null };
    } finally {
      await sync.stop();
    }
  } finally {
    await sandbox.stop();
    await scratch.drop();
  }
}

/** Resident memory of a process that syncs. The ratios are such that more is better: allowed to used, first half to second. */
export function memoryLines(size: SandboxSize, { first }: Measured): Line[] {
  const covered = `${first.records.toLocaleString('en')} records in ${first.seconds.toFixed(0)} s${first.complete ? '' : ', cut short'}`;
  const peak = Math.max(first.firstHalf, first.secondHalf);
  return [
    {
      what: `memory over idle, sync of ${size} (${covered})`,
      figure: `${(peak - first.idle).toFixed(0)} MB over ${first.idle.toFixed(0)} MB, ${HEAP}`,
      against: `${MOST_OVER_IDLE} MB allowed`,
      ratio: MOST_OVER_IDLE / (peak - first.idle),
      bar: 1,
    },
    {
      what: 'memory flat: first half against second',
      figure: `${first.secondHalf.toFixed(0)} MB peak in the second half`,
      against: `${first.firstHalf.toFixed(0)} MB in the first`,
      ratio: first.firstHalf / first.secondHalf,
      bar: 0.95,
    },
  ];
}

/** What polls cost that find nothing; `ratio` is of requests. Wall time is mostly waiting for rate limits. */
export function pollLines(small: Measured, large: Measured): Line[] {
  const told = ({ poll }: Measured): string =>
    poll
      ? `${poll.milliseconds.toFixed(0)} ms (${poll.throttled.toFixed(0)} throttled), ${poll.requests} requests, ${poll.statements} statements${poll.changed > 0 ? `, ${poll.changed} changed` : ''}`
      : 'not measured: its first sync was cut short';
  return [
    {
      what: 'empty poll, large against small',
      figure: told(large),
      against: told(small),
      ratio: small.poll && large.poll ? large.poll.requests / small.poll.requests : null,
      bar: null,
    },
  ];
}
