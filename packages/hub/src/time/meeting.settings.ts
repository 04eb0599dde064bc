import { z } from 'zod';
import { readSetting } from '../kernel/setting.ts';

const words = z.array(z.string().trim().min(1, 'wants words that are not empty').max(200)).max(100);

const meetingOptions = z.strictObject({
  labels: words.default(['status-meeting']),
  types: words.default(['Status meeting']),
  notes: words.default(['status meeting', 'status call', 'steering committee', 'weekly status']),
});

/**
 * `statusMeetings` of the configuration: the labels and types of work items, and the words in notes of time entries, that
 * tell a meeting about how things stand from work. Capitals do not matter.
 */
export type MeetingOptions = z.input<typeof meetingOptions>;
export type MeetingSettings = z.output<typeof meetingOptions>;

/** Checks the configuration; throws HubError that names the wrong setting. */
export function readMeetingSettings(options: MeetingOptions): MeetingSettings {
  return readSetting('statusMeetings', meetingOptions, options);
}
