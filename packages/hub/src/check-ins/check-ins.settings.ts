import { z } from 'zod';
import { readSetting } from '../kernel/setting.ts';
import type { ReminderToSend } from './reminder.store.ts';

const ratio = (usual: string) =>
  z
    .string()
    .regex(/^\d{1,3}(\.\d{1,6})?$/, 'wants a ratio as text, such as "0.3"')
    .default(usual);
const whole = (usual: number, most: number) => z.number().int().min(1).max(most).default(usual);
const key = z.string().trim().min(1, 'wants the name of an API key, such as "key 1a2b3c4d"').max(200);

const send = z.custom<SendReminder>((value) => typeof value === 'function', 'wants a function');

/** Takes what somebody is reminded of. At least once for each `id`; again later where it throws. */
export type SendReminder = (reminder: ReminderToSend, how: { signal: AbortSignal }) => unknown;

const checkInSchema = z.strictObject({
  /** Calendar days after which the view of an open opportunity, or of an ACTIVE project, is old. */
  viewDays: whole(7, 1_000),
  /** Reminds people, once on a day they work, of what they have not checked in on; nobody when absent. */
  reminders: z
    .strictObject({
      /** From which time of their day on. */
      at: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'wants a time such as "09:00"')
        // Whom to remind is looked at every quarter of an hour: behind the last one of a day nobody ever would be.
        .refine((time) => time <= '23:45', 'wants a time up to "23:45"')
        .default('09:00'),
      /** Where reminders go; they are recorded and listed without it, too. */
      send: send.optional(),
    })
    .optional(),
  /** Names of the API keys whose holders read what is meant for LEADERSHIP. */
  leadership: z.array(key).max(100).default([]),
  /** From where on something is asked about. */
  questions: z
    .strictObject({
      /** Times a close date was put off, without a next step ahead, and with one. */
      pushes: whole(2, 100),
      manyPushes: whole(3, 100),
      /** Time in a stage, by the median of how long deals stay there. */
      stageAgeing: ratio('2'),
      /** Days without contact with the client, and those after which it is serious. */
      quietDays: whole(14, 1_000),
      silentDays: whole(30, 1_000),
      /** Change of an amount within so many days, as a share of what it was. */
      amountShare: ratio('0.1'),
      amountDays: whole(30, 1_000),
      /** How far the seller's confidence may be from the probability of the CRM. */
      confidenceGap: ratio('0.3'),
    })
    .prefault({}),
});

/** `checkIns` of the configuration: how old a view may be, who leads, and from where on something is asked about. */
export type CheckInOptions = z.input<typeof checkInSchema>;
export type CheckInSettings = z.output<typeof checkInSchema>;

/** Checks the configuration; throws HubError that names the wrong setting. */
export function readCheckInSettings(options: CheckInOptions): CheckInSettings {
  return readSetting('checkIns', checkInSchema, options);
}
