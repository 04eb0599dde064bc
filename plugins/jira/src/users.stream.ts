import { defineStream, record, type RawRecord, type UnifiedRecord } from '@plumbline/connector';
import { z } from 'zod';
import { repeating } from './answers.ts';
import type { JiraConfig, JiraSecrets } from './config.ts';
import { fullList, fullListCursor, fullListWorth } from './full-list.ts';
import { jiraApi } from './jira-api.ts';
import type { JiraContext } from './jira-client.ts';
import { accountKey } from './jira-keys.ts';

const userRawSchema = z.looseObject({
  accountId: z.string().min(1),
  accountType: z.string().optional(),
  displayName: z.string(),
  active: z.boolean(),
  emailAddress: z.string().nullish(),
  timeZone: z.string().nullish(),
});
export type UserRaw = z.output<typeof userRawSchema>;

/** Apps have accounts too, but are nobody. E-mail and zone are missing where profile privacy hides them. */
function mapUser(raw: UserRaw): UnifiedRecord[] {
  if (raw.accountType === 'app') return [];
  const email = raw.emailAddress?.trim().toLowerCase();
  return [
    record({
      kind: 'person',
      id: raw.accountId,
      keys: [accountKey(raw.accountId), ...(email ? ([`email:${email}`] as const) : [])],
      fields: {
        name: raw.displayName,
        status: raw.active ? 'ACTIVE' : 'LEFT',
        ...(email ? { email } : {}),
        ...(raw.timeZone ? { zone: raw.timeZone } : {}),
      },
    }),
  ];
}

const PAGE = 200;

/** Jira counts the range first and takes out what is hidden after, so only an empty page is the end. */
async function* readUsers(context: JiraContext): AsyncIterable<readonly RawRecord[]> {
  const api = await jiraApi(context);
  let firstBefore: string | null = null;
  for (let startAt = 0; ; startAt += PAGE) {
    const users = await api.users(startAt, PAGE);
    if (users.length === 0) return;
    const first = accountIdOf(users[0]);
    if (first !== null && first === firstBefore) throw repeating('users/search');
    firstBefore = first;
    yield users.map((payload, index) => ({
      id: accountIdOf(payload) ?? `unnamed-${startAt + index}`,
      changedAt: null,
      payload,
    }));
  }
}

function accountIdOf(payload: unknown): string | null {
  const parsed = z.looseObject({ accountId: z.string().min(1) }).safeParse(payload);
  return parsed.success ? parsed.data.accountId : null;
}

export const usersStream = defineStream<JiraConfig, JiraSecrets, UserRaw, z.output<typeof fullListCursor>>({
  name: 'users',
  description: 'Everyone with an account on the site.',
  kinds: ['person'],
  raw: userRawSchema,
  cursor: fullListCursor,
  worth: fullListWorth,
  everyMinutes: 60,
  ...fullList(readUsers),
  map: mapUser,
});
