import { z } from 'zod';
import { defaultCalendar, type BusinessCalendar } from '../kernel/business-time.ts';
import { decimal } from '../kernel/decimal.ts';
import { readSetting } from '../kernel/setting.ts';
import { defaultSettings, type ChangeControlSettings } from './change-control.rules.ts';
import type { DiscountTier } from '../money/discount.rules.ts';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'wants a time such as "09:00"');
const ratio = z.string().regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'wants a ratio from 0 to 1, such as "0.05"');
const who = z.string().trim().min(1, 'wants a name, a role or an e-mail address').max(200);
const date = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'wants a date such as "2026-12-25"');

const amount = z.string().regex(/^\d{1,15}(\.\d{1,6})?$/, 'wants an amount as text, such as "2500"');

/** What each preset takes for what is not given; `light` is for a firm without a PMO. The guards are the same. */
const presets = {
  full: { marginFloor: defaultSettings.marginFloor, reviewHours: defaultSettings.reviewSeconds / 3_600 },
  light: { marginFloor: '0.10', reviewHours: 40 },
} as const;

/** What `changeControl` of the configuration may say. */
export const changeControlOptions = z.strictObject({
  preset: z.enum(['full', 'light']).default('full'),
  marginFloor: z
    .string()
    .regex(/^-?\d(\.\d{1,6})?$/, 'wants a ratio such as "0.20"')
    .optional(),
  reviewHours: z.number().positive().max(1_000).optional(),
  escalation: z
    .strictObject({
      path: z.array(who).max(20).default([]),
      everyHours: z.number().positive().max(1_000).default(8),
    })
    .prefault({}),
  discounts: z
    .array(z.strictObject({ upTo: ratio, approvers: z.array(who).min(1).max(20) }))
    .max(20)
    .refine(isRising, 'wants each `upTo` above the one before it')
    .default([]),
  quoteValidDays: z.number().int().positive().max(1_000).default(30),
  smallChanges: z
    .strictObject({
      threshold: amount.default('2500'),
      limit: amount.default('5000'),
      days: z.number().int().positive().max(1_000).default(60),
    })
    .prefault({}),
  calendar: z
    .strictObject({
      zone: z.string().refine(isZone, 'wants an IANA time zone such as "Europe/Berlin"').default(defaultCalendar.zone),
      opens: time.default(defaultCalendar.opens),
      closes: time.default(defaultCalendar.closes),
      days: z
        .array(z.number().int().min(1).max(7))
        .min(1)
        .default([...defaultCalendar.days]),
      holidays: z.array(date).default([]),
    })
    .refine(({ opens, closes }) => opens < closes, 'wants `opens` before `closes`')
    .prefault({}),
});

/**
 * `changeControl` of the configuration: least margin without a waiver, who may approve which discount, business hours a
 * review may take and which those are, who hears of a review that takes longer, how long a quote is valid, and how small
 * changes add up.
 */
export type ChangeControlOptions = z.input<typeof changeControlOptions>;

/** Who hears of a review past its time: the project's manager when it is due, then the next of the path. */
interface EscalationPolicy {
  /** Names, roles or e-mail addresses behind the project's manager. */
  path: readonly string[];
  /** Business time between two of them, in seconds. */
  everySeconds: number;
}

/** When requests that are small one by one want one commercial review for all. */
export interface SmallChangesPolicy {
  /** Small is a price above 0 and beneath this, in the contract's currency. */
  threshold: string;
  /** What they may come to together. */
  limit: string;
  /** Within how many calendar days. */
  days: number;
}

export interface ChangeControlPolicy {
  settings: ChangeControlSettings;
  calendar: BusinessCalendar;
  escalation: EscalationPolicy;
  /** Calendar days for which a quote is open to the client's decision. */
  quoteValidDays: number;
  smallChanges: SmallChangesPolicy;
}

/** Checks the configuration; throws HubError that names the wrong setting. */
export function readPolicy(options: ChangeControlOptions): ChangeControlPolicy {
  const read = readSetting('changeControl', changeControlOptions, options);
  const { preset, marginFloor, reviewHours, calendar, escalation, discounts, quoteValidDays, smallChanges } = read;
  return {
    settings: {
      marginFloor: marginFloor ?? presets[preset].marginFloor,
      reviewSeconds: seconds(reviewHours ?? presets[preset].reviewHours),
      discounts,
    },
    calendar,
    escalation: { path: escalation.path, everySeconds: seconds(escalation.everyHours) },
    quoteValidDays,
    smallChanges,
  };
}

function isRising(tiers: readonly DiscountTier[]): boolean {
  return tiers.every(({ upTo }, index) => index === 0 || decimal(upTo).greaterThan(tiers[index - 1]?.upTo ?? 0));
}

function seconds(hours: number): number {
  return Math.round(hours * 3_600);
}

function isZone(zone: string): boolean {
  try {
    return Boolean(Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone));
  } catch {
    return false;
  }
}
