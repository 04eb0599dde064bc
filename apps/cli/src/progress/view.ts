import type { RunProgress } from '@plumbline/hub';

/** Shows how runs go on: on a terminal, as plain lines, or as JSON. */
export interface ProgressView {
  show(progress: RunProgress): void;
  /** A source has been read: streams that did not start were not due. */
  finish(sourceId: string): void;
  /** Leaves the output in order; runs that go on are not shown any more. */
  close(): Promise<void>;
}

/** What will be read: the streams of each source in their order. */
export interface Plan {
  sources: readonly { id: string; streams: readonly string[] }[];
  /** The task that ends a stream. */
  task: RunProgress['task'];
}

/** Milliseconds that only go forward. */
export type Stopwatch = () => number;

export function nameOf(progress: Pick<RunProgress, 'sourceId' | 'stream'>): string {
  return `${progress.sourceId}/${progress.stream}`;
}
