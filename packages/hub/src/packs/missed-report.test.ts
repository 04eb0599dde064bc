import { manualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
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

test('a cycle of more days than there are in a calendar promises no report, and hides no other', async () => {
  const { rows } = office.hub.database;
  // As a register may say it.
  await sql`update proposal set reporting_cycle_days = 9999999999`.execute(rows);
  expect(await missed()).toEqual({ reportsMissed: [] });
  expect(await office.hub.takeDueSnapshots()).toBe(0);
});
