import { createDeliveries, type Deliveries } from '@plumbline/emulator';
import { createHmac } from 'node:crypto';
import { webhooksFor, type DynamicWebhook } from './dynamic-webhooks.ts';
import type { Json } from './json.ts';
import type { Renderer } from './render.ts';
import type { JiraHistory, JiraIssue, JiraProject, JiraWorklog } from './seed.ts';
import type { JiraState } from './state.ts';

/** Where a site sends its events. */
export interface WebhookTarget {
  url: string;
  /** An administrator's webhook signs by it. */
  secret: string;
}

/** What changed, as it was at that moment. */
export interface SiteEvent {
  webhookEvent: string;
  /** Epoch milliseconds. */
  at: number;
  /** The same for every repetition. */
  identifier: string;
  issue?: JiraIssue;
  history?: JiraHistory;
  worklog?: JiraWorklog;
  project?: JiraProject;
  /** The app's webhook it is for; an administrator's when absent. */
  to?: DynamicWebhook;
}

/** Tells the target of a site what changed, one request for each change. */
export function createSiteDeliveries(state: JiraState, renderer: Renderer): Deliveries<SiteEvent> {
  return createDeliveries((event, { forged }) => {
    const { target } = state.webhooks;
    const body = JSON.stringify(bodyOf(event, state, renderer));
    const place = event.to ? unsigned(event.to, forged) : target && signed(target, body, forged);
    if (!place) return null;
    const { url, signature } = place;
    return {
      url,
      body,
      headers: {
        'content-type': 'application/json',
        'x-atlassian-webhook-identifier': event.identifier,
        'x-atlassian-webhook-flow': 'Primary',
        ...signature,
      },
    };
  });
}

function signed({ url, secret }: WebhookTarget, body: string, forged: boolean) {
  const hmac = createHmac('sha256', forged ? `not ${secret}` : secret);
  return { url, signature: { 'x-hub-signature': `sha256=${hmac.update(body).digest('hex')}` } };
}

/** Who guesses knows the address but for its last part. */
function unsigned({ url }: DynamicWebhook, forged: boolean) {
  return { url: forged ? url.replace(/[^/]+$/, 'a-guess') : url, signature: {} };
}

/** An event goes to the administrator's webhook and to every app's that it fits. */
export function sendEvents(state: JiraState, deliveries: Deliveries<SiteEvent>): (event: SiteEvent) => void {
  return (event) => {
    if (state.webhooks.target) deliveries.announce(event);
    for (const to of webhooksFor(event, state)) deliveries.announce({ ...event, to });
  };
}

function bodyOf(event: SiteEvent, { site }: JiraState, renderer: Renderer): Json {
  const { webhookEvent, at, issue, history, worklog, project } = event;
  return {
    timestamp: at,
    webhookEvent,
    ...(event.to ? { matchedWebhookIds: [event.to.id] } : {}),
    user: renderer.user(site.caller.accountId),
    ...(issue ? { issue: inVersion2(renderer.issue(issue, ['*all'])) } : {}),
    ...(history ? { changelog: { id: history.id, items: history.items } } : {}),
    ...(worklog ? { worklog: inVersion2(renderer.worklog(worklog)) } : {}),
    ...(project ? { project: renderer.project(project, { properties: [], expand: [] }) } : {}),
  };
}

/** Bodies have the form of REST v2: rich text is a text of wiki markup, and links point there. */
function inVersion2(json: Json): Json {
  return JSON.parse(JSON.stringify(json).replaceAll('/rest/api/3/', '/rest/api/2/'), (_, value: unknown) =>
    isRichText(value) ? 'h1. Wiki markup' : value,
  ) as Json;
}

function isRichText(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'doc';
}
