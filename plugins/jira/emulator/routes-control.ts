import type { EmulatorApp } from '@plumbline/emulator';
import type { Context } from 'hono';
import { z } from 'zod';
import { readBody, refuse } from './http.ts';
import {
  issueDraftSchema,
  issuePatchSchema,
  projectPatchSchema,
  statusPatchSchema,
  worklogDraftSchema,
  worklogPatchSchema,
} from './inputs.ts';
import type { JiraControls, JiraLoad } from './state.ts';
import type { WebhookTarget } from './webhooks.ts';

/** The control functions over HTTP, for processes that did not start the emulator. */
export function addControlRoutes(app: EmulatorApp, controls: JiraControls): void {
  const path = '/__control';
  app.post(`${path}/load`, (context) =>
    // Bulk data of our own making: not checked member by member.
    handle(context, z.looseObject({}), (data) => controls.load(data as JiraLoad)),
  );
  app.post(`${path}/issues`, (context) => handle(context, issueDraftSchema, controls.createIssue));
  app.patch(`${path}/issues/:id`, (context) =>
    handle(context, issuePatchSchema, (patch) => controls.updateIssue(context.req.param('id'), patch)),
  );
  app.post(`${path}/issues/:id/move`, (context) =>
    handle(context, z.strictObject({ projectId: z.string() }), ({ projectId }) =>
      controls.moveIssue(context.req.param('id'), projectId),
    ),
  );
  app.delete(`${path}/issues/:id`, (context) => attempt(() => controls.deleteIssue(context.req.param('id'))));
  app.post(`${path}/issues/:id/break`, (context) =>
    handle(context, z.record(z.string(), z.unknown()), (patch) => controls.breakIssue(context.req.param('id'), patch)),
  );
  app.delete(`${path}/issues/:id/break`, (context) => attempt(() => controls.repairIssue(context.req.param('id'))));
  app.post(`${path}/issues/:id/hide`, (context) => attempt(() => controls.hideIssue(context.req.param('id'))));
  app.delete(`${path}/issues/:id/hide`, (context) => attempt(() => controls.showIssue(context.req.param('id'))));
  app.post(`${path}/issues/:id/worklogs`, (context) =>
    handle(context, worklogDraftSchema, (draft) => controls.logWork(context.req.param('id'), draft)),
  );
  app.patch(`${path}/worklogs/:id`, (context) =>
    handle(context, worklogPatchSchema, (patch) => controls.updateWorklog(context.req.param('id'), patch)),
  );
  app.delete(`${path}/worklogs/:id`, (context) => attempt(() => controls.deleteWorklog(context.req.param('id'))));
  app.post(`${path}/worklogs/:id/break`, (context) =>
    handle(context, z.record(z.string(), z.unknown()), (patch) =>
      controls.breakWorklog(context.req.param('id'), patch),
    ),
  );
  app.delete(`${path}/worklogs/:id/break`, (context) => attempt(() => controls.repairWorklog(context.req.param('id'))));
  app.post(`${path}/worklogs/:id/hide`, (context) => attempt(() => controls.hideWorklog(context.req.param('id'))));
  app.delete(`${path}/worklogs/:id/hide`, (context) => attempt(() => controls.showWorklog(context.req.param('id'))));
  app.patch(`${path}/projects/:id`, (context) =>
    handle(context, projectPatchSchema, (patch) => controls.updateProject(context.req.param('id'), patch)),
  );
  app.patch(`${path}/statuses/:id`, (context) =>
    handle(context, statusPatchSchema, (patch) => controls.updateStatus(context.req.param('id'), patch)),
  );
}

/** `POST /__control/webhooks` with `{ target: { url, secret } }`, or with null for none. */
export function addWebhookRoutes(app: EmulatorApp, sendTo: (target: WebhookTarget | null) => void): void {
  const target = z.strictObject({ url: z.url(), secret: z.string() });
  app.post('/__control/webhooks', (context) =>
    handle(context, z.strictObject({ target: target.nullable() }), (body) => sendTo(body.target)),
  );
}

async function handle<Body>(
  context: Context,
  schema: z.ZodType<Body>,
  act: (body: Body) => unknown,
): Promise<Response> {
  const parsed = schema.safeParse(await readBody(context));
  return parsed.success ? attempt(() => act(parsed.data)) : refuse(400, parsed.error);
}

function attempt(act: () => unknown): Response {
  try {
    return Response.json({ result: act() ?? null });
  } catch (error) {
    if (error instanceof RangeError) return refuse(404, error.message);
    throw error;
  }
}
