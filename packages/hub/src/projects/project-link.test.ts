import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { officeScript, openOffice } from '../../test/office.ts';

const clock = manualClock('2026-03-06T10:00:00Z');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
let script: ReturnType<typeof officeScript>;

// Two deals; the first names its project.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  script = officeScript();
  script['deals'] = {
    kind: 'opportunity',
    pages: [
      {
        records: [
          rawRecord('1', ['deal:1'], { name: 'Portal', state: 'WON', projects: ['project:1'] }),
          rawRecord('2', ['deal:2'], { name: 'Archive', state: 'WON' }),
        ],
      },
    ],
  };
  office = await openOffice({ database, clock, script });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

/** A person's word about a deal and the project. Returns the link's status, or why it was refused. */
async function say(mutation: 'confirmLink' | 'rejectLink', deal: string, more = ''): Promise<string | undefined> {
  const success = mutation === 'confirmLink' ? 'ConfirmLinkSuccess' : 'RejectLinkSuccess';
  const answer = await office.ask<Record<string, { message?: string; data?: { status: string } }>>(
    `mutation { ${mutation}(opportunity: "${office.idOf(deal)}" project: "${office.idOf('Rollout')}" ${more}) {
      ... on Error { message } ... on ${success} { data { status } } } }`,
  );
  return answer[mutation]?.data?.status ?? answer[mutation]?.message;
}

interface Told {
  projectLinks: { opportunity: { name: string }; decidedBy: string | null }[];
}
async function linked(asOf?: string): Promise<string[]> {
  const { projectLinks } = await office.ask<Told>(
    `{ projectLinks(status: LINKED${asOf ? ` asOf: "${asOf}"` : ''}) { opportunity { name } decidedBy } }`,
  );
  return projectLinks.map((link) => link.opportunity.name).toSorted();
}

interface Decided {
  node: { decisions: { version: number; action: string; from: string | null; to: string; at: string }[] };
}
async function decisions(deal: string, asOf = '2026-03-31T10:00:00Z') {
  const { node } = await office.ask<Decided>(
    `query ($id: ID!) { node(id: $id) { ... on Opportunity { decisions(asOf: "${asOf}") { version action from to at } } } }`,
    { id: office.idOf(deal) },
  );
  return node.decisions;
}

test('somebody who changes their mind about a link is told with both words, and the past shows the first', async () => {
  clock.set(Temporal.Instant.from('2026-03-10T10:00:00Z'));
  await say('rejectLink', 'Portal');
  await say('confirmLink', 'Archive');
  clock.set(Temporal.Instant.from('2026-03-12T10:00:00Z'));
  await say('confirmLink', 'Portal');
  clock.set(Temporal.Instant.from('2026-03-31T10:00:00Z'));
  expect(await linked()).toEqual(['Archive', 'Portal']);
  expect(await linked('2026-03-11T00:00:00Z')).toEqual(['Archive']);
  expect(await linked('2026-03-09T00:00:00Z')).toEqual(['Portal']);
  expect(await decisions('Portal')).toEqual([
    { version: 1, action: 'REJECT_LINK', from: 'LINKED', to: 'REJECTED', at: '2026-03-10T10:00:00Z' },
    { version: 2, action: 'CONFIRM_LINK', from: 'REJECTED', to: 'LINKED', at: '2026-03-12T10:00:00Z' },
  ]);
  expect(await decisions('Portal', '2026-03-11T00:00:00Z')).toHaveLength(1);
});

test('the same word twice is one decision, with a key or without; a decision on what is no longer so is refused', async () => {
  await say('rejectLink', 'Archive', 'idempotencyKey: "once"');
  await say('confirmLink', 'Archive');
  await say('rejectLink', 'Archive', 'idempotencyKey: "once"');
  await say('confirmLink', 'Archive');
  expect((await decisions('Archive')).map(({ action }) => action)).toEqual([
    'CONFIRM_LINK',
    'REJECT_LINK',
    'CONFIRM_LINK',
  ]);
  expect(await say('rejectLink', 'Archive', 'expectedVersion: 2')).toBe(
    'It has version 3, not 2: somebody decided meanwhile.',
  );
  expect(await linked()).toEqual(['Archive', 'Portal']);
});

test('deals that turn out to be one are linked once', async () => {
  const deal = (id: string, keys: string[], projects: string[]) =>
    rawRecord(id, keys, { name: 'Part', state: 'WON', projects });
  script['deals']?.pages.push({ records: [deal('5', ['deal:5'], [])] });
  await office.hub.sync();
  script['deals']?.pages.push({
    records: [deal('6', ['deal:6'], ['project:1']), deal('7', ['deal:7'], ['project:1'])],
  });
  await office.hub.sync();
  expect(await linked()).toEqual(['Archive', 'Part', 'Part', 'Portal']);
  script['deals']?.pages.push({ records: [deal('5', ['deal:5', 'deal:6', 'deal:7'], [])] });
  await office.hub.sync();
  expect(await linked()).toEqual(['Archive', 'Part', 'Portal']);
});
