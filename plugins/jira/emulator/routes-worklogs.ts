import type { EmulatorApp } from '@plumbline/emulator';
import { z } from 'zod';
import { adfText } from '../src/adf-text.ts';
import { missing, offsetPage, readBody, refuse } from './http.ts';
import { seconds } from './issue-fields.ts';
import type { Renderer } from './render.ts';
import { findIssue } from './routes-issues.ts';
import type { JiraStore } from './store.ts';

/** Nothing of the last minute is told. */
const FEED_DELAY_MS = 60_000;

export interface FeedOptions {
  /** Most worklogs on a page of a feed, but that those of one millisecond come together. */
  pageCap: number;
  /** Cuts every other page shorter. None is empty but for worklogs that are hidden. */
  shortPages: boolean;
}

const STARTED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$/;
const worklogBody = z.looseObject({
  comment: z.looseObject({ type: z.literal('doc') }).optional(),
  started: z.string().regex(STARTED).optional(),
  timeSpent: z.string().optional(),
  timeSpentSeconds: z.number().int().positive().optional(),
});

export function addWorklogRoutes(app: EmulatorApp, store: JiraStore, renderer: Renderer, options: FeedOptions): void {
  let pages = 0;
  const pageLimit = (): number => {
    pages += 1;
    return options.shortPages && pages % 2 === 0 ? Math.ceil(options.pageCap / 3) : options.pageCap;
  };
  const visible = (id: string): boolean => !store.hiddenWorklogs.has(id);
  const base = `https://${store.site.host}/rest/api/3/worklog`;
  for (const feed of ['updated', 'deleted'] as const) {
    app.get(`/rest/api/3/worklog/${feed}`, (context) => {
      const since = Number(context.req.query('since') ?? 0);
      if (!Number.isSafeInteger(since)) return refuse(400, 'since must be a number of milliseconds.');
      const horizon = store.now() - FEED_DELAY_MS;
      const found = store.worklogs.changes(feed, { since, until: horizon, limit: pageLimit() });
      const until = found.at(-1)?.at ?? since;
      const lastPage = store.worklogs.changes(feed, { since: until, until: horizon, limit: 1 }).length === 0;
      return Response.json({
        self: `${base}/${feed}?since=${since}`,
        ...(lastPage ? {} : { nextPage: `${base}/${feed}?since=${until}` }),
        since,
        until,
        lastPage,
        values: found
          .filter(({ id }) => visible(String(id)))
          .map(({ id, at }) => ({ worklogId: id, updatedTime: at, properties: [] })),
      });
    });
  }

  app.post('/rest/api/3/worklog/list', async (context) => {
    const body = z.strictObject({ ids: z.array(z.number().int()).max(1_000) }).safeParse(await readBody(context));
    if (!body.success) return refuse(400, body.error);
    const found = body.data.ids.flatMap((id) => store.worklogs.get(String(id)) ?? []);
    // Those that the caller may not see are left out without a word.
    const shown = found.filter(({ id, issueId }) => visible(id) && store.visible(issueId));
    return Response.json(shown.map((worklog) => renderer.worklog(worklog)));
  });

  app.get('/rest/api/3/issue/:issue/worklog', (context) => {
    const issue = findIssue(store, context.req.param('issue'));
    if (!issue) return missing();
    const { startAt, maxResults } = offsetPage(context, 5_000, 5_000);
    const all = store.worklogs.ofIssue(issue.id).filter(({ id }) => visible(id));
    const worklogs = all.slice(startAt, startAt + maxResults).map((worklog) => renderer.worklog(worklog));
    return Response.json({ startAt, maxResults, total: all.length, worklogs });
  });

  app.post('/rest/api/3/issue/:issue/worklog', async (context) => {
    const issue = findIssue(store, context.req.param('issue'));
    if (!issue) return missing();
    const body = worklogBody.safeParse(await readBody(context));
    if (!body.success) return refuse(400, body.error);
    const { timeSpent, timeSpentSeconds, started, comment } = body.data;
    const spent = timeSpentSeconds ?? (timeSpent === undefined ? 0 : seconds(timeSpent));
    if (spent <= 0) return refuse(400, 'Worklog must not be null.');
    const worklog = store.logWork(issue.id, {
      authorAccountId: store.site.caller.accountId,
      started: started ?? store.zone.stamp(store.now()),
      seconds: spent,
      comment: comment ? adfText(comment) : null,
    });
    return Response.json(renderer.worklog(worklog), { status: 201 });
  });

  app.put('/rest/api/3/issue/:issue/worklog/:id', async (context) => {
    const body = worklogBody.safeParse(await readBody(context));
    if (!body.success) return refuse(400, body.error);
    if (!store.worklogs.get(context.req.param('id'))) return missing();
    const { timeSpentSeconds, timeSpent, started, comment } = body.data;
    const spent = timeSpentSeconds ?? (timeSpent === undefined ? undefined : seconds(timeSpent));
    const worklog = store.updateWorklog(context.req.param('id'), {
      ...(spent === undefined ? {} : { seconds: spent }),
      ...(started === undefined ? {} : { started }),
      ...(comment === undefined ? {} : { comment: adfText(comment) }),
    });
    return Response.json(renderer.worklog(worklog));
  });

  app.delete('/rest/api/3/issue/:issue/worklog/:id', (context) => {
    if (!store.worklogs.get(context.req.param('id'))) return missing();
    store.deleteWorklog(context.req.param('id'));
    return new Response(null, { status: 204 });
  });
}
