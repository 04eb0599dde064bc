import type { RunProgress } from '@plumbline/hub';
import { Listr, type ListrTask, type ListrTaskWrapper, type DefaultRenderer, type SimpleRenderer } from 'listr2';
import { bar, describeCounts, describeRate, duration, number } from './counts.ts';
import { nameOf, type Plan, type ProgressView, type Stopwatch } from './view.ts';

type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;
type Task = ListrTask<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

interface Row {
  name: string;
  state: 'waiting' | 'running' | 'over';
  startedAt: number;
  latest: RunProgress | null;
  wrapper: Wrapper | null;
  /** Why it has not been read. */
  missed: string;
  done: PromiseWithResolvers<void>;
}

/** A list that is drawn again as it changes: a line a stream, with a bar where the vendor tells how much there is. */
export function createListView(plan: Plan, now: Stopwatch): ProgressView {
  const rows = new Map<string, Row>();
  const sources: Task[] = plan.sources.map(({ id, streams }) => {
    const own = streams.map((stream) => newRow(nameOf({ sourceId: id, stream })));
    for (const row of own) rows.set(row.name, row);
    return {
      title: id,
      task: (_context, parent) =>
        parent.newListr(
          own.map((row) => taskOf(row, now)),
          { concurrent: false, exitOnError: false },
        ),
    };
  });
  const list = new Listr(sources, {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false,
    rendererOptions: { collapseSubtasks: false, showErrorMessage: false, formatOutput: 'truncate' },
  });
  const drawn = list.run();
  const end = (row: Row): void => {
    if (row.state === 'over') return;
    row.state = 'over';
    row.done.resolve();
  };
  return {
    show(progress) {
      const row = rows.get(nameOf(progress));
      if (!row || row.state === 'over') return;
      if (row.state === 'waiting') Object.assign(row, { state: 'running', startedAt: now() });
      row.latest = progress;
      if (row.wrapper) row.wrapper.title = titleOf(row, now());
      const failed = ['FAILED', 'INTERRUPTED', 'CANCELLED'].includes(progress.status);
      if (failed || (progress.status !== 'RUNNING' && progress.task === plan.task)) end(row);
    },
    finish(sourceId) {
      for (const row of rows.values()) if (row.name.startsWith(`${sourceId}/`)) end(row);
    },
    async close() {
      for (const row of rows.values()) {
        if (row.state === 'waiting') row.missed = 'not started';
        end(row);
      }
      await drawn;
    },
  };
}

function newRow(name: string): Row {
  return {
    name,
    state: 'waiting',
    startedAt: 0,
    latest: null,
    wrapper: null,
    missed: 'not due',
    done: Promise.withResolvers(),
  };
}

function taskOf(row: Row, now: Stopwatch): Task {
  return {
    title: streamOf(row),
    async task(_context, wrapper) {
      row.wrapper = wrapper;
      if (row.latest) wrapper.title = titleOf(row, now());
      await row.done.promise;
      if (row.latest === null) return wrapper.skip(`${streamOf(row)}  ${row.missed}`);
      wrapper.title = titleOf(row, now());
      // The renderer marks what throws; the sentence about it stands in the log.
      if (['FAILED', 'INTERRUPTED', 'CANCELLED'].includes(row.latest.status))
        throw new Error(row.latest.status.toLowerCase());
    },
  };
}

function titleOf(row: Row, time: number): string {
  const { latest } = row;
  if (!latest) return streamOf(row);
  const took = time - row.startedAt;
  const rate = describeRate(latest.counts.read, took);
  if (latest.status !== 'RUNNING') {
    const ending =
      latest.status === 'SUCCEEDED' || latest.status === 'PARTIAL' ? '' : `  ${latest.status.toLowerCase()}`;
    return `${streamOf(row)}${ending}  ${describeCounts(latest.counts)}  ${duration(took)}`;
  }
  const task = latest.task === 'POLL' ? '' : `  ${latest.task.toLowerCase()}`;
  const share = latest.expected === null ? '' : `  ${bar(latest.counts.read, latest.expected)}`;
  return `${streamOf(row)}${task}${share}  ${number(latest.counts.read)} read  ${rate}`.trimEnd();
}

function streamOf(row: Row): string {
  return row.name.slice(row.name.indexOf('/') + 1);
}
