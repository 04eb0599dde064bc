import { manualClock, type Logger, type ManualClock } from '@plumbline/connector';
import { createApi } from '../src/api.ts';
import { openHub, type Hub } from '../src/hub.ts';
import type { TestDatabase } from './database.ts';
import { memoryConnector, rawRecord, type Script } from './memory-connector.ts';
import { acceptBaseline } from './office.ts';
import { reviewedScript } from './reviewed.ts';

/** Somebody whom two sources know, and whom others mention. */
export const kanaria = {
  name: 'Kanaria Vogel',
  email: 'kanaria@vogel.example',
  account: '5b10ac8d82e05b22cc7d4ef5',
};
const { name, email, account } = kanaria;

/** An issue-like payload: what a vendor says of its people stands beside what is mapped. */
function mentioning(record: ReturnType<typeof rawRecord>): ReturnType<typeof rawRecord> {
  const reporter = {
    accountId: account,
    displayName: name,
    emailAddress: email,
    self: `https://x.example/user?accountId=${account}`,
  };
  return { ...record, payload: { ...(record.payload as object), reporter } };
}

function scripts(): { tracker: Script; crm: Script } {
  const office = JSON.parse(JSON.stringify(reviewedScript()).replaceAll('ada@x.com', email)) as Script;
  const people = office['people']?.pages[0]?.records as ReturnType<typeof rawRecord>[];
  people[0] = {
    ...rawRecord(email, [`email:${email}`, `jira-account:${account}`], {
      name,
      email,
      role: 'Consultant',
      zone: 'Europe/Berlin',
    }),
    payload: {
      keys: [`email:${email}`, `jira-account:${account}`],
      fields: { name, email, role: 'Consultant', zone: 'Europe/Berlin' },
      customFields: { nickname: 'kanaria' },
    },
  };
  office['items']?.pages.push({
    records: [
      mentioning(
        rawRecord('9', ['item:9'], {
          title: `Ask ${name} for the export`,
          description: `As ${email} wrote; KANARIA VOGEL agreed.`,
          project: 'project:1',
          assignee: `jira-account:${account}`,
        }),
      ),
    ],
  });
  const quota = {
    records: [rawRecord('77', [`email:${email}`, 'crm-owner:77'], { name, email, team: 'North', status: 'ACTIVE' })],
  };
  return {
    tracker: office,
    crm: {
      owners: { kind: 'person', pages: [quota] },
      deals: {
        kind: 'opportunity',
        pages: [
          {
            records: [
              rawRecord('5', ['deal:crm5'], { name: `Renewal, ${name}`, state: 'SCOPING', owner: 'crm-owner:77' }),
            ],
          },
        ],
      },
    },
  };
}

export interface ErasableOffice {
  hub: Hub;
  clock: ManualClock;
  /** What the sources say; changing it changes the vendors. */
  tracker: Script;
  crm: Script;
  /** Every line that was logged. */
  logged: readonly string[];
  ask<Data>(query: string): Promise<Data>;
  /** Over HTTP, by the name of an API key. */
  asKey<Data>(actor: string, query: string): Promise<Data>;
}

/** An office with deals and hours whose consultant is called Kanaria Vogel, synced. */
export async function openErasableOffice(database: TestDatabase): Promise<ErasableOffice> {
  const logged: string[] = [];
  const log = (details: object, message: string): void => void logged.push(JSON.stringify([details, message]));
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  const clock = manualClock('2026-03-02T08:00:00Z');
  const { tracker, crm } = scripts();
  const hub = await openHub({
    database: database.target,
    logger,
    clock,
    erasure: { by: ['privacy'] },
    sources: [
      { id: 'tracker', connector: memoryConnector('jira', tracker), config: {}, secrets: {} },
      { id: 'crm', connector: memoryConnector('hubspot', crm), config: {}, secrets: {} },
    ],
  });
  await hub.sync();
  const ask = async <Data>(query: string): Promise<Data> => {
    const { data, errors } = await createApi(hub).query(query);
    if (errors?.[0]) throw errors[0];
    return JSON.parse(JSON.stringify(data)) as Data;
  };
  const asKey = async <Data>(actor: string, query: string): Promise<Data> => {
    const headers = { 'content-type': 'application/json' };
    const request = new Request('http://127.0.0.1/graphql', {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await (await createApi(hub).fetch(request, actor)).json()) as {
      data: Data;
      errors?: { message: string }[];
    };
    if (errors?.[0]) throw new Error(errors[0].message);
    return data;
  };
  const { projects } = await ask<{ projects: { nodes: { id: string }[] } }>('{ projects { nodes { id } } }');
  await acceptBaseline(ask as never, projects.nodes[0]?.id ?? '');
  return { hub, clock, tracker, crm, logged, ask, asKey };
}
