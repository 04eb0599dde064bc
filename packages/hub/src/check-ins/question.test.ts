import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord, recordWith } from '../../test/memory-connector.ts';
import { officeScript, openOffice, take } from '../../test/office.ts';
import { readQuestions } from './question.store.ts';

const clock = manualClock('2026-03-06T10:00:00Z');
const eur = (amount: string) => ({ amount, currency: 'EUR' });
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
let script: ReturnType<typeof officeScript>;

/** A deal as a CRM remembers it. */
function remembered(
  id: string,
  fields: Record<string, unknown>,
  history: { field: string; at: string; value: unknown }[],
) {
  const record = rawRecord(id, [`deal:${id}`], fields);
  return recordWith(record, { history });
}

// A deal that slips, one in order and one that is won; a project with a late milestone and hours that nobody ordered.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  script = officeScript();
  const at = (field: string, day: string, value: unknown) => ({ field, at: `${day}T10:00:00Z`, value });
  script['people']?.pages.push({
    records: [rawRecord('eve', ['email:eve@x.com'], { name: 'Eve', email: 'eve@x.com', status: 'LEFT' })],
  });
  script['deals'] = {
    kind: 'opportunity',
    pages: [
      {
        records: [
          remembered(
            'slips',
            {
              name: 'Portal',
              state: 'PROPOSED',
              client: 'client:acme',
              owner: 'email:ada@x.com',
              amount: eur('80000'),
              probability: '0.5',
              closeDate: '2026-03-31',
              nextStep: 'Send the contract',
              nextStepDate: '2026-03-01',
              lastActivityAt: '2026-02-01T10:00:00Z',
              createdAt: '2025-11-01T10:00:00Z',
            },
            [
              at('closeDate', '2025-11-01', '2025-12-31'),
              at('closeDate', '2025-12-20', '2026-02-28'),
              at('closeDate', '2026-02-20', '2026-03-31'),
              at('amount', '2025-11-01', eur('100000')),
              at('amount', '2026-02-20', eur('80000')),
            ],
          ),
          rawRecord('fine', ['deal:fine'], {
            name: 'Archive',
            state: 'SCOPING',
            owner: 'email:eve@x.com',
            closeDate: '2026-06-30',
            nextStep: 'Workshop',
            nextStepDate: '2026-03-20',
            lastActivityAt: '2026-03-05T10:00:00Z',
            createdAt: '2026-03-01T10:00:00Z',
          }),
          rawRecord('won', ['deal:won'], { name: 'Won', state: 'WON', closeDate: '2025-01-31' }),
        ],
      },
    ],
  };
  script['milestones'] = {
    kind: 'milestone',
    pages: [
      {
        records: [
          rawRecord('m1', ['milestone:1'], {
            name: 'Go-live',
            project: 'project:1',
            due: '2026-05-01',
            forecast: '2026-05-13',
          }),
          rawRecord('m2', ['milestone:2'], {
            name: 'Done',
            project: 'project:1',
            due: '2026-02-01',
            forecast: '2026-02-09',
            achievedOn: '2026-02-09',
          }),
        ],
      },
    ],
  };
  script['offers'] = { kind: 'proposal', pages: [{ records: [] }] };
  script['times'] = {
    kind: 'timeEntry',
    pages: [
      {
        records: [
          rawRecord('t', ['time:1'], {
            project: 'project:1',
            person: 'email:ada@x.com',
            localDate: '2026-03-02',
            seconds: 36_000,
          }),
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

interface Shown {
  rule: string;
  text: string;
  rows: { __typename: string; name?: string; title?: string }[];
}

async function questions(name: string, type: string, args = ''): Promise<string[]> {
  const { node } = await office.ask<{ node: { questions: Shown[] } }>(
    `query ($id: ID!) { node(id: $id) { ... on ${type} { questions${args} { rule text rows { __typename ... on Opportunity { name } ... on Project { name } ... on Milestone { name } ... on Obstacle { title } ... on CloseNeed { title } } } } } }`,
    { id: office.idOf(name) },
  );
  return node.questions.map(
    ({ rule, text, rows }) => `${rule}: ${text} [${rows.map((row) => row.name ?? row.title).join(', ')}]`,
  );
}

test('what a deal’s history, its next step and its silence give to ask about', async () => {
  expect(await questions('Portal', 'Opportunity')).toEqual([
    'CLOSE_DATE_MOVED: The close date was put off 2 times and the next step “Send the contract” was due on 2026-03-01: what changed? [Portal]',
    'NO_ACTIVITY: No contact with the client is known for 33 days: is it alive? [Portal]',
    'AMOUNT_CHANGED: It is 80000 EUR, and was 100000 EUR 30 days ago: what fell away? [Portal]',
    'NO_VIEW: Nobody has said how they see it: what does the seller think? [Portal]',
  ]);
  expect(await questions('Won', 'Opportunity')).toEqual([]);
});

test('what the figures, the milestones and the people of a project give to ask about', async () => {
  expect(await questions('Rollout', 'Project')).toEqual([
    'UNAPPROVED_WORK: 10 hours were worked that nobody ordered. Which change are they for, and who pays? [Rollout]',
    'MILESTONE_LATE: The milestone “Go-live” is expected 12 days late: does the client know? [Go-live]',
    'NO_VIEW: Nobody has said how they see it: what does its manager think? [Rollout]',
  ]);
});

test('a check-in answers questions, and raises others', async () => {
  const before = clock.now().toString();
  clock.advance(60_000);
  await take(
    office.ask,
    'checkIn',
    `subject: "${office.idOf('Portal')}", perspective: SELLER, text: "Nearly there.", confidence: "0.9", nextStep: { text: "Negotiate", date: "2026-03-10" }, obstacles: [{ title: "Legal", due: "2026-03-05" }], needsToClose: [{ title: "Reference" }]`,
  );
  expect(await questions('Portal', 'Opportunity')).toEqual([
    'CONFIDENCE_GAP: The seller gives it 90 %, the CRM 50 %: which one counts? [Portal]',
    'NO_ACTIVITY: No contact with the client is known for 33 days: is it alive? [Portal]',
    'AMOUNT_CHANGED: It is 80000 EUR, and was 100000 EUR 30 days ago: what fell away? [Portal]',
    'OBSTACLE_OVERDUE: The obstacle “Legal” was to be settled by 2026-03-05: what does it wait for? [Legal]',
    'NEED_WITHOUT_OWNER: “Reference” is needed to close, and nobody sees to it: who does? [Reference]',
  ]);
  expect((await questions('Portal', 'Opportunity', `(asOf: "${before}")`)).map((line) => line.split(':')[0])).toEqual([
    'CLOSE_DATE_MOVED',
    'NO_ACTIVITY',
    'AMOUNT_CHANGED',
    'NO_VIEW',
  ]);
});

test('a view that is not meant for whoever asks gives nothing to ask about', async () => {
  const rules = async (actor: string): Promise<string[]> => {
    const { database: own, ...settings } = office.hub;
    const asked = await readQuestions(own.rows, {
      opportunityIds: [uuidOf('Archive')],
      projectIds: [],
      now: clock.now().toString(),
      reader: { actor, isLeadership: false },
      settings,
    });
    return asked.map(({ rule }) => rule);
  };
  await take(
    office.ask,
    'checkIn',
    `subject: "${office.idOf('Archive')}", perspective: SELLER, text: "Between us.", audience: PRIVATE`,
  );
  expect(await rules('test-key')).toEqual(['NO_OWNER']);
  expect(await rules('key b')).toEqual(['NO_OWNER', 'NO_VIEW']);
});

test('a review of everything, of one owner, of one client, or of what is named', async () => {
  const about = async (args: string): Promise<string[]> => {
    const { questions: found } = await office.ask<{
      questions: { opportunity: { name: string } | null; project: { name: string } | null }[];
    }>(`{ questions${args} { opportunity { name } project { name } } }`);
    return [...new Set(found.map(({ opportunity, project }) => opportunity?.name ?? project?.name ?? ''))].toSorted();
  };
  expect(await about('')).toEqual(['Archive', 'Portal', 'Rollout']);
  expect(await about(`(owner: "${office.idOf('Ada')}")`)).toEqual(['Portal', 'Rollout']);
  expect(await about(`(opportunities: ["${office.idOf('Archive')}", "${office.idOf('Won')}"])`)).toEqual(['Archive']);
  expect(await about('(rules: [MILESTONE_LATE])')).toEqual(['Rollout']);
  expect(await about('(first: 1, rules: [NO_OWNER])')).toEqual(['Archive']);
});

test('what cannot be asked is refused, and the argument is named', async () => {
  const nobody = Buffer.from('Opportunity:0198a0de-0000-7000-8000-000000000000').toString('base64url');
  await expect(office.ask('{ questions(first: 501) { text } }')).rejects.toThrow('"argument":"first"');
  await expect(office.ask(`{ questions(opportunities: ["${nobody}"]) { text } }`)).rejects.toThrow(
    'There is no such opportunity.',
  );
  await expect(office.ask(`{ questions(owner: "${office.idOf('Portal')}") { text } }`)).rejects.toThrow(
    '"argument":"owner"',
  );
  await expect(
    office.ask(`{ questions(opportunities: ["${office.idOf('Archive')}"], owner: "${office.idOf('Ada')}") { text } }`),
  ).rejects.toThrow('"argument":"owner"');
  await expect(office.ask('{ viewsDue(days: -1) { days } }')).rejects.toThrow('"argument":"days"');
  await expect(office.ask('{ questions(first: 1) { rows(first: 101) { id } } }')).rejects.toThrow('"argument":"first"');
});

test('an offer that is missing is asked about once the firm keeps its offers here, and not of the time before', async () => {
  const asked = async (args = ''): Promise<string[]> => {
    const { questions: found } = await office.ask<{ questions: { text: string; opportunity: { name: string } }[] }>(
      `{ questions(rules: [NOT_REVIEWED]${args}) { text opportunity { name } } }`,
    );
    return found.map(({ text, opportunity }) => `${opportunity.name}: ${text}`).toSorted();
  };
  const offer = (name: string, stageEnteredAt: string) =>
    rawRecord(name, [`deal:${name}`], { name, state: 'NEGOTIATING', stageEnteredAt });
  expect(await asked()).toEqual([]);
  clock.advance(3_600_000);
  await take(office.ask, 'createProposal', `opportunity: "${office.idOf('Archive')}"`);
  const drafted = clock.now();
  script['deals']?.pages.push({
    records: [
      offer('Before', drafted.subtract({ minutes: 1 }).toString()),
      offer('Since', drafted.add({ minutes: 1 }).toString()),
    ],
  });
  clock.advance(3_600_000);
  await office.hub.sync();
  const missing = 'The client has an offer that is not kept here: who has looked at it?';
  expect(await asked()).toEqual([`Since: ${missing}`]);

  // A register of offers is older than the hub that reads it.
  const before = clock.now().toString();
  clock.advance(3_600_000);
  script['offers']?.pages.push({ records: [rawRecord('1', ['offer:1'], { name: 'Offer', opportunity: 'deal:fine' })] });
  await office.hub.sync();
  expect(await asked()).toEqual(['Before', 'Portal', 'Since'].map((name) => `${name}: ${missing}`));
  expect(await asked(`, asOf: "${before}"`)).toEqual([`Since: ${missing}`]);
});

test('who was deleted owns nothing any more', async () => {
  script['people']?.pages.push({ records: [], deletes: [{ id: 'ada', at: null }] });
  await office.hub.sync();
  const owners = async (name: string, type: string) =>
    (await questions(name, type)).filter((line) => line.startsWith('NO_OWNER'));
  expect(await owners('Portal', 'Opportunity')).toEqual(['NO_OWNER: Its seller has left: who sells it now? [Portal]']);
  expect(await owners('Rollout', 'Project')).toEqual(['NO_OWNER: Its manager has left: who leads it now? [Rollout]']);
});

test('many deals and projects take as many statements as one of each', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `More ${index}`);
  script['deals']?.pages.push({
    records: names.map((name) =>
      rawRecord(name, [`deal:${name}`], { name, state: 'PROPOSED', closeDate: '2026-01-01' }),
    ),
  });
  script['projects']?.pages.push({
    records: names.map((name) => rawRecord(name, [`project:${name}`], { name: `${name} too`, status: 'ACTIVE' })),
  });
  await office.hub.sync();
  const { opportunities, projects } = await office.ask<Record<string, { nodes: { id: string }[] }>>(
    '{ opportunities(first: 100) { nodes { id } } projects(first: 100) { nodes { id } } }',
  );
  const uuids = (found: { nodes: { id: string }[] } | undefined) => found?.nodes.map(({ id }) => uuidIn(id)) ?? [];
  const count = async (opportunityIds: string[], projectIds: string[]) => {
    let statements = 0;
    const counting = office.hub.database.rows.withPlugin({
      transformQuery({ node }) {
        statements += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    const reader = { actor: 'test-key', isLeadership: false };
    const now = clock.now().toString();
    const found = await readQuestions(counting, { opportunityIds, projectIds, now, reader, settings: office.hub });
    return { statements, subjects: new Set(found.map(({ subject }) => subject.id)).size };
  };
  expect(await count([uuidOf('Portal')], [uuidOf('Rollout')])).toEqual({ statements: 21, subjects: 2 });
  expect(await count(uuids(opportunities), uuids(projects))).toEqual({ statements: 21, subjects: 85 });
});

/** The row's own id. */
function uuidIn(globalId: string): string {
  return Buffer.from(globalId, 'base64url').toString().split(':')[1] ?? '';
}

function uuidOf(name: string): string {
  return uuidIn(office.idOf(name));
}
