import { HubError } from '@plumbline/connector';
import { z } from 'zod';
import { readerOf, repeating } from './answers.ts';
import { jiraClient, type JiraContext } from './jira-client.ts';
import { readInstant } from './jira-time.ts';

/** The vendor's own example writes a text, its contract a number. */
const expirationSchema = z.union([z.number(), z.string()]).transform((value, context) => {
  const instant = readInstant(value);
  if (instant === null) context.addIssue('wants an instant');
  return instant ?? z.NEVER;
});
const registeredSchema = z.looseObject({
  id: z.number().int(),
  url: z.string().optional(),
  jqlFilter: z.string(),
  events: z.array(z.string()),
  expirationDate: expirationSchema.optional(),
});
type Registered = z.output<typeof registeredSchema>;

const pageSchema = z.looseObject({ values: z.array(registeredSchema), isLast: z.boolean().optional() });
const resultsSchema = z.looseObject({
  webhookRegistrationResult: z.array(
    z.looseObject({ createdWebhookId: z.number().int().optional(), errors: z.array(z.string()).optional() }),
  ),
});
const refreshedSchema = z.looseObject({ expirationDate: expirationSchema });

const PAGE = 100;

/** What an app can do with its own webhooks on a site. */
export interface WebhookCalls {
  list(): Promise<Registered[]>;
  /** Gives its id; throws HubError REFUSED with Jira's reasons. */
  register(webhook: Pick<Registered, 'jqlFilter'> & { url: string; events: readonly string[] }): Promise<number>;
  /** Gives the new end. */
  refresh(id: number): Promise<Temporal.Instant>;
  remove(ids: readonly number[]): Promise<void>;
}

export async function webhookCalls(context: JiraContext): Promise<WebhookCalls> {
  const { webhooks } = await jiraClient(context);
  const read = readerOf(context.config.site);
  return {
    async list() {
      const all = new Map<number, Registered>();
      for (let startAt = 0; ;) {
        const answer = await webhooks.getDynamicWebhooksForApp({ startAt, maxResults: PAGE });
        const { values, isLast } = read('webhook', pageSchema, answer);
        const known = all.size;
        for (const each of values) all.set(each.id, each);
        startAt += values.length;
        if (values.length === 0 || isLast !== false) return [...all.values()];
        if (all.size === known) throw repeating('webhook');
      }
    },
    async register({ url, events, jqlFilter }) {
      const answer = await webhooks.registerDynamicWebhooks({ url, webhooks: [{ events: [...events], jqlFilter }] });
      const [result] = read('webhook', resultsSchema, answer).webhookRegistrationResult;
      if (result?.createdWebhookId !== undefined) return result.createdWebhookId;
      throw new HubError({
        code: 'REFUSED',
        message: `Jira registers none: ${result?.errors?.join(' ') ?? 'it gives no reason.'}`,
        remedy: 'The source is polled meanwhile, and the next round tries again.',
      });
    },
    async refresh(id) {
      return read('webhook/refresh', refreshedSchema, await webhooks.refreshWebhooks({ webhookIds: [id] }))
        .expirationDate;
    },
    async remove(ids) {
      await webhooks.deleteWebhookById({ webhookIds: [...ids] });
    },
  };
}
