import type { PresentedMetric } from './metric.graphql.ts';

/** How fresh something is that is read out of the graph. */
export interface Freshness {
  /** That of the least fresh source it comes from; none when one of them was never read to its end. */
  figure: PresentedMetric;
  /** The sources that are past their service level or were never read, by name. */
  stale: readonly string[];
  /** When the source that was read longest ago was read; null when one of them never was, and where there is none. */
  readAt: string | null;
}
