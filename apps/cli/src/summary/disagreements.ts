import type { Api } from '@plumbline/hub';
import { ask, every, type Connection } from './ask.ts';

/** What the systems tell differently, or leave open; names are the first few. */
export interface Disagreement {
  id:
    | 'wonWithoutProject'
    | 'activeWithoutWonDeal'
    | 'openPastClose'
    | 'fieldConflicts'
    | 'suggestedLinks'
    | 'quarantined';
  /** The finding, for people. */
  title: string;
  count: number;
  examples: readonly string[];
}

type Ask = Pick<Api, 'query'>;
const openStates = ['QUALIFYING', 'SCOPING', 'PROPOSED', 'NEGOTIATING'] as const;
const fewest = 3;

/** Everything that can be seen without a rule: each is one question to the API. `today` is the calendar day that counts. */
export async function findDisagreements(api: Ask, today: string): Promise<Disagreement[]> {
  const found: Disagreement[] = [];
  for (const look of [
    wonWithoutProject,
    activeWithoutWonDeal,
    openPastClose,
    fieldConflicts,
    suggestedLinks,
    quarantined,
  ])
    found.push(await look(api, today));
  return found;
}

async function wonWithoutProject(api: Ask): Promise<Disagreement> {
  const names: string[] = [];
  const won = every<{ name: string | null; projects: { totalCount: number } }>(
    api,
    `query ($after: String) {
      list: opportunities(first: 50, after: $after, filter: { state: { eq: WON } }) {
        pageInfo { hasNextPage endCursor } edges { node { name projects(first: 1) { totalCount } } }
      }
    }`,
  );
  for await (const { name, projects } of won) if (projects.totalCount === 0) names.push(name ?? 'without a name');
  return disagreement('wonWithoutProject', 'won deals that no project delivers', names);
}

interface ActiveProject {
  code: string | null;
  name: string | null;
  opportunities: Connection<{ state: string | null }>;
}

async function activeWithoutWonDeal(api: Ask): Promise<Disagreement> {
  const names: string[] = [];
  const active = every<ActiveProject>(
    api,
    `query ($after: String) {
      list: projects(first: 25, after: $after, filter: { status: { eq: ACTIVE } }) {
        pageInfo { hasNextPage endCursor }
        edges { node { code name opportunities(first: 20) { pageInfo { hasNextPage endCursor } edges { node { state } } } } }
      }
    }`,
  );
  for await (const { code, name, opportunities } of active) {
    const states = opportunities.edges.map(({ node }) => node.state);
    if (states.length === 0 || states.includes('WON')) continue;
    names.push(`${code ?? name ?? 'without a name'} (${[...new Set(states)].join(', ').toLowerCase()})`);
  }
  return disagreement('activeWithoutWonDeal', 'projects at work although their deal is lost or still open', names);
}

async function openPastClose(api: Ask, today: string): Promise<Disagreement> {
  const { list } = await ask<{ list: Required<Connection<{ name: string | null; closeDate: string }>> }>(
    api,
    `query ($today: LocalDate!, $open: [OpportunityState!]) {
      list: opportunities(first: ${fewest}, filter: { state: { in: $open }, closeDate: { lt: $today } }) {
        totalCount pageInfo { hasNextPage endCursor } edges { node { name closeDate } }
      }
    }`,
    { today, open: openStates },
  );
  const examples = list.edges.map(({ node }) => `${node.name ?? 'without a name'} (${node.closeDate})`);
  return { id: 'openPastClose', title: 'open deals whose close date is past', count: list.totalCount, examples };
}

/** The kinds that several sources tell of, with what people call each of them by. */
const shared = { projects: 'code', clients: 'name', changeRequests: 'key', people: 'name' } as const;

async function fieldConflicts(api: Ask): Promise<Disagreement> {
  const names: string[] = [];
  for (const [list, label] of Object.entries(shared)) {
    const nodes = every<{ label: string | null; provenance: { field: string }[] }>(
      api,
      `query ($after: String) {
        list: ${list}(first: 50, after: $after) {
          pageInfo { hasNextPage endCursor } edges { node { label: ${label} provenance(conflictsOnly: true) { field } } }
        }
      }`,
    );
    for await (const node of nodes)
      names.push(...node.provenance.map(({ field }) => `${node.label ?? list}: ${field}`));
  }
  return disagreement('fieldConflicts', 'fields on which sources disagree', names);
}

async function suggestedLinks(api: Ask): Promise<Disagreement> {
  const { links } = await ask<{
    links: { opportunity: { name: string | null } | null; project: { code: string | null } | null }[];
  }>(api, '{ links: projectLinks(status: SUGGESTED) { opportunity { name } project { code } } }');
  const names = links.map(({ opportunity, project }) => `${project?.code ?? '?'} and ${opportunity?.name ?? '?'}`);
  return disagreement('suggestedLinks', 'likely pairs of deal and project, for a person to confirm', names);
}

async function quarantined(api: Ask): Promise<Disagreement> {
  const { list } = await ask<{
    list: Required<Connection<{ sourceId: string; stream: string; externalId: string; error: string }>>;
  }>(
    api,
    `{ list: quarantine(first: ${fewest}) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { sourceId stream externalId error } }
    } }`,
  );
  const examples = list.edges.map(({ node }) => `${node.sourceId}/${node.stream} ${node.externalId}: ${node.error}`);
  return { id: 'quarantined', title: 'records in quarantine', count: list.totalCount, examples };
}

function disagreement(id: Disagreement['id'], title: string, names: readonly string[]): Disagreement {
  return { id, title, count: names.length, examples: names.slice(0, fewest) };
}
