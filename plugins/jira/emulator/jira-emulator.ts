import type { Clock } from '@plumbline/connector';
import {
  addDeliveryRoutes,
  startEmulator,
  type Deliveries,
  type Emulator,
  type EmulatorApp,
} from '@plumbline/emulator';
import { timingSafeEqual } from 'node:crypto';
import { refuse } from './http.ts';
import { addLimits, type JiraLimits } from './limits.ts';
import { createRenderer } from './render.ts';
import { addControlRoutes, addWebhookRoutes } from './routes-control.ts';
import { addIssueRoutes } from './routes-issues.ts';
import { addSearchRoutes } from './routes-search.ts';
import { addSiteRoutes } from './routes-site.ts';
import { addWorklogRoutes } from './routes-worklogs.ts';
import type { JiraSite } from './seed.ts';
import type { JiraControls } from './state.ts';
import { createStore } from './store.ts';
import { createSiteDeliveries, type SiteEvent, type WebhookTarget } from './webhooks.ts';
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
  /** Cuts search pages unevenly, some to nothing at all, as the contract allows. */
  shortPages?: boolean;
  /** Which instant a local minute means that the end of daylight saving time repeats; "earlier" when absent. */
  ambiguousMinutes?: 'earlier' | 'later';
}

export interface JiraEmulator extends Emulator, JiraControls {
  /** From now on every change is told there, at once; nobody is told when null. */
  sendWebhooks(target: WebhookTarget | null): void;
  readonly deliveries: Deliveries<SiteEvent>;
}

/** Starts a Jira Cloud site on loopback: REST v3 for what connectors use, and `/__control/` for tests and demonstrations. */
export async function startJiraEmulator(options: JiraEmulatorOptions): Promise<JiraEmulator> {
  const { site, clock } = options;
  const zone = createZone(site.caller.timeZone, options.ambiguousMinutes ?? 'earlier');
  const store = createStore({ site, zone, clock, searchLagMs: options.searchLagMs ?? 0 });
  const renderer = createRenderer(store);
  const deliveries = createSiteDeliveries(store, renderer);
  store.webhooks.send = deliveries.announce;
  const sendWebhooks = (target: WebhookTarget | null): void => void (store.webhooks.target = target);
  const emulator = await startEmulator({
    name: 'jira',
    clock,
    ...(options.port === undefined ? {} : { port: options.port }),
    routes(app) {
      addAuthentication(app, site);
      if (options.limits) addLimits(app, options.limits, clock);
      addSearchRoutes(app, store, renderer, {
        pageCap: options.searchPageCap ?? 100,
        shortPages: options.shortPages ?? false,
      });
      addIssueRoutes(app, store, renderer);
      addWorklogRoutes(app, store, renderer);
      addSiteRoutes(app, store, renderer);
      addControlRoutes(app, store);
      addWebhookRoutes(app, sendWebhooks);
      addDeliveryRoutes(app, deliveries);
    },
  });
  // Onto the emulator and not into a copy of it: some of its members are getters.
  return Object.assign(emulator, controlsOf(store), { sendWebhooks, deliveries });
}

function controlsOf(store: JiraControls): JiraControls {
  const { load, createIssue, updateIssue, moveIssue, deleteIssue, logWork, updateWorklog, deleteWorklog } = store;
  const { updateProject, breakIssue, repairIssue, hideIssue, showIssue, lagSearch } = store;
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
    breakIssue,
    repairIssue,
    hideIssue,
    showIssue,
    lagSearch,
  };
}

function addAuthentication(app: EmulatorApp, site: JiraSite): void {
  const expected = Buffer.from(
    `Basic ${Buffer.from(`${site.caller.email}:${site.caller.apiToken}`).toString('base64')}`,
  );
  app.use('/rest/*', async (context, next) => {
    const given = Buffer.from(context.req.header('authorization') ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return next();
    return refuse(401, 'Client must be authenticated to access this resource.');
  });
}
