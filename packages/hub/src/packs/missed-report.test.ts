import { manualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { failEverywhere } from '../../test/faults.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { evidence, officeScript, openOffice, take } from '../../test/office.ts';

const clock = manualClock('2026-03-06T10:00:00Z');
const eur = (amount: string) => ({ amount, currency: 'EUR' });
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;

// A project whose accepted proposal promises a report every 14 days, and one that nobody promised any for.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const script = officeScript();
  script['projects']?.pages.push({
    records: [rawRecord('2', ['project:2'], { name: 'Training', status: 'ACTIVE', client: 'client:acme' })],
  });
  script['deals'] = {
    kind: 'opportunity',
    pages: [
      {
        records: [
          rawRecord('1', ['deal:1'], { name: 'Portal', amount: eur('480000'), state: 'WON', projects: ['project:1'] }),
        ],
      },
    ],
  };
  office = await openOffice({ database, clock, script, proposals: { review: 'ADVISED' } });
  const id = await take(
    office.ask,
    'createProposal',
    `opportunity: "${office.idOf('Portal')}", terms: { reportingCycleDays: 14, price: { amount: "480000", currency: "EUR" } }`,
  );
  await take(office.ask, 'submitProposal', `id: "${id}"`);
  await take(office.ask, 'acceptProposal', `id: "${id}", ${evidence}`);
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

const missed = (args = '') =>
  office.ask(
    `{ reportsMissed${args} { project { name } client { name } cycleDays dueOn missed lastReport { asOf lens } } }`,
  );

test('a report that the statement of work promised is missed from the day after it was due, until it is there', async () => {
  clock.set(Temporal.Instant.from('2026-03-20T10:00:00Z'));
  expect(await missed()).toEqual({ reportsMissed: [] });
  clock.set(Temporal.Instant.from('2026-04-06T10:00:00Z'));
  // The rule, where findings of a project are looked for, too.
  const found = `warnings(codes: [REPORT_MISSED]) { message value threshold from to } questions { rule severity text }`;
  expect(
    await office.ask(`{ reportsMissed { rule severity } projects(first: 1) { nodes { ${found} } } }`),
  ).toMatchObject({
    reportsMissed: [{ rule: 'R31', severity: 'MEDIUM' }],
    projects: {
      nodes: [
        {
          warnings: [
            {
              message: '2 reports are not there, the first of 2026-03-20.',
              value: '2',
              threshold: '0',
              from: '2026-03-20',
              to: '2026-04-06',
            },
          ],
          questions: expect.arrayContaining([
            {
              rule: 'REPORT_MISSED',
              severity: 'MEDIUM',
              text: '2 reports are not there, the first of 2026-03-20. Who tells the client how it stands?',
            },
          ]) as unknown,
        },
      ],
    },
  });
  const late = { project: { name: 'Rollout' }, client: { name: 'Acme GmbH' }, cycleDays: 14 };
  expect(await missed()).toEqual({ reportsMissed: [{ ...late, dueOn: '2026-03-20', missed: 2, lastReport: null }] });
  const { clients } = await office.ask<{ clients: { nodes: { id: string }[] } }>('{ clients { nodes { id } } }');
  const scope = `scope: { client: "${clients.nodes[0]?.id}" }, currency: "EUR"`;
  // What looks at sales alone is no report of a project, and neither is one of the whole portfolio.
  await take(office.ask, 'takeSnapshot', `${scope}, lens: SALES`);
  await take(office.ask, 'takeSnapshot', 'scope: { portfolio: true }, currency: "EUR"');
  expect(await missed()).toMatchObject({ reportsMissed: [{ missed: 2 }] });
  await take(office.ask, 'takeSnapshot', `${scope}, lens: DELIVERY`);
  expect(await missed()).toEqual({ reportsMissed: [] });
  expect(await office.ask('{ projects(first: 1) { nodes { warnings(codes: [REPORT_MISSED]) { value } } } }')).toEqual({
    projects: { nodes: [{ warnings: [] }] },
  });
  clock.set(Temporal.Instant.from('2026-04-21T10:00:00Z'));
  expect(await missed()).toEqual({
    reportsMissed: [
      { ...late, dueOn: '2026-04-20', missed: 1, lastReport: { asOf: '2026-04-06T10:00:00Z', lens: 'DELIVERY' } },
    ],
  });
  expect(await missed('(asOf: "2026-03-21T10:00:00Z")')).toMatchObject({
    reportsMissed: [{ dueOn: '2026-03-20', missed: 1, lastReport: null }],
  });
});

const sent = (snapshot: string, more = '') =>
  take(office.ask, 'reportSent', `snapshot: "${snapshot}", to: "Steering committee, by mail"${more}`);

const refusal = async (args: string): Promise<unknown> =>
  (
    await office.ask<{ reportSent: unknown }>(
      `mutation { reportSent(${args}) { __typename ... on Error { message } ... on InputError { argument } ... on RefusedError { guard } } }`,
    )
  ).reportSent;

test('a report that was taken is not sent until somebody says so, which is a finding of its own from the day behind', async () => {
  const { clients } = await office.ask<{ clients: { nodes: { id: string }[] } }>('{ clients { nodes { id } } }');
  const report = () =>
    take(office.ask, 'takeSnapshot', `scope: { client: "${clients.nodes[0]?.id}" }, lens: DELIVERY, currency: "EUR"`);
  const unsent = (args = '') =>
    office.ask(
      `{ reportsNotSent${args} { rule severity project { name } client { name } cycleDays dueOn report { asOf } } reportsMissed${args} { missed } }`,
    );
  // The test before took one on 6 April, and never sent it: the client was to have one by 20 March.
  clock.set(Temporal.Instant.from('2026-04-20T10:00:00Z'));
  const late = { rule: 'R31', severity: 'MEDIUM', project: { name: 'Rollout' }, client: { name: 'Acme GmbH' } };
  expect(await unsent()).toEqual({
    reportsNotSent: [{ ...late, cycleDays: 14, dueOn: '2026-03-20', report: { asOf: '2026-04-06T10:00:00Z' } }],
    reportsMissed: [],
  });
  const first = await report();
  expect(await sent(first)).toBe(first);
  expect(await unsent()).toEqual({ reportsNotSent: [], reportsMissed: [] });
  clock.set(Temporal.Instant.from('2026-05-04T10:00:00Z'));
  const second = await report();
  expect(await unsent()).toMatchObject({ reportsNotSent: [] });
  clock.set(Temporal.Instant.from('2026-05-06T10:00:00Z'));
  const found = `warnings(codes: [REPORT_NOT_SENT, REPORT_MISSED]) { code message value threshold from to metric { unit } } questions { rule text }`;
  expect(await office.ask(`{ projects(first: 1) { nodes { ${found} } } }`)).toEqual({
    projects: {
      nodes: [
        {
          warnings: [
            {
              code: 'REPORT_NOT_SENT',
              message:
                'The report that was taken on 2026-05-04 was not sent; the client was to have one by 2026-05-04.',
              value: '2',
              threshold: '0',
              from: '2026-05-04',
              to: '2026-05-06',
              metric: { unit: 'DAYS' },
            },
          ],
          questions: expect.arrayContaining([
            {
              rule: 'REPORT_NOT_SENT',
              text: 'The report that was taken on 2026-05-04 was not sent; the client was to have one by 2026-05-04. Who sends it, or says that it was sent?',
            },
          ]) as unknown,
        },
      ],
    },
  });
  await sent(second, ', sentAt: "2026-05-04T16:00:00Z", idempotencyKey: "second"');
  await sent(second, ', sentAt: "2026-05-04T16:00:00Z", idempotencyKey: "second"');
  await take(office.ask, 'reportSent', `snapshot: "${second}", to: "Sponsor, by phone"`);
  expect(await unsent()).toEqual({ reportsNotSent: [], reportsMissed: [] });
  expect(
    await office.ask('query ($id: ID!) { snapshot(id: $id) { sendings { sentAt to recordedAt actor } } }', {
      id: second,
    }),
  ).toEqual({
    snapshot: {
      sendings: [
        { to: 'Steering committee, by mail', sentAt: '2026-05-04T16:00:00Z' },
        { to: 'Sponsor, by phone', sentAt: '2026-05-06T10:00:00Z' },
      ].map((each) => ({ ...each, recordedAt: '2026-05-06T10:00:00Z', actor: 'test-key' })),
    },
  });
  // What nobody had said by then was not known then.
  clock.set(Temporal.Instant.from('2026-05-07T10:00:00Z'));
  expect(await unsent('(asOf: "2026-05-06T09:00:00Z")')).toMatchObject({ reportsNotSent: [{ dueOn: '2026-05-04' }] });
  // Neither taken nor sent: the one that is not there is missed, and none lies here.
  clock.set(Temporal.Instant.from('2026-05-19T10:00:00Z'));
  expect(await unsent()).toEqual({ reportsNotSent: [], reportsMissed: [{ missed: 1 }] });
  expect(await refusal(`snapshot: "${second}", to: " "`)).toMatchObject({ argument: 'to', message: '`to` is blank.' });
  expect(await refusal(`snapshot: "${second}", to: "all", sentAt: "2026-05-04T09:59:00Z"`)).toMatchObject({
    argument: 'sentAt',
  });
  expect(await refusal(`snapshot: "${second}", to: "all", sentAt: "2026-05-20T10:00:00Z"`)).toMatchObject({
    argument: 'sentAt',
  });
  expect(await refusal(`snapshot: "${second}", to: "Sponsor", idempotencyKey: "second"`)).toMatchObject({
    argument: 'idempotencyKey',
  });
  for (const scope of ['portfolio: true', `client: "${clients.nodes[0]?.id}"`]) {
    const lens = scope === 'portfolio: true' ? 'DELIVERY' : 'SALES';
    const none = await take(office.ask, 'takeSnapshot', `scope: { ${scope} }, lens: ${lens}, currency: "EUR"`);
    expect([scope, await refusal(`snapshot: "${none}", to: "all"`)]).toMatchObject([scope, { guard: 'report' }]);
  }
});

test('what was sent is said in one piece: a failure leaves nothing of it behind', async () => {
  const { snapshots } = await office.ask<{ snapshots: { id: string }[] }>(
    `{ snapshots(scope: { client: "${(await office.ask<{ clients: { nodes: { id: string }[] } }>('{ clients { nodes { id } } }')).clients.nodes[0]?.id}" }, lens: DELIVERY) { id } }`,
  );
  const id = snapshots.at(-1)?.id ?? '';
  const count = async () =>
    (await office.ask<{ snapshot: { sendings: unknown[] } }>(`{ snapshot(id: "${id}") { sendings { to } } }`)).snapshot
      .sendings.length;
  const failed = await failEverywhere(
    office.hub,
    `mutation { reportSent(snapshot: "${id}", to: "Sponsor", idempotencyKey: "whole") { __typename } }`,
    async () => expect(await count()).toBe(0),
  );
  expect(failed).toBeGreaterThan(3);
  expect(await count()).toBe(1);
});

test('a cycle of more days than there are in a calendar promises no report, and hides no other', async () => {
  const { rows } = office.hub.database;
  // As a register may say it.
  await sql`update proposal set reporting_cycle_days = 9999999999`.execute(rows);
  expect(await missed()).toEqual({ reportsMissed: [] });
  expect(await office.hub.takeDueSnapshots()).toBe(0);
});
