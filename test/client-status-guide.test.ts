import { changeRequestStates, manualClock, silentLogger } from '@plumbline/connector';
import { createClientApi } from '@plumbline/hub';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type RunningServer } from '../apps/server/src/index.ts';
import { changeStatus, changeWords } from '../packages/hub/src/client-status/client-status.rules.ts';
import { emptyDatabase, type TestDatabase } from '../packages/hub/test/database.ts';
import { rawRecord, streamOf } from '../packages/hub/test/memory-connector.ts';
import { acceptBaseline, officeScript, openOffice, take, toReview } from '../packages/hub/test/office.ts';

const page = readFileSync(new URL('../docs/client-status.md', import.meta.url), 'utf8');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
let server: RunningServer;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const script = officeScript();
  script['milestones'] = streamOf('milestone', [
    rawRecord('1', ['milestone:1'], {
      name: 'Go-live',
      project: 'project:1',
      due: '2026-06-30',
      forecast: '2026-07-14',
    }),
  ]);
  script['deals'] = streamOf('opportunity', [
    rawRecord('1', ['deal:1'], {
      name: 'Second site',
      state: 'PROPOSED',
      client: 'client:acme',
      amount: { amount: '48000', currency: 'EUR' },
    }),
  ]);
  const clock = manualClock('2026-03-06T10:00:00Z');
  office = await openOffice({
    database,
    clock,
    script,
    clientStatus: { firm: firmOfThePage() },
    proposals: { review: 'ADVISED' },
  });
  await acceptBaseline(office.ask, office.idOf('Rollout'));
  const id = await toReview(office.ask, office.idOf('Rollout'), { title: 'Export to CSV' });
  await take(office.ask, 'quoteChangeRequest', `id: "${id}", approver: "${office.idOf('Grace')}"`);
  const offer = await take(office.ask, 'createProposal', `opportunity: "${office.idOf('Second site')}"`);
  await take(office.ask, 'submitProposal', `id: "${offer}"`);
  server = await startServer({
    api: { fetch: async () => new Response() },
    clientStatus: createClientApi(office.hub, { firm: firmOfThePage(), acceptanceKeptIn: [] }),
    port: 0,
    host: '127.0.0.1',
    apiKeys: [],
    logger: silentLogger,
  });
});

afterAll(async () => {
  await server.close();
  await office.hub.close();
  await database.drop();
});

/** The setting that the page shows. */
function firmOfThePage(): string {
  return /```ts\nclientStatus: \{ firm: '([^']+)' \},\n```/.exec(page)?.[1] ?? '';
}

const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);

/** Sends what a line with curl would send. */
async function curl(line: string, values: Readonly<Record<string, string>>): Promise<Response> {
  const filled = line.replaceAll(/\$([A-Z]+)/g, (_, name: string) => values[name] ?? '');
  const [, address = ''] = /^curl "([^"]+)"/.exec(filled) ?? [];
  const headers = [...filled.matchAll(/-H ["']([^:]+): ([^"']+)["']/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  const [, body = ''] = /-d '([^']*)'/.exec(filled) ?? [];
  return fetch(address, { method: 'POST', headers: Object.fromEntries(headers) as Record<string, string>, body });
}

test('the page’s commands do what it says, in their order', async () => {
  const { clients } = await office.ask<{ clients: { nodes: { id: string }[] } }>('{ clients { nodes { id } } }');
  const client = clients.nodes[0]?.id;
  const [create = '', revoke = '', list = ''] = blocks('graphql');
  const [command = ''] = blocks('sh');
  const { createClientToken } = await office.ask<{
    createClientToken: { data: { token: string; details: { id: string } } };
  }>(create, { client });
  const { token, details } = createClientToken.data;
  const answer = await curl(command, { HUB: server.url, TOKEN: token });
  expect(await answer.json()).toEqual(JSON.parse(blocks('json')[0] ?? ''));
  expect(await office.ask(revoke, { token: details.id })).toEqual({
    revokeClientToken: {
      data: { name: 'Steering committee', lastUsedOn: '2026-03-06', revokedAt: '2026-03-06T10:00:00Z' },
    },
  });
  expect((await curl(command, { HUB: server.url, TOKEN: token })).status).toBe(401);
  const { node } = await office.ask<{ node: { tokens: { name: string }[] } }>(list, { client });
  expect(node.tokens.map(({ name }) => name)).toEqual(['Steering committee']);
});

test('the words of the page are those a client reads', () => {
  const rows = [...page.matchAll(/^\| ([A-Z_, ]+) \| ([^|]+) \|$/gm)].map(([, states = '', words = '']) => [
    states,
    words,
  ]);
  const told = (state: (typeof changeRequestStates)[number]) =>
    changeWords[
      changeStatus(
        {
          id: 'c',
          title: null,
          state,
          quote: { on: '2026-03-06', price: null },
          decision: ['QUOTED'].includes(state) ? null : { accepted: state !== 'REJECTED', on: '2026-03-07' },
          absorbed: true,
        },
        30,
      ).state
    ];
  const shown = Object.fromEntries(
    rows.flatMap(([states = '', words]) => states.split(', ').map((state) => [state, words])),
  );
  expect(shown).toEqual(Object.fromEntries(changeRequestStates.map((state) => [state, told(state)])));
});
