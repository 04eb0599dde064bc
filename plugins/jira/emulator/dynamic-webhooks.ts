import type { EmulatorApp } from '@plumbline/emulator';
import { z } from 'zod';
import { offsetPage, readBody, refuse } from './http.ts';
import { compile, type JqlNames } from './jql-match.ts';
import { JqlError, parseJql, type Condition } from './jql-parser.ts';
import { isForApps } from './oauth.ts';
import { indexed, type JiraState } from './state.ts';
import type { SiteEvent } from './webhooks.ts';

const LIFE_MS = 30 * 24 * 60 * 60_000;
/** For each app and person. */
const MOST = 5;

const events = ['jira:issue_created', 'jira:issue_updated', 'jira:issue_deleted'] as const;
const others = [
  'comment_created',
  'comment_updated',
  'comment_deleted',
  'issue_property_set',
  'issue_property_deleted',
] as const;

const registrationSchema = z.strictObject({
  url: z.url(),
  webhooks: z
    .array(
      z.strictObject({
        events: z.array(z.enum([...events, ...others])).min(1),
        jqlFilter: z.string().min(1),
        fieldIdsFilter: z.array(z.string()).optional(),
        issuePropertyKeysFilter: z.array(z.string()).optional(),
      }),
    )
    .min(1),
});
const idsSchema = z.strictObject({ webhookIds: z.array(z.number().int()) });

/** Registered by an app; not signed, and over after 30 days. */
export interface DynamicWebhook {
  id: number;
  url: string;
  events: readonly string[];
  jqlFilter: string;
  /** Epoch milliseconds. */
  expirationDate: number;
}

/** Those that are to be told of an event now. */
export function webhooksFor(event: SiteEvent, state: JiraState): DynamicWebhook[] {
  const { issue } = event;
  if (!issue) return [];
  return standing(state).filter(
    ({ events: told, jqlFilter }) =>
      told.includes(event.webhookEvent) && testOf(jqlFilter, state.names())(indexed(issue)),
  );
}

export function addDynamicWebhookRoutes(app: EmulatorApp, state: JiraState): void {
  const path = '/rest/api/3/webhook';
  app.use(`${path}/*`, async (context, next) =>
    isForApps(context.req.url) ? next() : refuse(403, 'Only Connect and OAuth 2.0 apps can use this operation.'),
  );
  app.get(path, (context) => {
    const { startAt, maxResults } = offsetPage(context, 100, 100);
    const all = standing(state);
    const values = all.slice(startAt, startAt + maxResults);
    const isLast = startAt + values.length >= all.length;
    return Response.json({ startAt, maxResults, total: all.length, isLast, values });
  });
  app.post(path, async (context) => {
    const parsed = registrationSchema.safeParse(await readBody(context));
    if (!parsed.success) return refuse(400, parsed.error);
    const { url, webhooks } = parsed.data;
    const results = webhooks.map((webhook) => register(state, { ...webhook, url }));
    return Response.json({ webhookRegistrationResult: results });
  });
  app.put(`${path}/refresh`, async (context) => {
    const parsed = idsSchema.safeParse(await readBody(context));
    if (!parsed.success) return refuse(400, parsed.error);
    const expirationDate = state.now() + LIFE_MS;
    for (const webhook of standing(state)) {
      if (parsed.data.webhookIds.includes(webhook.id)) webhook.expirationDate = expirationDate;
    }
    return Response.json({ expirationDate });
  });
  app.delete(path, async (context) => {
    const parsed = idsSchema.safeParse(await readBody(context));
    if (!parsed.success) return refuse(400, parsed.error);
    state.webhooks.dynamic = standing(state).filter(({ id }) => !parsed.data.webhookIds.includes(id));
    return new Response(null, { status: 202 });
  });
}

function standing(state: JiraState): DynamicWebhook[] {
  return (state.webhooks.dynamic = state.webhooks.dynamic.filter(({ expirationDate }) => expirationDate > state.now()));
}

function register(state: JiraState, asked: Omit<DynamicWebhook, 'id' | 'expirationDate'>): object {
  const known = standing(state);
  if (known.length >= MOST) return { errors: [`The maximum number of webhooks for the app and user is ${MOST}.`] };
  if (known.some(({ url }) => url !== asked.url)) return { errors: ['Only a single URL per app is allowed.'] };
  try {
    testOf(asked.jqlFilter, state.names());
  } catch (error) {
    if (error instanceof JqlError) return { errors: [error.message] };
    throw error;
  }
  const id = (state.webhooks.registered += 1);
  known.push({ ...asked, id, expirationDate: state.now() + LIFE_MS });
  return { createdWebhookId: id };
}

/** Jira takes a few fields and four operators only. */
function testOf(jqlFilter: string, names: JqlNames): ReturnType<typeof compile> {
  const { where, orderBy } = parseJql(jqlFilter);
  if (!where || orderBy.length > 0) throw new JqlError('The JQL of a webhook is one condition without ORDER BY.');
  mustBeSimple(where);
  return compile(where, names);
}

function mustBeSimple(condition: Condition): void {
  if ('parts' in condition) condition.parts.forEach(mustBeSimple);
  else if ('part' in condition) throw new JqlError('NOT is not supported in the JQL of a webhook.');
  else if (!['issuekey', 'project', 'issuetype', 'status'].includes(condition.field)) {
    throw new JqlError(`Field '${condition.field}' is not supported in the JQL of a webhook.`);
  } else if (!['=', '!=', 'in', 'not in'].includes(condition.op)) {
    throw new JqlError(`Operator '${condition.op}' is not supported in the JQL of a webhook.`);
  }
}
