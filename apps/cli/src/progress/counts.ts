import type { RunProgress } from '@plumbline/hub';

type Counts = RunProgress['counts'];

const spoken: readonly (readonly [keyof Counts, string])[] = [
  ['created', 'new'],
  ['changed', 'changed'],
  ['unchanged', 'unchanged'],
  ['deleted', 'gone'],
  ['vanished', 'deleted or hidden'],
  ['quarantined', 'in quarantine'],
  ['released', 'out of quarantine'],
  ['skipped', 'skipped'],
  ['erased', 'erased before and not taken'],
];

/** `3,043 read: 3,040 new, 3 in quarantine` */
export function describeCounts(counts: Counts): string {
  const parts = spoken.filter(([name]) => counts[name] > 0).map(([name, word]) => `${number(counts[name])} ${word}`);
  const read = `${number(counts.read)} read`;
  return parts.length === 0 ? read : `${read}: ${parts.join(', ')}`;
}

/** `412/s`; nothing for what is over before a rate means anything. */
export function describeRate(records: number, milliseconds: number): string {
  if (records === 0 || milliseconds < 200) return '';
  return `${number(Math.round((records / milliseconds) * 1_000))}/s`;
}

/** `██████░░░░ 60 %` */
export function bar(done: number, of: number, width = 20): string {
  const share = of === 0 ? 1 : Math.min(1, done / of);
  const full = Math.round(share * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${Math.floor(share * 100)} %`;
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}

export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
