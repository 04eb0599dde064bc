import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { officeScript, openOffice, take } from '../../test/office.ts';

const clock = manualClock('2026-03-06T10:00:00Z');
const eur = (amount: string) => ({ amount, currency: 'EUR' });
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;

// A deal whose proposal is too cheap and says nothing of governance, one without a proposal, and one that is lost.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const script = officeScript();
  const fine = {
    owner: 'email:ada@x.com',
    closeDate: '2026-04-30',
    nextStep: 'Workshop',
    nextStepDate: '2026-03-20',
    lastActivityAt: '2026-03-05T10:00:00Z',
  };
  script['deals'] = {
    kind: 'opportunity',
    pages: [
      {
        records: [
          rawRecord('1', ['deal:1'], {
            name: '<b>Portal</b>',
            state: 'SCOPING',
            client: 'client:acme',
            amount: eur('100000'),
            ...fine,
          }),
          rawRecord('2', ['deal:2'], { name: 'Archive', state: 'SCOPING', ...fine }),
          rawRecord('3', ['deal:3'], { name: 'Lost one', state: 'LOST' }),
        ],
      },
    ],
  };
  office = await openOffice({ database, clock, script });
  for (const deal of ['<b>Portal</b>', 'Archive'])
    await take(office.ask, 'checkIn', `subject: "${office.idOf(deal)}", perspective: SELLER, text: "Fine."`);
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

async function audit<Fields>(name: string, fields: string, args = ''): Promise<Fields> {
  const { node } = await office.ask<{ node: { riskAudit: Fields } }>(
    `query ($id: ID!) { node(id: $id) { ... on Opportunity { riskAudit${args} { ${fields} } } } }`,
    { id: office.idOf(name) },
  );
  return node.riskAudit;
}

test('what is missing or risky stands beside its rule, its rows and its cost', async () => {
  const before = clock.now().toString();
  clock.advance(60_000);
  const proposal = await take(
    office.ask,
    'createProposal',
    `opportunity: "${office.idOf('<b>Portal</b>')}", terms: { plannedCost: { amount: "90000", currency: "EUR" }, deliverables: ["Portal"], cadenceDays: 7 }`,
  );
  expect(
    await audit(
      '<b>Portal</b>',
      'reason proposal { id } items { rule severity text cost { amount currency } reason rows { __typename } }',
    ),
  ).toEqual({
    reason: null,
    proposal: { id: proposal },
    items: [
      {
        rule: 'MARGIN_BELOW_FLOOR',
        severity: 'HIGH',
        text: 'The margin is 10 %, and the floor 20 %.',
        cost: { amount: '10000', currency: 'EUR' },
        reason: null,
        rows: [{ __typename: 'Proposal' }],
      },
      {
        rule: 'NO_PLAN',
        severity: 'HIGH',
        text: 'The proposal says no first day, no last day, no work, no roles.',
        cost: null,
        reason: 'Nobody has measured what that costs.',
        rows: [{ __typename: 'Proposal' }],
      },
      {
        rule: 'SOW_INCOMPLETE',
        severity: 'HIGH',
        text: 'How often there is a report. reportingCycleDays says nothing. Who hears of what is late. escalationPath says nothing. How changes are agreed. changeControl says nothing.',
        cost: null,
        reason: 'Nobody has measured what that costs.',
        rows: [{ __typename: 'Proposal' }],
      },
      {
        rule: 'CAPACITY_UNKNOWN',
        severity: 'MEDIUM',
        text: 'It does not say from when to when.',
        cost: null,
        reason: 'Nobody has measured what that costs.',
        rows: [{ __typename: 'Proposal' }],
      },
    ],
  });
  expect(await audit('<b>Portal</b>', 'items { rule }', `(asOf: "${before}")`)).toEqual({
    items: [{ rule: 'NO_PROPOSAL' }],
  });
  expect(await audit('Archive', 'proposal { id } items { rule }')).toEqual({
    proposal: null,
    items: [{ rule: 'NO_PROPOSAL' }],
  });
  expect(await audit('Lost one', 'reason items { rule } document(form: HTML)')).toEqual({
    reason: 'It is closed.',
    items: [],
    document: null,
  });
});

test('the audit is a page in Markdown and in HTML, in which what people wrote stays text', async () => {
  const { document: markdown } = await audit<{ document: string }>('<b>Portal</b>', 'document(form: MARKDOWN)');
  expect(markdown).toContain('# Before the signature: \\<b\\>Portal\\</b\\>\n');
  expect(markdown).toContain('As of 2026-03-06: 4 things are missing or risky, 3 of them grave. For internal use.');
  expect(markdown).toContain('| Client | Acme GmbH |\n| Seller | Ada |\n| Amount | EUR 100,000.00 |\n');
  expect(markdown).toContain(
    '| The margin is 10 %, and the floor 20 %. | high | EUR 10,000.00 | margin below floor |\n',
  );
  const { document: html } = await audit<{ document: string }>('<b>Portal</b>', 'document(form: HTML)');
  expect(html).toContain('<h1>Before the signature: &lt;b&gt;Portal&lt;/b&gt;</h1>');
  expect(html).toContain('<tr class="bad"><th scope="row">The margin is 10 %, and the floor 20 %.</th>');
});

test('a proposal brings its governance pack, without cost', async () => {
  const { proposals } = await office.ask<{
    proposals: { nodes: { governancePack: { missing: string[]; document: string } }[] };
  }>('{ proposals { nodes { governancePack { missing reason document(form: MARKDOWN) } } } }');
  const [pack] = proposals.nodes.map(({ governancePack }) => governancePack);
  expect(pack?.missing).toEqual(['start', 'end', 'reportingCycleDays', 'escalationPath', 'changeControl']);
  expect(pack?.document).toContain('| Price | EUR 100,000.00 |');
  expect(pack?.document).not.toMatch(/90,?000|margin|cost/i);
});
