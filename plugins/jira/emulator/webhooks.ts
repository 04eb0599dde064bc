import { createDeliveries, type Deliveries } from '@plumbline/emulator';
import { createHmac } from 'node:crypto';
import type { Json } from './json.ts';
import type { Renderer } from './render.ts';
import type { JiraHistory, JiraIssue, JiraProject, JiraWorklog } from './seed.ts';
import type { JiraState } from './state.ts';

/** Where a site sends its events. */
export interface WebhookTarget {
  url: string;
  /** Signs as an administrator's webhook does; null sends as a dynamic webhook, which is not signed. */
  secret: string | null;
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
}

/** Tells the target of a site what changed, one request for each change. */
export function createSiteDeliveries(state: JiraState, renderer: Renderer): Deliveries<SiteEvent> {
  return createDeliveries((event, { forged }) => {
    const { target } = state.webhooks;
    if (!target) return null;
    const body = JSON.stringify(bodyOf(event, state, renderer));
    const secret = forged ? `not ${target.secret ?? ''}` : target.secret;
    const signature: Record<string, string> =
      secret === null ? {} : { 'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
    return {
      url: target.url,
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

function bodyOf(event: SiteEvent, { site }: JiraState, renderer: Renderer): Json {
  const { webhookEvent, at, issue, history, worklog, project } = event;
  return {
    timestamp: at,
    webhookEvent,
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
