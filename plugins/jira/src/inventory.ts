import type { InventoryDefinition, Item, JsonValue, NamedItem } from '@plumbline/connector';
import type { JiraConfig, JiraSecrets } from './config.ts';
import {
  configuredFields,
  configuredIssueTypes,
  configuredLinkWords,
  configuredProjects,
  configuredStatuses,
  type ConfiguredName,
} from './configured-names.ts';
import { jiraApi } from './jira-api.ts';
import type { JiraContext } from './jira-client.ts';
import { listProjects } from './projects.stream.ts';

/** What a site has that a configuration can name. */
export const inventory: InventoryDefinition<JiraConfig, JiraSecrets> = {
  lists: {
    project: async (context) => visibleProjects(context),
    field: async (context) =>
      (await (await jiraApi(context)).fields()).map(({ id, name, custom, schema }) => ({
        id,
        name,
        type: schema?.custom ?? schema?.type ?? null,
        custom,
      })),
    'issue type': async (context) => byIdOrName(await (await jiraApi(context)).issueTypes()),
    status: async (context) => byIdOrName(await (await jiraApi(context)).statuses()),
    link: async (context) =>
      (await (await jiraApi(context)).linkWords()).map((word) => ({ id: word, name: word, type: null, custom: false })),
  },
  named: (config) => [
    ...named(config, 'project', configuredProjects(config)).map((each) => ({ ...each, stream: 'projects' })),
    ...named(config, 'field', configuredFields(config)),
    ...named(config, 'issue type', configuredIssueTypes(config)),
    ...named(config, 'status', configuredStatuses(config)),
    ...named(config, 'link', configuredLinkWords(config)),
  ],
  mapped: ({ changeRequests, risks }) => [
    ...mappedStatuses('changeRequests.states', changeRequests.states, 'a change request in it has no state'),
    ...mappedStatuses(
      'risks.statuses',
      risks.statuses,
      'a risk in it is CLOSED when the status counts as done, else OPEN',
    ),
  ],
};

/** All that are visible, whatever the configuration selects. */
export async function visibleProjects(context: JiraContext): Promise<Item[]> {
  const projects: Item[] = [];
  for await (const page of listProjects(await jiraApi(context), { ...context.config, projects: [] })) {
    for (const { key, name } of page) {
      if (typeof key === 'string') projects.push({ id: key, name: String(name), type: null, custom: false });
    }
  }
  return projects;
}

/** Statuses and types of several projects may share a name; a configuration may write either. */
function byIdOrName(entries: readonly { id: string; name: string }[]): Item[] {
  return entries.map(({ id, name }) => ({ id, name, type: null, custom: false, spellings: [name] }));
}

function named(config: JiraConfig, list: string, names: readonly ConfiguredName[]): NamedItem[] {
  return names.map(({ path, name }) => ({ path, list, id: name, stream: 'issues', means: memberAt(config, path) }));
}

/** What the configuration says around a name: `changeRequests.priceDelta` for `changeRequests.priceDelta.field`. */
function memberAt(config: JiraConfig, path: string): JsonValue {
  const [part = '', member = ''] = path.split('.');
  const within: unknown = config[part as keyof JiraConfig];
  if (typeof within !== 'object' || within === null) return null;
  return (within as Record<string, JsonValue>)[member] ?? null;
}

function mappedStatuses(path: string, states: Readonly<Record<string, string>>, otherwise: string) {
  const ids = Object.keys(states);
  return ids.length === 0 ? [] : [{ path, list: 'status', ids, stream: 'issues', otherwise }];
}
