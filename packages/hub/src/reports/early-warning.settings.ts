import { z } from 'zod';
import { readSetting } from '../kernel/setting.ts';

/** A ratio with its default: 0.9 is 90 %. */
const ratio = (usual: string) =>
  z
    .string()
    .regex(/^-?\d{1,3}(\.\d{1,6})?$/, 'wants a ratio as text, such as "0.9"')
    .default(usual);
const whole = (usual: number, most: number) => z.number().int().min(1).max(most).default(usual);

const warningSchema = z.strictObject({
  /** Cost performance (CPI) below this. */
  costPerformance: ratio('0.9'),
  /** Schedule performance (SPI) below this. */
  schedulePerformance: ratio('0.9'),
  /** Cost performance that has fallen for so many periods in a row, each of so many days. */
  costTrend: z.strictObject({ periods: whole(3, 12), days: whole(7, 92) }).prefault({}),
  /** Share of the budget that is spent beyond the share of the work that is done. */
  burnGap: ratio('0.10'),
  /** Points of margin lost: 0.05 is 5 points. */
  marginErosion: ratio('0.05'),
  /** Hours of work that nobody ordered. */
  leakedHours: z.number().min(0).max(1_000_000).default(0),
  /** Time beyond the plan, as a share of it. */
  overrun: ratio('0'),
  /** Weeks for which the rest of the budget lasts. */
  runwayWeeks: z.number().min(0).max(520).default(2),
  /** Calendar days a change request may wait for a decision. */
  decisionDays: whole(14, 1_000),
  /** What people are booked for, this week and so many behind it: hard bookings, and all of them, by capacity. */
  allocation: z.strictObject({ hard: ratio('1'), all: ratio('1'), weeksAhead: whole(7, 52) }).prefault({}),
  /** Working time by capacity, in so many whole weeks in a row, up to the last one. */
  load: z.strictObject({ share: ratio('1.1'), weeks: whole(3, 26) }).prefault({}),
  /** Quality of the deals or projects that a figure of a review is computed of, below this. */
  quality: ratio('0.95'),
});

/** `warnings` of the configuration: from where on a figure is one to look at. */
export type WarningOptions = z.input<typeof warningSchema>;
export type WarningLimits = z.output<typeof warningSchema>;

/** Checks the configuration; throws HubError that names the wrong setting. */
export function readWarningLimits(options: WarningOptions): WarningLimits {
  return readSetting('warnings', warningSchema, options);
}
