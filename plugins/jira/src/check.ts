import { explain, HubError, nearest, type Check } from '@plumbline/connector';
import { countBoards } from './boards.ts';
import {
  configuredFields,
  configuredIssueTypes,
  configuredLinkWords,
  configuredProjects,
  configuredQueries,
  configuredStatuses,
  type ConfiguredName,
} from './configured-names.ts';
import { jiraApi, type JiraApi } from './jira-api.ts';
import type { JiraContext } from './jira-client.ts';
import { listProjects } from './projects.stream.ts';

/** Names shown of what exists instead; a site can have a thousand fields. */
const MOST_SHOWN = 15;

/** Compares the configuration with the live site; without credentials that work nothing else is asked. */
export async function checkSite(context: JiraContext): Promise<Check[]> {
  const { config } = context;
  let api: JiraApi;
  let credentials: Check;
  try {
    api = await jiraApi(context);
    const { displayName, accountId, timeZone } = await api.myself();
    const zone = timeZone ?? 'hidden, so that every poll looks back for a day';
    const message = `${config.site}: reads as ${displayName} (${accountId}), whose time zone is ${zone}.`;
    credentials = passed('credentials', message);
  } catch (error) {
    return [notOpened(context, error)];
  }
  const named = (all: readonly { id: string; name: string }[]): Known[] =>
    all.map(({ id, name }) => ({ spellings: [id, name.toLowerCase()], shown: `${id} (${name})`, like: name }));
  const words = (all: readonly string[]): Known[] =>
    all.map((word) => ({ spellings: [word, word.toLowerCase()], shown: `"${word}"`, like: word }));
  const parts = await Promise.all([
    compare('project', configuredProjects(config), async () => words(await visibleProjects(context, api))),
    compare('field', configuredFields(config), async () => named(await api.fields())),
    compare('issue type', configuredIssueTypes(config), async () => named(await api.issueTypes())),
    compare('status', configuredStatuses(config), async () => named(await api.statuses())),
    compare('link', configuredLinkWords(config), async () => words(await api.linkWords())),
    ...configuredQueries(config).map((query) => tryQuery(api, query)),
    config.boards ? lookForBoards(context) : [],
  ]);
  return [credentials, ...parts.flat()];
}

/** Of an app's tokens the error itself knows best what to do. */
function notOpened({ secrets }: JiraContext, error: unknown): Check {
  const subject = 'credentials';
  if (secrets.apiToken !== undefined || !(error instanceof HubError)) {
    return failed(subject, error, 'Check `site`, `email` and the API token.');
  }
  return { subject, ok: false, message: `${subject}: ${error.message}`, remedy: error.remedy };
}

interface Known {
  /** What a configuration may write for it; names in lower case. */
  spellings: readonly string[];
  shown: string;
  /** What a mistyped name is compared with. */
  like: string;
}

async function compare(
  what: string,
  configured: readonly ConfiguredName[],
  read: () => Promise<Known[]>,
): Promise<Check[]> {
  if (configured.length === 0) return [];
  let known: Known[];
  try {
    known = await read();
  } catch (error) {
    return [failed(configured[0]?.path ?? what, error, 'Grant the account what plugins/jira/README.md lists.')];
  }
  return configured.map(({ path, name }) => {
    const exists = known.some(({ spellings }) => spellings.includes(name) || spellings.includes(name.toLowerCase()));
    if (exists) return passed(path, `${path}: there is a ${what} "${name}".`);
    const shown = new Map(known.map((each) => [each.shown, each.like]));
    const byLikeness = nearest(name, [...new Set(shown.values())], MOST_SHOWN);
    const listed = byLikeness
      .flatMap((like) => [...shown].flatMap(([text, each]) => (each === like ? [text] : [])))
      .slice(0, MOST_SHOWN);
    const there = listed.length === 0 ? 'there is none at all' : `there are ${listed.join(', ')}`;
    return {
      subject: path,
      ok: false,
      message: `${path}: the site has no ${what} "${name}" that this account can see; ${there}.`,
      remedy: `Correct ${path} in the configuration of this source, or let the account see it.`,
    };
  });
}

/** All that are visible, whatever the configuration selects: the message lists what could have been meant. */
async function visibleProjects(context: JiraContext, api: JiraApi): Promise<string[]> {
  const keys: string[] = [];
  for await (const projects of listProjects(api, { ...context.config, projects: [] })) {
    for (const { key } of projects) if (typeof key === 'string') keys.push(key);
  }
  return keys;
}

/** No failure where there are none: everything else is read without them. */
async function lookForBoards(context: JiraContext): Promise<Check[]> {
  try {
    const count = await countBoards(context);
    if (count !== null) return [passed('boards', `boards: ${count} boards of Jira Software are visible.`)];
    const why = 'the account has no licence for Jira Software, or the token lacks the scopes for boards';
    return [passed('boards', `boards: none can be seen, since ${why}. Projects show no boards and sprints then.`)];
  } catch (error) {
    return [failed('boards', error, 'Set `boards` to false to read the site without them.')];
  }
}

async function tryQuery(api: JiraApi, { path, name }: ConfiguredName): Promise<Check[]> {
  try {
    const count = await api.count(name);
    return [passed(path, `${path}: Jira reads it; it matches about ${count} issues.`)];
  } catch (error) {
    return [failed(path, error, `Correct ${path}: a JQL condition, restricted to something, without ORDER BY.`)];
  }
}

function passed(subject: string, message: string): Check {
  return { subject, ok: true, message, remedy: '' };
}

function failed(subject: string, error: unknown, remedy: string): Check {
  return { subject, ok: false, message: `${subject}: ${explain(error)}`, remedy };
}
