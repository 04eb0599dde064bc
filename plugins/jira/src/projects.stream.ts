import { defineStream, field, record, view, type Key, type RawRecord, type UnifiedRecord } from '@plumbline/connector';
import { z } from 'zod';
import { repeating } from './answers.ts';
import { boardSchema, readBoards } from './boards.ts';
import { boardFields, shownBoards } from './boards.view.ts';
import type { JiraConfig, JiraSecrets } from './config.ts';
import { fullList, fullListCursor, fullListWorth } from './full-list.ts';
import { jiraApi, type Entry, type JiraApi } from './jira-api.ts';
import type { JiraContext } from './jira-client.ts';
import { accountKey, projectKey } from './jira-keys.ts';

const projectRawSchema = z.looseObject({
  id: z.string().min(1),
  key: z.string().min(1),
  name: z.string(),
  description: z.string().nullish(),
  lead: z.looseObject({ accountId: z.string().min(1) }).nullish(),
  properties: z.record(z.string(), z.unknown()).optional(),
  /** Put in from another list; null where the account does not see boards, absent where they are not read. */
  boards: z.array(boardSchema).nullish(),
});
export type ProjectRaw = z.output<typeof projectRawSchema>;

function mapProject(raw: ProjectRaw, config: JiraConfig): UnifiedRecord[] {
  return [
    record({
      kind: 'project',
      id: raw.id,
      keys: [projectKey(raw.id), `jira-project-key:${raw.key}`],
      fields: {
        name: raw.name,
        code: raw.key,
        url: `${config.site}/browse/${raw.key}`,
        manager: raw.lead ? accountKey(raw.lead.accountId) : null,
        ...(config.opportunities ? { opportunities: opportunitiesOf(raw, config.opportunities) } : {}),
      },
    }),
  ];
}

/** What the project was sold as: by an entity property or by its description, each named once. */
function opportunitiesOf(raw: ProjectRaw, source: NonNullable<JiraConfig['opportunities']>): Key[] {
  const ids =
    source.from === 'description'
      ? [...(raw.description ?? '').matchAll(new RegExp(source.pattern, 'g'))].map((match) => match[1] ?? '')
      : idsAt(raw.properties?.[source.property], source.path, `properties.${source.property}`);
  return [...new Set(ids.filter((id) => id !== ''))].map((id): Key => `${source.scheme}:${id}`);
}

function idsAt(value: unknown, path: readonly string[], where: string): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => idsAt(each, path, where));
  const [member, ...rest] = path;
  if (member === undefined) {
    if (typeof value === 'string' || typeof value === 'number') return [String(value).trim()];
    throw new TypeError(`${where}: wants the id of an opportunity, got ${JSON.stringify(value).slice(0, 60)}`);
  }
  if (typeof value !== 'object') {
    throw new TypeError(`${where}: has no member "${member}", it is ${JSON.stringify(value).slice(0, 60)}`);
  }
  return idsAt((value as Record<string, unknown>)[member], rest, `${where}.${member}`);
}

/** Jira takes at most 50 keys at a time. */
const KEYS_AT_ONCE = 50;

/** The configured projects, or all of them, with what names their opportunities. */
export async function* listProjects(api: JiraApi, config: JiraConfig): AsyncIterable<readonly Entry[]> {
  const properties = config.opportunities?.from === 'property' ? [config.opportunities.property] : [];
  for (let first = 0; first === 0 || first < config.projects.length; first += KEYS_AT_ONCE) {
    const keys = config.projects.slice(first, first + KEYS_AT_ONCE);
    let firstBefore: string | undefined;
    for (let startAt = 0; ;) {
      const { values, isLast, total } = await api.projects({ startAt, keys, properties });
      if (startAt > 0 && values[0] !== undefined && values[0].id === firstBefore) throw repeating('project/search');
      firstBefore = values[0]?.id;
      yield values;
      startAt += values.length;
      if (isLast === true || values.length === 0 || (isLast === undefined && startAt >= (total ?? 0))) break;
    }
  }
}

async function* readProjects(context: JiraContext): AsyncIterable<readonly RawRecord[]> {
  const boards = context.config.boards ? await readBoards(context) : undefined;
  for await (const projects of listProjects(await jiraApi(context), context.config)) {
    yield projects.map((project) => {
      const own = boards && (boards.get(project.id) ?? []);
      return { id: project.id, changedAt: null, payload: own === undefined ? project : { ...project, boards: own } };
    });
  }
}

/** Without their boards, which nobody looks at when only ids are asked for. */
async function* readProjectIds(context: JiraContext): AsyncIterable<readonly string[]> {
  for await (const projects of listProjects(await jiraApi(context), context.config)) {
    yield projects.map(({ id }) => id);
  }
}

const named = z.looseObject({ name: z.string() });

const projectView = view({
  on: 'project',
  description: 'A Jira project, as Jira shows it.',
  fields: {
    id: field.text('Jira’s id; stays when the key changes.'),
    key: field.text('The key its issues begin with.'),
    url: field.text('Where people open it.'),
    type: field.text('What Jira made it for, such as "software".'),
    category: field.text('Name of the category the site put it in; null for none.'),
    ...boardFields,
  },
  read: (raw: ProjectRaw, { site }: JiraConfig) => ({
    id: raw.id,
    key: raw.key,
    url: `${site}/browse/${raw.key}`,
    type: z.string().safeParse(raw['projectTypeKey']).data ?? null,
    category: named.safeParse(raw['projectCategory']).data?.name ?? null,
    ...shownBoards(raw, site),
  }),
});

export const projectsStream = defineStream<JiraConfig, JiraSecrets, ProjectRaw, z.output<typeof fullListCursor>>({
  name: 'projects',
  description: 'Projects, with what names the opportunity each was sold as.',
  kinds: ['project'],
  raw: projectRawSchema,
  cursor: fullListCursor,
  worth: fullListWorth,
  // Jira tells no change of a project: all are listed, 50 a request.
  everyMinutes: 15,
  // A project that goes from the list takes all of its issues with it: more likely the account lost sight of it.
  ...fullList(readProjects, { ids: readProjectIds, absent: 'INVISIBLE' }),
  map: mapProject,
  views: [projectView],
});
