import { manualClock } from '@plumbline/connector';
import { getIntrospectionQuery, isScalarType, isSpecifiedScalarType } from 'graphql';
import { sql, type KyselyPlugin } from 'kysely';
import { hash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openClientOffice } from '../../test/client-office.ts';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { evidence, take, toReview } from '../../test/office.ts';
import { createClientApi } from './client-api.ts';
import { buildClientSchema } from './client-status.graphql.ts';

const HOUR = 3_600_000;
// Already the seventh in Berlin, where the project is.
const clock = manualClock('2026-03-06T23:30:00Z');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openClientOffice>>;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  office = await openClientOffice({ database, clock });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

test('a client sees its milestones, what was quoted and decided, what comes next and what waits for it', async () => {
  const { token } = await office.tokenFor('Acme GmbH');
  const quoted = await toReview(office.ask, office.idOf('Rollout'), { title: 'Export' });
  await take(office.ask, 'quoteChangeRequest', `id: "${quoted}", approver: "${office.idOf('Grace')}"`);
  const rejected = await toReview(office.ask, office.idOf('Rollout'), { title: 'Import' });
  await take(office.ask, 'quoteChangeRequest', `id: "${rejected}", approver: "${office.idOf('Grace')}"`);
  await take(office.ask, 'rejectChangeRequest', `id: "${rejected}", ${evidence}`);
  await toReview(office.ask, office.idOf('Rollout'), { title: 'Under review' });
  const { data } = await office.see(
    token,
    `{ status {
      firm client asOf complete freshness { readAt value isLate }
      projects {
        name milestones { name state due forecast achievedOn }
        changeRequests { title words quote { price { amount currency } quotedOn validUntil } decision decidedOn }
        nextSteps { what on } waitingForYou { what price { amount } since validUntil }
      }
    } }`,
  );
  const price = { amount: '12000', currency: 'EUR' };
  const quote = { price, quotedOn: '2026-03-07', validUntil: '2026-04-06' };
  const undecided = { quote: null, decision: null, decidedOn: null };
  expect(data).toEqual({
    status: {
      firm: 'Kestrel',
      client: 'Acme GmbH',
      asOf: '2026-03-06T23:30:00Z',
      complete: true,
      freshness: { readAt: '2026-03-06T23:30:00Z', value: '1', isLate: false },
      projects: [
        {
          name: 'Rollout',
          milestones: [
            { name: 'Pilot', state: 'PLANNED', due: '2026-05-01', forecast: null, achievedOn: null },
            { name: 'Go-live', state: 'LATE', due: '2026-06-30', forecast: '2026-07-14', achievedOn: null },
            { name: 'Design', state: 'REACHED', due: '2026-02-01', forecast: null, achievedOn: '2026-02-03' },
          ],
          changeRequests: expect.toSatisfy((all: { title: string }[]) => {
            expect(all.toSorted((a, b) => (a.title < b.title ? -1 : 1))).toEqual([
              { title: 'Approved in Jira', words: 'We are looking into it', ...undecided },
              { title: 'Export', words: 'Waiting for your decision', quote, decision: null, decidedOn: null },
              { title: 'Import', words: 'Declined by you', quote, decision: 'DECLINED', decidedOn: '2026-03-07' },
              { title: 'Under review', words: 'We are looking into it', ...undecided },
            ]);
            return true;
          }) as unknown,
          nextSteps: [
            { what: 'Pilot', on: '2026-05-01' },
            { what: 'Go-live', on: '2026-07-14' },
          ],
          waitingForYou: [
            {
              what: 'Your decision on: Export',
              price: { amount: '12000' },
              since: '2026-03-07',
              validUntil: '2026-04-06',
            },
          ],
        },
      ],
    },
  });
});

test('an order that was sent waits for the signature', async () => {
  const { token } = await office.tokenFor('Acme GmbH');
  const id = await toReview(office.ask, office.idOf('Rollout'), { title: 'Ordered' });
  const { createChangeOrder } = await office.ask<{ createChangeOrder: { data: { id: string } } }>(
    `mutation { createChangeOrder(name: "CO 7", changeRequests: ["${id}"]) { ... on CreateChangeOrderSuccess { data { id } } } }`,
  );
  const waits = async () =>
    JSON.stringify(
      await office.see(token, '{ status { projects { waitingForYou { what price { amount currency } since } } } }'),
    );
  expect(await waits()).not.toContain('CO 7');
  await office.ask(`mutation { moveChangeOrder(id: "${createChangeOrder.data.id}", step: SEND) { __typename } }`);
  expect(await waits()).toContain(
    JSON.stringify({
      what: 'Your signature on the change order: CO 7',
      price: { amount: '12000', currency: 'EUR' },
      since: '2026-03-07',
    }),
  );
});

test('of what people say a client sees the latest that is meant for it, and nothing else of it', async () => {
  const say = async (subject: string, args: string) => {
    clock.advance(1_000);
    await take(office.ask, 'checkIn', `subject: "${office.idOf(subject)}", ${args}`);
  };
  const more = 'confidence: "0.77", helpWanted: "HELP-WANTED"';
  await say('Rollout', `perspective: OPERATIONS, audience: CLIENT, text: "An older word."`);
  await say(
    'Rollout',
    `perspective: OPERATIONS, audience: CLIENT, text: "We are <b>on</b> track.", nextStep: { text: "Training", date: "2026-03-20" }, ${more}`,
  );
  await say('Rollout', `perspective: OPERATIONS, audience: TEAM, text: "FOR-THE-TEAM"`);
  await say('Rollout', `perspective: CLIENT, audience: CLIENT, text: "WHAT-WE-THINK-THEY-THINK"`);
  await say('Upsell before they notice', `perspective: SELLER, audience: CLIENT, text: "The offer comes on Monday."`);
  await say('Upsell before they notice', `perspective: SELLER, audience: PRIVATE, text: "FOR-NOBODY"`);
  await say('Over', `perspective: SELLER, audience: CLIENT, text: "A PITY"`);
  const { token } = await office.tokenFor('Acme GmbH');
  const fields = '{ text on nextStep nextStepOn }';
  const { data } = await office.see(token, `{ status { messages ${fields} projects { name message ${fields} } } }`);
  expect(data).toEqual({
    status: {
      messages: [{ text: 'The offer comes on Monday.', on: '2026-03-06', nextStep: null, nextStepOn: null }],
      projects: [
        {
          name: 'Rollout',
          message: {
            text: 'We are <b>on</b> track.',
            on: '2026-03-07',
            nextStep: 'Training',
            nextStepOn: '2026-03-20',
          },
        },
      ],
    },
  });
  const { html } = await office.api.page(token);
  expect(html).toContain('We are &lt;b&gt;on&lt;/b&gt; track. Next: Training (2026-03-20).');
  expect(html).toContain('The offer comes on Monday.');
  expect(html).not.toMatch(/older word|FOR-|WHAT-WE|A PITY|HELP-WANTED|0\.77|Upsell|test-key/);
  const other = await office.api.page((await office.tokenFor('Beta & Söhne')).token);
  expect(other.html).not.toMatch(/on track|Monday/);
});

test('what was said to one client is not said to another that the deal goes over to', async () => {
  const acme = await office.tokenFor('Acme GmbH');
  const beta = await office.tokenFor('Beta & Söhne');
  await take(
    office.ask,
    'checkIn',
    `subject: "${office.idOf('Upsell before they notice')}", perspective: SELLER, audience: CLIENT, text: "Only for Acme."`,
  );
  const deal = (client: string) =>
    rawRecord('1', ['deal:1'], { name: 'Upsell before they notice', state: 'SCOPING', client: `client:${client}` });
  office.script['deals']?.pages.push({ records: [deal('beta')] });
  await office.hub.sync();
  expect((await office.api.page(beta.token)).html).not.toContain('Only for Acme.');
  expect((await office.api.page(acme.token)).html).not.toContain('Only for Acme.');
  office.script['deals']?.pages.push({ records: [deal('acme')] });
  await office.hub.sync();
  expect((await office.api.page(acme.token)).html).toContain('Only for Acme.');
});

test('the page says the same, and what people wrote is text in it', async () => {
  const acme = await office.api.page((await office.tokenFor('Acme GmbH')).token);
  expect(acme.status).toBe(200);
  for (const said of [
    'Status for Acme GmbH',
    'Go-live',
    'EUR 12,000.00',
    'Waiting for your decision',
    '2026-03-06 at 23:30 UTC',
  ])
    expect(acme.html).toContain(said);
  const beta = await office.api.page((await office.tokenFor('Beta & Söhne')).token);
  expect(beta.html).toContain('<title>Status for Beta &amp; Söhne</title>');
  expect(beta.html).toContain('<h2>&lt;img src=x onerror=alert(1)&gt;</h2>');
  expect(beta.html).toContain('&quot;Quotes&quot; &amp; &lt;b&gt;');
  for (const { html, policy } of [acme, beta, await office.api.page(null), await office.api.page('wrong')]) {
    const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/g)].map(([, tag]) => tag ?? ''));
    expect(tags.intersection(new Set(['script', 'img', 'link', 'iframe', 'object', 'svg', 'b']))).toEqual(new Set());
    expect(html).not.toMatch(/<[^>]*\son\w+=|https?:/i);
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
    // With "no-referrer" some browsers send the form from the origin "null", like that of a foreign page.
    expect(html).toContain('<meta name="referrer" content="same-origin">');
    expect(policy).toContain(`'sha256-${hash('sha256', style, 'base64')}'`);
    expect(policy).toMatch(
      /^default-src 'none'; style-src '[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
  }
});

test('what has not begun, what is over and what is another client’s is not there', async () => {
  expect(await office.projectsOf((await office.tokenFor('Acme GmbH')).token)).toEqual(['Rollout']);
  expect(await office.projectsOf((await office.tokenFor('Beta & Söhne')).token)).toEqual([
    '<img src=x onerror=alert(1)>',
  ]);
});

test('everything is read in the same few statements of one read-only transaction, what belongs to a client by its id', async () => {
  const statements: string[] = [];
  const listen: KyselyPlugin = {
    transformQuery({ node }) {
      statements.push(JSON.stringify(node));
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const { database: of } = office.hub;
  const heard = createClientApi(
    { ...office.hub, database: { ...of, reader: of.reader.withPlugin(listen) } },
    office.settings,
  );
  const uuid = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1] ?? '';
  for (const name of ['Acme GmbH', 'Beta & Söhne']) {
    const { token } = await office.tokenFor(name);
    const id = uuid(await office.clientId(name));
    statements.length = 0;
    await heard.page(token);
    // Of a token that is new to this process it is asked first whether it works, so that it is not taken for a guess.
    expect(statements.length).toBe(11);
    statements.length = 0;
    await heard.page(token);
    expect(statements.length).toBe(10);
    expect(statements[0]).toContain('repeatable read, read only');
    expect(statements[1]).toContain('token.hash');
    expect(statements.slice(2, 9).filter((text) => !text.includes(id))).toEqual([]);
    expect(statements[9]).toContain('sync_run');
  }
});

test('nothing is asked for twice by another name: nested, that would multiply what is answered', async () => {
  const { token } = await office.tokenFor('Acme GmbH');
  for (const [query, found] of [
    ['{ a: status { client } }', 1],
    ['{ status { a: projects { a: name } } ...more } fragment more on Query { b: status { client } }', 3],
    ['{ __typename: status { client } }', 1],
  ] as const)
    expect([query, await office.see(token, query)]).toEqual([
      query,
      {
        status: 200,
        errors: [{ message: `Syntax Error: Aliases limit of 0 exceeded, found ${found}.` }],
      },
    ]);
  expect((await office.see(token, getIntrospectionQuery())).errors).toBeUndefined();
});

test('a source that is late is said to be', async () => {
  clock.advance(24 * HOUR);
  const { token } = await office.tokenFor('Acme GmbH');
  const { data } = await office.see(token, '{ status { freshness { value isLate } } }');
  expect(data).toEqual({ status: { freshness: { value: '0', isLate: true } } });
  expect((await office.api.page(token)).html).toContain('Some of this is older than it should be.');
});

test('the clients’ schema has no type, argument or mutation of the hub’s, and says what everything means', () => {
  const own = buildClientSchema();
  const inside = office.hub.schema.getTypeMap();
  const types = Object.values(own.getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  );
  expect(types.filter((type) => !isScalarType(type) && type.name !== 'Query' && inside[type.name])).toEqual([]);
  expect(types.filter(({ description }) => !description)).toEqual([]);
  expect(own.getMutationType()).toBeUndefined();
  const fields = types.flatMap((type) => ('getFields' in type ? Object.values(type.getFields()) : []));
  expect(fields.filter(({ description }) => !description)).toEqual([]);
  expect(fields.flatMap((field) => ('args' in field ? field.args : []))).toEqual([]);
  expect(fields.length).toBeGreaterThan(30);
});

test('where there is more than is shown, that is said', async () => {
  const { token } = await office.tokenFor('Beta & Söhne');
  const shown = '{ status { complete projects { milestones { name } } } }';
  expect(await office.see(token, shown)).toMatchObject({ data: { status: { complete: true } } });
  office.script['milestones']?.pages.push({
    records: Array.from({ length: 101 }, (_, n) =>
      rawRecord(`b${n}`, [`milestone:b${n}`], { name: `Step ${n}`, project: 'project:4', due: '2026-05-01' }),
    ),
  });
  await office.hub.sync();
  const { data } = (await office.see(token, shown)) as {
    data?: { status: { complete: boolean; projects: { milestones: object[] }[] } };
  };
  expect([data?.status.complete, data?.status.projects[0]?.milestones.length]).toEqual([false, 100]);
  expect((await office.api.page(token)).html).toContain('There is more than is shown here. Ask us for the rest.');
});

test('of orders that wait for a signature, too, so many are shown at most', async () => {
  const { token } = await office.tokenFor('Acme GmbH');
  const id = await toReview(office.ask, office.idOf('Rollout'), { title: 'Ordered again' });
  const { createChangeOrder } = await office.ask<{ createChangeOrder: { data: { id: string } } }>(
    `mutation { createChangeOrder(name: "CO 8", changeRequests: ["${id}"]) { ... on CreateChangeOrderSuccess { data { id } } } }`,
  );
  await office.ask(`mutation { moveChangeOrder(id: "${createChangeOrder.data.id}", step: SEND) { __typename } }`);
  const copy = async (times: number) =>
    sql`insert into change_order (id, project_id, name, state, amount, currency, created_at, created_by)
      select gen_random_uuid(), project_id, name, state, amount, currency, created_at, created_by
      from change_order, generate_series(1, ${times}::int) where name = 'CO 8' limit ${times}`.execute(
      office.hub.database.rows,
    );
  const shown = async (): Promise<[boolean | undefined, number | undefined]> => {
    const { data } = (await office.see(token, '{ status { complete projects { waitingForYou { what } } } }')) as {
      data?: { status: { complete: boolean; projects: { waitingForYou: { what: string }[] }[] } };
    };
    const waits = data?.status.projects[0]?.waitingForYou.filter(({ what }) => what.includes('change order'));
    return [data?.status.complete, waits?.length];
  };
  const [, before = 0] = await shown();
  await copy(100 - before);
  expect(await shown()).toEqual([true, 100]);
  await copy(1);
  expect(await shown()).toEqual([false, 100]);
});
