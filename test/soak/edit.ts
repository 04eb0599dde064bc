import type { Random } from '../../packages/emulator/src/index.ts';

/** Somebody at work in one of the three systems; gives one sentence on what was done. */
export type Edit = () => string;

/** Some day of the projects' time. */
export function day(random: Random): string {
  return Temporal.PlainDate.from('2026-09-01')
    .add({ days: random.integer(0, 300) })
    .toString();
}
