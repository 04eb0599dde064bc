import { createClientApi } from '../src/client-status/client-api.ts';
import { rawRecord, streamOf } from './memory-connector.ts';
import { acceptBaseline, officeScript, openOffice, type OfficeOptions } from './office.ts';

interface Made {
  token: string;
  details: { id: string; name: string; lastUsedOn: string | null; revokedAt: string | null };
}

/** An office with three clients, milestones and projects in every state, and what its clients reach. */
export async function openClientOffice({
  acceptanceKeptIn = [],
  ...options
}: Pick<OfficeOptions, 'database' | 'clock' | 'proposals' | 'register'> & { acceptanceKeptIn?: string[] }) {
  const script = officeScript();
  const add = (stream: string, ...records: ReturnType<typeof rawRecord>[]) => script[stream]?.pages.push({ records });
  add(
    'clients',
    rawRecord('beta', ['client:beta'], { name: 'Beta & Söhne' }),
    rawRecord('old', ['client:old'], { name: 'Acme Old' }),
  );
  const project = (id: string, client: string, name: string, status: string) =>
    rawRecord(id, [`project:${id}`], { name, status, client: `client:${client}` });
  add(
    'projects',
    project('2', 'acme', 'Not sold yet', 'PLANNED'),
    project('3', 'acme', 'Long over', 'CLOSED'),
    project('4', 'beta', '<img src=x onerror=alert(1)>', 'ACTIVE'),
    project('5', 'old', 'Archive', 'ON_HOLD'),
  );
  const milestone = (id: string, fields: Record<string, unknown>) =>
    rawRecord(id, [`milestone:${id}`], {
      project: 'project:1',
      amount: { amount: '44444', currency: 'EUR' },
      ...fields,
    });
  script['milestones'] = streamOf('milestone', [
    milestone('1', { name: 'Design', due: '2026-02-01', achievedOn: '2026-02-03', status: 'ACHIEVED' }),
    milestone('2', { name: 'Go-live', due: '2026-06-30', forecast: '2026-07-14', status: 'AT_RISK' }),
    milestone('3', { name: 'Pilot', due: '2026-05-01' }),
  ]);
  add('changes', rawRecord('9', ['change:9'], { title: 'Approved in Jira', state: 'APPROVED', project: 'project:1' }));
  add('changes', rawRecord('8', ['change:8'], { title: '"Quotes" & <b>', project: 'project:4' }));
  const deal = (id: string, name: string, client: string, state: string) =>
    rawRecord(id, [`deal:${id}`], { name, state, client: `client:${client}` });
  const deals = [deal('1', 'Upsell before they notice', 'acme', 'SCOPING'), deal('2', 'Over', 'acme', 'LOST')];
  script['deals'] = streamOf('opportunity', deals);
  const settings = { firm: 'Kestrel', acceptanceKeptIn };
  const office = await openOffice({ ...options, script, clientStatus: settings });
  await acceptBaseline(office.ask, office.idOf('Rollout'));
  const api = createClientApi(office.hub, settings);

  async function clientId(name: string): Promise<string> {
    const { clients } = await office.ask<{ clients: { nodes: { id: string }[] } }>(
      `query ($name: String) { clients(filter: { name: { eq: $name } }) { nodes { id } } }`,
      { name },
    );
    return clients.nodes[0]?.id ?? '';
  }

  async function create(client: string, args = 'name: "PMO", expiresAt: "2026-12-31T00:00:00Z"') {
    const { createClientToken } = await office.ask<{
      createClientToken: { data?: Made; message?: string; guard?: string; argument?: string };
    }>(`mutation { createClientToken(client: "${client}", ${args}) {
        ... on Error { message } ... on RefusedError { guard } ... on InputError { argument }
        ... on CreateClientTokenSuccess { data { token details { id name lastUsedOn revokedAt } } }
      } }`);
    return createClientToken;
  }

  async function tokenFor(client: string): Promise<Made> {
    const { data, message } = await create(await clientId(client));
    if (!data) throw new Error(message);
    return data;
  }

  async function see(
    token: string,
    query: string,
  ): Promise<{ status: number; data?: never; errors?: { message: string }[] }> {
    const response = await api.fetch(
      new Request('http://127.0.0.1/client/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      }),
      token,
    );
    return { status: response.status, ...((await response.json()) as object) };
  }

  const projectsOf = async (token: string) =>
    (
      (await see(token, '{ status { projects { name } } }')) as { data?: { status: { projects: { name: string }[] } } }
    ).data?.status.projects
      .map(({ name }) => name)
      .toSorted();

  return { ...office, settings, script, api, clientId, create, tokenFor, see, projectsOf };
}
