import {
  defineStream,
  HubError,
  type Listed,
  type Page,
  type Presence,
  type RawRecord,
  type Sight,
} from '@plumbline/connector';
import { z } from 'zod';
import type { JiraConfig, JiraSecrets } from './config.ts';
import { jiraApi, type JiraApi, type WorklogFeed } from './jira-api.ts';
import type { JiraContext } from './jira-client.ts';
import { readInstant } from './jira-time.ts';
import { mostSeen, recentlySeen } from './seen.ts';
import { mapWorklog, worklogRawSchema, type WorklogRaw } from './time-entry.map.ts';

const seenSchema = z.record(z.string(), z.number().int());
const worklogsCursor = z.strictObject({
  /** The newest change seen in the feed of changes. */
  since: z.string().optional(),
  seen: seenSchema.optional(),
  /** The newest entry seen in the feed of deletions. */
  deletedSince: z.string().optional(),
  seenDeleted: seenSchema.optional(),
});
export type WorklogsCursor = z.output<typeof worklogsCursor>;

/** The feeds are exact to the millisecond but tell nothing of the last minute. */
const worth = { granularityMs: 1_000, lagMs: 60_000, zone: 'UTC', tieBreaker: 'id' } as const;
const OVERLAP_MS = worth.granularityMs + worth.lagMs;

/** Worklogs are small, but a page is one transaction. */
const PAGE = 200;
type Change = WorklogFeed['values'][number];

/** Changes first, then deletions: a worklog that went in between is deleted after it was stored. */
async function* pollWorklogs(context: JiraContext, cursor: WorklogsCursor | null): AsyncIterable<Page> {
  const api = await jiraApi(context);
  const scope = createScope(api, context.config.projects);
  let current: WorklogsCursor = cursor ?? {};
  for await (const changes of feed(api, 'updated', context.since?.epochMilliseconds ?? 0)) {
    const fresh = changes.filter(({ worklogId, updatedTime }) => current.seen?.[worklogId] !== updatedTime);
    const found = await readWorklogs(api, fresh);
    const kept = await scope.within(
      found.map((payload) => ({ id: payload.id, changedAt: changedAt(payload), payload })),
    );
    for (let first = 0; first < fresh.length; first += PAGE) {
      const part = fresh.slice(first, first + PAGE);
      const ids = new Set(part.map(({ worklogId }) => String(worklogId)));
      const { newest, seen } = moved(part, current.since, current.seen);
      current = { ...current, since: newest, seen };
      yield { records: kept.filter(({ id }) => ids.has(id)), cursor: current, complete: false };
    }
  }
  for await (const changes of feed(api, 'deleted', overlapStart(current.deletedSince))) {
    const fresh = changes.filter(({ worklogId, updatedTime }) => current.seenDeleted?.[worklogId] !== updatedTime);
    if (fresh.length === 0) continue;
    const { newest, seen } = moved(fresh, current.deletedSince, current.seenDeleted);
    current = { ...current, deletedSince: newest, seenDeleted: seen };
    const deletes = fresh.map(({ worklogId, updatedTime }) => ({ id: String(worklogId), at: instantOf(updatedTime) }));
    yield { records: [], deletes, cursor: current, complete: false };
  }
  yield { records: [], cursor: current, complete: true };
}

/** Worklogs that changed at one instant all come in one answer, which may be more than can be asked for at once. */
async function readWorklogs(
  api: JiraApi,
  changes: readonly Change[],
): Promise<Awaited<ReturnType<JiraApi['worklogs']>>> {
  const found = [];
  for (let first = 0; first < changes.length; first += 1_000) {
    found.push(...(await api.worklogs(changes.slice(first, first + 1_000).map(({ worklogId }) => worklogId))));
  }
  return found;
}

function moved(changes: readonly Change[], since: string | undefined, seen: WorklogsCursor['seen']) {
  const before = since === undefined ? 0 : Temporal.Instant.from(since).epochMilliseconds;
  const newestMs = Math.max(before, ...changes.map(({ updatedTime }) => updatedTime));
  const sightings = [
    ...Object.entries(seen ?? {}),
    ...changes.map(({ worklogId, updatedTime }) => [String(worklogId), updatedTime] as const),
  ];
  return { newest: instantOf(newestMs), seen: recentlySeen(sightings, newestMs - OVERLAP_MS, mostSeen.betweenPages) };
}

/** The engine knows the place in the feed of changes only; this is the same overlap for the feed of deletions. */
function overlapStart(since: string | undefined): number {
  return since === undefined ? 0 : Math.max(0, Temporal.Instant.from(since).epochMilliseconds - OVERLAP_MS);
}

const instantOf = (milliseconds: number): string => Temporal.Instant.fromEpochMilliseconds(milliseconds).toString();

async function* feed(api: JiraApi, name: 'updated' | 'deleted', start: number): AsyncIterable<readonly Change[]> {
  for (let since = start; ;) {
    const { values, lastPage, until } = await api.worklogFeed(name, since);
    if (values.length > 0) yield values;
    const reached = until ?? values.at(-1)?.updatedTime ?? since;
    if (lastPage) return;
    if (reached <= since) {
      throw new HubError({
        code: 'BAD_RESPONSE',
        message: `Jira's feed of ${name} worklogs says there is more, but does not move on from ${instantOf(since)}.`,
        remedy: 'The next run tries again; if it stays, a bulk change of worklogs in that millisecond is in the way.',
      });
    }
    since = reached;
  }
}

function changedAt(payload: Readonly<Record<string, unknown>>): string | null {
  return readInstant(payload['updated'])?.toString() ?? null;
}

interface Scope {
  /** Of the worklogs, those on issues of the configured projects. */
  within(records: readonly RawRecord[]): Promise<readonly RawRecord[]>;
}

/** A worklog names its issue but not its project, so the issues are asked for theirs, each once a run. */
function createScope(api: JiraApi, projects: readonly string[]): Scope {
  const inside = new Map<string, boolean>();
  const issueOf = ({ payload }: RawRecord): string => String((payload as { issueId?: unknown }).issueId);
  const learn = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids) inside.set(id, false);
    const { issues } = await api.issues(ids, ['project']);
    for (const { id, fields } of issues) {
      const key = z.looseObject({ project: z.looseObject({ key: z.string() }) }).safeParse(fields).data?.project.key;
      inside.set(id, key !== undefined && projects.includes(key));
    }
  };
  return {
    async within(records) {
      if (projects.length === 0) return records;
      const unknown = [...new Set(records.map(issueOf))].filter((id) => /^\d+$/.test(id) && !inside.has(id));
      for (let first = 0; first < unknown.length; first += 100) await learn(unknown.slice(first, first + 100));
      // What names no issue at all is malformed: quarantine shows it, silence would not.
      return records.filter((record) => inside.get(issueOf(record)) ?? true);
    },
  };
}

/**
 * Those that the account can read now. The feed of changes lists every worklog there is but those of the last minute, also
 * one that was restricted since, or whose issue is hidden, gone or in another project.
 */
async function* worklogIds(context: JiraContext): AsyncIterable<readonly Listed[]> {
  const api = await jiraApi(context);
  const scope = createScope(api, context.config.projects);
  for await (const changes of feed(api, 'updated', 0)) {
    const found = await readWorklogs(api, changes);
    const kept = await scope.within(
      found.map((payload) => ({ id: payload.id, changedAt: changedAt(payload), payload })),
    );
    yield kept.map(({ id, changedAt: at }) => ({ id, changedAt: at }));
  }
}

async function confirmWorklogs(context: JiraContext, ids: readonly string[]): Promise<Presence[]> {
  const api = await jiraApi(context);
  const scope = createScope(api, context.config.projects);
  const present = new Set<string>();
  for (let first = 0; first < ids.length; first += 1_000) {
    const found = await api.worklogs(ids.slice(first, first + 1_000).map(Number));
    const kept = await scope.within(found.map((payload) => ({ id: payload.id, changedAt: null, payload })));
    for (const { id } of kept) present.add(id);
  }
  return ids.map((id) => ({ id, state: present.has(id) ? 'PRESENT' : 'ABSENT' }));
}

/** By their ids they are there at once; the feed of changes tells nothing of the last minute. */
async function lookAtWorklogs(context: JiraContext, ids: readonly string[]): Promise<Sight> {
  const api = await jiraApi(context);
  const found = await api.worklogs(ids.map(Number));
  const records = found.map((payload) => ({ id: payload.id, changedAt: changedAt(payload), payload }));
  return { records: await createScope(api, context.config.projects).within(records) };
}

export const worklogsStream = defineStream<JiraConfig, JiraSecrets, WorklogRaw, WorklogsCursor>({
  name: 'worklogs',
  description: 'Time logged on issues.',
  kinds: ['timeEntry'],
  raw: worklogRawSchema,
  cursor: worklogsCursor,
  worth,
  // Those of other projects are left out when they are read, and no feed would bring them later.
  fetches: ({ projects }) => [projects],
  poll: pollWorklogs,
  census: worklogIds,
  confirm: confirmWorklogs,
  look: lookAtWorklogs,
  map: mapWorklog,
});
