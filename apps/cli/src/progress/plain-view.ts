import type { RunProgress } from '@plumbline/hub';
import type { Console } from '../console.ts';
import { describeCounts, describeRate, duration, number } from './counts.ts';
import { nameOf, type ProgressView, type Stopwatch } from './view.ts';

export interface PlainOptions {
  console: Pick<Console, 'say'>;
  now: Stopwatch;
  /** Leaves out runs that found nothing, as they come every few minutes for ever. */
  newsOnly?: boolean;
}

/** How often a run that takes long says where it is. */
const EVERY_MS = 5_000;

const endings: Readonly<Record<Exclude<RunProgress['status'], 'RUNNING'>, string>> = {
  SUCCEEDED: 'done',
  PARTIAL: 'done in part',
  FAILED: 'failed',
  INTERRUPTED: 'interrupted',
  CANCELLED: 'cancelled',
};

/** One line when a stream starts and one when it ends, and for long ones a line now and then. */
export function createPlainView(options: PlainOptions): ProgressView {
  const { console, now } = options;
  const running = new Map<string, { startedAt: number; saidAt: number }>();
  const task = (progress: RunProgress): string => (progress.task === 'POLL' ? '' : ` ${progress.task.toLowerCase()}`);
  return {
    show(progress) {
      const time = now();
      const known = running.get(progress.runId);
      const name = `${nameOf(progress)}${task(progress)}`;
      if (progress.status !== 'RUNNING') {
        running.delete(progress.runId);
        if (options.newsOnly && !isNews(progress)) return;
        const took = time - (known?.startedAt ?? time);
        const rate = describeRate(progress.counts.read, took);
        const figures = [describeCounts(progress.counts), duration(took), rate]
          .filter((part) => part !== '')
          .join(', ');
        console.say(`${name} ${endings[progress.status]}: ${figures}`);
        return;
      }
      if (!known) {
        running.set(progress.runId, { startedAt: time, saidAt: time });
        if (!options.newsOnly) console.say(`${name} started`);
      } else if (!options.newsOnly && time - known.saidAt >= EVERY_MS) {
        known.saidAt = time;
        const of = progress.expected === null ? '' : ` of ${number(progress.expected)}`;
        console.say(
          `${name}: ${number(progress.counts.read)}${of} read, ${describeRate(progress.counts.read, time - known.startedAt)}`,
        );
      }
    },
    finish() {},
    close: async () => undefined,
  };
}

const news = ['created', 'changed', 'deleted', 'vanished', 'quarantined', 'released'] as const;

function isNews({ status, counts }: RunProgress): boolean {
  if (status === 'FAILED' || counts.skipped > 0) return true;
  return Math.max(...news.map((name) => counts[name])) > 0;
}
