import { record, type UnifiedRecord } from '@plumbline/connector';
import { z } from 'zod';
import { adfText } from './adf-text.ts';
import { accountKey, issueKey } from './jira-keys.ts';
import { instantText, localDateText } from './jira-time.ts';

export const worklogRawSchema = z.looseObject({
  id: z.string().min(1),
  issueId: z.string().min(1),
  author: z.looseObject({ accountId: z.string().min(1) }),
  /** Carries the offset of where it was logged, which decides its day. */
  started: z.string(),
  timeSpentSeconds: z.number().int(),
  comment: z.unknown().optional(),
});
export type WorklogRaw = z.output<typeof worklogRawSchema>;

export function mapWorklog(raw: WorklogRaw): UnifiedRecord[] {
  return [
    record({
      kind: 'timeEntry',
      id: raw.id,
      keys: [`jira-worklog:${raw.id}`],
      fields: {
        startedAt: instantText(raw.started, 'started'),
        localDate: localDateText(raw.started, 'started'),
        seconds: raw.timeSpentSeconds,
        note: adfText(raw.comment),
        person: accountKey(raw.author.accountId),
        workItem: issueKey(raw.issueId),
      },
    }),
  ];
}
