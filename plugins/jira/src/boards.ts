import { HubError } from '@plumbline/connector';
import type { Client } from 'jira.js/core';
import { z } from 'zod';
import { readerOf, repeating, type Reader } from './answers.ts';
import { transportClient, type JiraContext } from './jira-client.ts';

const sprintSchema = z.looseObject({
  id: z.number().int(),
  name: z.string(),
  state: z.string(),
  startDate: z.string().nullish(),
  endDate: z.string().nullish(),
  goal: z.string().nullish(),
});

export const boardSchema = z.looseObject({
  id: z.number().int(),
  name: z.string(),
  type: z.string(),
  /** Those that run or are planned; closed ones add up over the years. */
  sprints: z.array(sprintSchema).default([]),
});
export type Board = z.output<typeof boardSchema>;

const locatedSchema = boardSchema.extend({
  location: z.looseObject({ projectId: z.union([z.number(), z.string()]).transform(String).optional() }).optional(),
});

const page = <Entry>(entry: z.ZodType<Entry>) =>
  z.looseObject({ values: z.array(entry), isLast: z.boolean().optional(), total: z.number().optional() });
const PAGE = 50;

/** Boards of each project, by its id. Null where the account has no licence or no scope for Jira Software. */
export async function readBoards(context: JiraContext): Promise<ReadonlyMap<string, readonly Board[]> | null> {
  const client = await transportClient(context);
  const read = readerOf(context.config.site);
  const located = await listBoards({ client, read });
  if (!located) return null;
  const boards = new Map<string, Board[]>();
  for (const { location, ...board } of located) {
    // A person's own board belongs to no project.
    if (location?.projectId === undefined) continue;
    const sprints = board.type === 'kanban' ? [] : await readSprints({ client, read, boardId: board.id });
    boards.set(location.projectId, [...(boards.get(location.projectId) ?? []), { ...board, sprints }]);
  }
  return boards;
}

/** How many boards the account sees; null where it has no licence or no scope for Jira Software. */
export async function countBoards(context: JiraContext): Promise<number | null> {
  const client = await transportClient(context);
  const boards = await listBoards({ client, read: readerOf(context.config.site) });
  return boards && boards.length;
}

async function listBoards(of: { client: Client; read: Reader }): Promise<z.output<typeof locatedSchema>[] | null> {
  return unlessRefused(['PERMISSION_DENIED', 'NOT_FOUND'], () =>
    listAll({ ...of, url: '/rest/agile/1.0/board', entry: locatedSchema }),
  );
}

/** None where the board has none: a team-managed board may have sprints or not, and only says so when asked. */
async function readSprints(of: {
  client: Client;
  read: Reader;
  boardId: number;
}): Promise<z.output<typeof sprintSchema>[]> {
  const url = `/rest/agile/1.0/board/${of.boardId}/sprint`;
  const found = await unlessRefused(['BAD_INPUT', 'PERMISSION_DENIED', 'NOT_FOUND'], () =>
    listAll({ ...of, url, entry: sprintSchema, state: 'active,future' }),
  );
  return found ?? [];
}

async function listAll<Entry extends { id: number }>(of: {
  client: Client;
  read: Reader;
  url: string;
  entry: z.ZodType<Entry>;
  state?: string;
}): Promise<Entry[]> {
  const all = new Map<number, Entry>();
  for (let startAt = 0; ;) {
    // jira.js has these in a module of its own, too large to load for two lists.
    const answer = await of.client.sendRequest({
      method: 'GET',
      url: of.url,
      searchParams: { startAt, maxResults: PAGE, ...(of.state === undefined ? {} : { state: of.state }) },
    });
    const { values, isLast, total } = of.read(of.url, page(of.entry), answer);
    const known = all.size;
    for (const each of values) all.set(each.id, each);
    startAt += values.length;
    if (values.length === 0 || isLast === true || (isLast === undefined && startAt >= (total ?? 0))) {
      return [...all.values()];
    }
    if (all.size === known) throw repeating(of.url);
  }
}

/** Null for an answer that is no failure here. */
async function unlessRefused<Value>(codes: readonly string[], read: () => Promise<Value>): Promise<Value | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof HubError && codes.includes(error.code)) return null;
    throw error;
  }
}
