import type { Clock } from '@plumbline/connector';
import {
  addDeliveryRoutes,
  createTokenServer,
  startEmulator,
  type Deliveries,
  type Emulator,
  type EmulatorApp,
  type TokenServer,
} from '@plumbline/emulator';
import { timingSafeEqual } from 'node:crypto';
import { addDynamicWebhookRoutes } from './dynamic-webhooks.ts';
import { refuse } from './http.ts';
import { addLimits, type JiraLimits } from './limits.ts';
import { addOAuthRoutes, isForApps, notLetIn, pathOfSite } from './oauth.ts';
import { createRenderer } from './render.ts';
import { addAgileRoutes } from './routes-agile.ts';
import { addControlRoutes, addWebhookRoutes } from './routes-control.ts';
import { addIssueRoutes } from './routes-issues.ts';
import { addSearchRoutes } from './routes-search.ts';
import { addSiteRoutes } from './routes-site.ts';
import { addWorklogRoutes } from './routes-worklogs.ts';
import type { JiraSite } from './seed.ts';
import type { JiraControls } from './state.ts';
import { createStore } from './store.ts';
import { createSiteDeliveries, sendEvents, type SiteEvent, type WebhookTarget } from './webhooks.ts';
import { createZone } from './zone.ts';

export interface JiraEmulatorOptions {
  site: JiraSite;
  clock: Pick<Clock, 'now'>;
  /** 0 (the default) takes a free port. */
  port?: number;
  /** How long a write stays invisible to search; 0 when absent. */
  searchLagMs?: number;
  limits?: JiraLimits;
  /** Most issues on a search page that asks for more than ids and keys; 100 when absent. */
  searchPageCap?: number;
  /** Most worklogs on a page of the feeds of them; 1,000 when absent. */
  worklogPageCap?: number;
  /** Cuts pages unevenly, those of search sometimes to nothing at all, as the contract allows. */
  shortPages?: boolean;
  /** Which instant a local minute means that the end of daylight saving time repeats; "earlier" when absent. */
  ambiguousMinutes?: 'earlier' | 'later';
  /** How Atlassian's tokens behave: an hour, and no second use, when absent. */
  oauth?: { lifetimeMs?: number; leewayMs?: number };
}

export interface JiraEmulator extends Emulator, JiraControls {
  /** From now on every change is told there, at once; nobody is told when null. */
  sendWebhooks(target: WebhookTarget | null): void;
  readonly deliveries: Deliveries<SiteEvent>;
  /** What an app is let in by, at this address instead of auth.atlassian.com and api.atlassian.com. */
  readonly oauth: TokenServer;
}

/** Starts a Jira Cloud site on loopback: REST v3 for what connectors use, and `/__control/` for tests and demonstrations. */
export async function startJiraEmulator(options: JiraEmulatorOptions): Promise<JiraEmulator> {
  const { clock } = options;
  // Its own: what is renamed here is not renamed for whoever gave it.
  const site = { ...options.site };
  const zone = createZone(site.caller.timeZone, options.ambiguousMinutes ?? 'earlier');
  const store = createStore({ site, zone, clock, searchLagMs: options.searchLagMs ?? 0 });
  const renderer = createRenderer(store);
  const deliveries = createSiteDeliveries(store, renderer);
  store.webhooks.send = sendEvents(store, deliveries);
  const oauth = createTokenServer({
    clock,
    clientId: 'app-of-acme',
    clientSecret: 'client-secret-of-the-app-of-acme',
    lifetimeMs: 3_600_000,
    rotates: true,
    ...options.oauth,
  });
  const sendWebhooks = (target: WebhookTarget | null): void => void (store.webhooks.target = target);
  const emulator = await startEmulator({
    name: 'jira',
    clock,
    ...(options.port === undefined ? {} : { port: options.port }),
    pathOf: pathOfSite,
    routes(app) {
      addOAuthRoutes(app, oauth, site);
      addAuthentication(app, site, oauth);
      if (options.limits) addLimits(app, options.limits, clock);
      addSearchRoutes(app, store, renderer, {
        pageCap: options.searchPageCap ?? 100,
        shortPages: options.shortPages ?? false,
      });
      addIssueRoutes(app, store, renderer);
      addWorklogRoutes(app, store, renderer, {
        pageCap: options.worklogPageCap ?? 1_000,
        shortPages: options.shortPages ?? false,
      });
      addSiteRoutes(app, store, renderer);
      addAgileRoutes(app, store);
      addDynamicWebhookRoutes(app, store);
      addControlRoutes(app, store);
      addWebhookRoutes(app, sendWebhooks);
      addDeliveryRoutes(app, deliveries);
    },
  });
  // Onto the emulator and not into a copy of it: some of its members are getters.
  return Object.assign(emulator, controlsOf(store), { sendWebhooks, deliveries, oauth });
}

function controlsOf(store: JiraControls): JiraControls {
  const { load, createIssue, updateIssue, moveIssue, deleteIssue, logWork, updateWorklog, deleteWorklog } = store;
  const { updateProject, updateStatus, breakIssue, repairIssue, hideIssue, showIssue, lagSearch } = store;
  const { breakWorklog, repairWorklog, hideWorklog, showWorklog } = store;
  return {
    load,
    createIssue,
    updateIssue,
    moveIssue,
    deleteIssue,
    logWork,
    updateWorklog,
    deleteWorklog,
    updateProject,
    updateStatus,
    breakIssue,
    repairIssue,
    hideIssue,
    showIssue,
    breakWorklog,
    repairWorklog,
    hideWorklog,
    showWorklog,
    lagSearch,
  };
}

/** The site's own address takes an account's API token, the one for apps takes their access tokens; neither the other's. */
function addAuthentication(app: EmulatorApp, site: JiraSite, oauth: TokenServer): void {
  const expected = Buffer.from(
    `Basic ${Buffer.from(`${site.caller.email}:${site.caller.apiToken}`).toString('base64')}`,
  );
  app.use('/rest/*', async (context, next) => {
    const authorization = context.req.header('authorization');
    if (isForApps(context.req.url)) return oauth.lets(authorization) ? next() : notLetIn();
    const given = Buffer.from(authorization ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return next();
    return refuse(401, 'Client must be authenticated to access this resource.');
  });
}
