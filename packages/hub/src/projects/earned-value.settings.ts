import { z } from 'zod';
import { badSetting, readSetting } from '../kernel/setting.ts';
import { usualDays, type Calendars } from '../people/calendar.ts';

/** How earned value is counted; each says how much of the work is done. */
export const earnedValueMethods = ['WEIGHTED_ITEMS', 'ZERO_HUNDRED', 'MILESTONE_AMOUNTS', 'MILESTONE_WEIGHTS'] as const;
export type EarnedValueMethod = (typeof earnedValueMethods)[number];

const method = z.enum(earnedValueMethods, `wants one of ${earnedValueMethods.join(', ')}`);

const earnedValueSchema = z.strictObject({
  /** Where neither the baseline nor `projects` names one. */
  method: method.default('WEIGHTED_ITEMS'),
  /** By the code of a project, such as its Jira key. */
  projects: z.record(z.string().min(1), method).default({}),
  /** The custom field of a milestone with its weight, for MILESTONE_WEIGHTS. */
  milestoneWeight: z.string().min(1).default('weight'),
  /** One of `calendars`: on its days planned value grows. */
  calendar: z.string().min(1).optional(),
});

/** `earnedValue` of the configuration: how it is counted, and on which days the plan grows. */
export type EarnedValueOptions = z.input<typeof earnedValueSchema>;

export interface EarnedValueSettings {
  method: EarnedValueMethod;
  projects: Readonly<Record<string, EarnedValueMethod>>;
  milestoneWeight: string;
  /** Monday to Friday unless one is named. */
  calendar: Calendars[string];
}

/** Checks the configuration; throws HubError that names the wrong setting. */
export function readEarnedValue(options: EarnedValueOptions, calendars: Calendars): EarnedValueSettings {
  const { calendar, ...settings } = readSetting('earnedValue', earnedValueSchema, options);
  if (calendar === undefined) return { ...settings, calendar: { days: [...usualDays], holidays: [] } };
  const named = calendars[calendar];
  if (named) return { ...settings, calendar: named };
  const known = Object.keys(calendars).join(', ') || 'none';
  throw badSetting('earnedValue.calendar', `there is no calendar "${calendar}" in \`calendars\`; there are: ${known}`);
}
