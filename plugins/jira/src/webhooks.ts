import {
  refused,
  sameSecret,
  type Notice,
  type Refused,
  type WebhookDefinition,
  type WebhookRequest,
} from '@plumbline/connector';
import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import type { JiraConfig, JiraSecrets } from './config.ts';
import { keepWebhooks, webhookPathOf } from './dynamic-webhooks.ts';

/** Jira tries five times, and fallout of bulk operations comes up to 15 minutes late; all of it is over within a day. */
const LONGEST_DELIVERY_MS = 25 * 60 * 60_000;
const FUTURE_MS = 5 * 60_000;

/** What Jira names in its header; an algorithm is not the sender's to choose beyond these. */
const METHODS = ['sha256', 'sha384', 'sha512'];

const id = z.union([z.string().regex(/^\d+$/), z.number().int().positive().transform(String)]);
const eventSchema = z.looseObject({
  timestamp: z.number().int(),
  webhookEvent: z.string(),
  issue: z.looseObject({ id }).optional(),
  worklog: z.looseObject({ id, issueId: id.optional() }).optional(),
  issueLink: z.looseObject({ sourceIssueId: id.optional(), destinationIssueId: id.optional() }).optional(),
});
type Event = z.output<typeof eventSchema>;

/** Which list an event without an issue concerns; Jira does not say of it what a poll would read. */
const lists: readonly { begins: string; stream: string }[] = [
  { begins: 'jira:version_', stream: 'versions' },
  { begins: 'project_', stream: 'projects' },
  { begins: 'user_', stream: 'users' },
  // Boards and sprints are shown on their projects.
  { begins: 'sprint_', stream: 'projects' },
  { begins: 'board_', stream: 'projects' },
];

export const webhooks: WebhookDefinition<JiraConfig, JiraSecrets> = {
  isSetUp: (secrets) => secrets.webhookSecret !== undefined || webhookPathOf(secrets) !== undefined,
  receive(request, { secrets, now }) {
    const forged = verify(request, secrets);
    if (forged) return forged;
    const event = parseEvent(request);
    if (!event) return refused('MALFORMED', 'The body is no event of Jira’s.');
    const age = now.epochMilliseconds - event.timestamp;
    if (age > LONGEST_DELIVERY_MS || age < -FUTURE_MS) {
      return refused('EXPIRED', 'Its timestamp is more than a day old, or in the future.');
    }
    return {
      outcome: 'ACCEPTED',
      notices: [noticeOf(request, event)],
      validUntil: Temporal.Instant.fromEpochMilliseconds(event.timestamp + LONGEST_DELIVERY_MS),
    };
  },
  instructions: ({ address, secrets }) =>
    webhookPathOf(secrets) === undefined
      ? `As an administrator open Settings, System, WebHooks in Jira, create one with the URL ${address} and a secret, ` +
        'select the issue, worklog, issue link, version, project, board and sprint events, narrow them by JQL to the projects ' +
        'that are read, and give the same secret as secrets.webhookSecret.'
      : `Nothing to set up: the hub registers the app’s webhooks below ${address} and refreshes them before their 30 days are ` +
        'over. Jira sends them only while the app’s owner is who let it in, unless the app is public.',
  subscribe: keepWebhooks,
};

/**
 * By the signature of an administrator's webhook. Jira signs no dynamic webhooks: those prove themselves by a path that
 * nobody can guess. A signature that fails is not made good by the path.
 */
function verify(request: WebhookRequest, secrets: JiraSecrets): Refused | null {
  const { webhookSecret } = secrets;
  const signature = request.headers.get('x-hub-signature');
  if (signature !== null) {
    if (webhookSecret === undefined) return refused('FORGED', 'It is signed, but no secrets.webhookSecret is set.');
    const [method = '', given = ''] = signature.split('=');
    if (!METHODS.includes(method)) return refused('FORGED', 'Its signature is of an unknown method.');
    const expected = createHmac(method, webhookSecret).update(request.body).digest('hex');
    return sameSecret(given.toLowerCase(), expected) ? null : refused('FORGED', 'Its signature is not right.');
  }
  const webhookPath = webhookPathOf(secrets);
  const given = new URL(request.url).pathname.split('/').at(-1) ?? '';
  if (webhookPath !== undefined && sameSecret(given, webhookPath)) return null;
  return refused('FORGED', 'It has no signature, and its path is not the secret one.');
}

function parseEvent({ body }: WebhookRequest): Event | null {
  try {
    return eventSchema.parse(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return null;
  }
}

/**
 * Told by its body, which is what is signed: the identifier in Jira's header is not, and whoever repeats a request could
 * write another one there.
 */
function noticeOf({ body }: WebhookRequest, event: Event): Notice {
  return { key: createHash('sha256').update(body).digest('base64url'), looks: looksOf(event) };
}

/** Bodies have the form of another API version and come in any order: they only say what to read again, and what is gone. */
function looksOf({ webhookEvent, issue, worklog, issueLink }: Event): Notice['looks'] {
  const list = lists.find(({ begins }) => webhookEvent.startsWith(begins));
  if (list) return [{ stream: list.stream, id: null }];
  const issues = [issue?.id, worklog?.issueId, issueLink?.sourceIssueId, issueLink?.destinationIssueId];
  const gone = (event: string) => (webhookEvent === event ? { deleted: true } : {});
  return [
    ...[...new Set(issues)].flatMap((each) =>
      each === undefined ? [] : [{ stream: 'issues', id: each, ...gone('jira:issue_deleted') }],
    ),
    ...(worklog ? [{ stream: 'worklogs', id: worklog.id, ...gone('worklog_deleted') }] : []),
  ];
}
