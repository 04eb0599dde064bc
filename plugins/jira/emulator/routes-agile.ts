import type { EmulatorApp } from '@plumbline/emulator';
import { offsetPage, refuse } from './http.ts';
import type { Json } from './json.ts';
import type { JiraBoard, JiraSprint } from './seed.ts';
import type { JiraStore } from './store.ts';

/** Boards and sprints of Jira Software. */
export function addAgileRoutes(app: EmulatorApp, store: JiraStore): void {
  const { site } = store;
  const base = `https://${site.host}/rest/agile/1.0`;
  const boards = (): readonly JiraBoard[] => site.boards ?? [];
  app.use('/rest/agile/*', async (_, next) =>
    site.boards === null ? refuse(403, 'The user does not have a valid license.') : next(),
  );
  app.get('/rest/agile/1.0/board', (context) => {
    const { startAt, maxResults } = offsetPage(context, 50, 50);
    const all = boards();
    const values = all.slice(startAt, startAt + maxResults).map((board) => renderBoard(store, board, base));
    const isLast = startAt + values.length >= all.length;
    return Response.json({ maxResults, startAt, total: all.length, isLast, values });
  });
  app.get('/rest/agile/1.0/board/:id/sprint', (context) => {
    const board = boards().find(({ id }) => String(id) === context.req.param('id'));
    if (!board) return refuse(404, 'Board does not exist or you do not have permission to see it.');
    if (!board.sprints) return refuse(400, 'The board does not support sprints');
    const { startAt, maxResults } = offsetPage(context, 50, 50);
    const states = context.req.query('state')?.split(',');
    const all = board.sprints.filter(({ state }) => !states || states.includes(state));
    const values = all.slice(startAt, startAt + maxResults).map((sprint) => renderSprint(sprint, board, base));
    const isLast = startAt + values.length >= all.length;
    return Response.json({ maxResults, startAt, isLast, values });
  });
}

function renderBoard({ projects }: JiraStore, { id, name, type, projectId }: JiraBoard, base: string): Json {
  const project = projectId === null ? undefined : projects.get(projectId);
  return {
    id,
    self: `${base}/board/${id}`,
    name,
    type,
    ...(project
      ? {
          location: {
            projectId: Number(project.id),
            displayName: `${project.name} (${project.key})`,
            projectName: project.name,
            projectKey: project.key,
            projectTypeKey: 'software',
            name: `${project.name} (${project.key})`,
          },
        }
      : {}),
  };
}

function renderSprint(sprint: JiraSprint, board: JiraBoard, base: string): Json {
  return { ...sprint, self: `${base}/sprint/${sprint.id}`, originBoardId: board.id };
}
