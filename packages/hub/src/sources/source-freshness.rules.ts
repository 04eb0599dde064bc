import type { KindName } from '@plumbline/connector';
import type { Freshness } from '../kernel/freshness.ts';
import { decimal } from '../kernel/decimal.ts';
import { present } from '../kernel/metric.graphql.ts';
import { freshness } from './source.metrics.ts';

/** A stream, and when it was last read to its end; null before the first time. */
export interface StreamRead {
  source: string;
  /** How often the schedule reads it at least: after its own interval, with the next poll of its source. */
  everyMinutes: number;
  kinds: readonly KindName[];
  readAt: string | null;
}

/** A stream is late when it has missed so many of its polls. */
const POLLS_IN_LEVEL = 3;

/**
 * How fresh what is read of these kinds is: as fresh as the least fresh of their sources, and a source as its stream that
 * was read longest ago. Pure.
 */
export function freshnessOf(streams: readonly StreamRead[], kinds: readonly KindName[], now: string): Freshness {
  const concerned = streams.filter((stream) => stream.kinds.some((kind) => kinds.includes(kind)));
  const aged = concerned.map((stream) => {
    const figure = present(freshness, {
      ageSeconds: stream.readAt === null ? null : secondsBetween(stream.readAt, now),
      serviceLevelSeconds: stream.everyMinutes * 60 * POLLS_IN_LEVEL,
    });
    return { ...stream, figure, value: figure.figure.value === null ? null : decimal(figure.figure.value) };
  });
  const late = aged.filter(({ value }) => value === null || value.lessThan(1));
  const least = aged.toSorted((a, b) => (a.value ?? decimal(-1)).comparedTo(b.value ?? decimal(-1)))[0];
  return {
    figure: least?.figure ?? present(freshness, { ageSeconds: null, serviceLevelSeconds: null }),
    stale: [...new Set(late.map(({ source }) => source))].toSorted(),
    readAt: aged.some(({ readAt }) => readAt === null)
      ? null
      : (aged.map(({ readAt }) => readAt ?? '').toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null),
  };
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, Math.floor(Temporal.Instant.from(to).since(Temporal.Instant.from(from)).total('seconds')));
}
