import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { officeScript, openOffice, take } from '../../test/office.ts';

const clock = manualClock('2026-03-06T10:00:00Z');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const script = officeScript();
  const deal = { name: 'Portal', amount: { amount: '480000', currency: 'EUR' }, state: 'PROPOSED' };
  script['deals'] = { kind: 'opportunity', pages: [{ records: [rawRecord('1', ['deal:1'], deal)] }] };
  office = await openOffice({ database, clock, script, proposals: { review: 'ADVISED' } });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

interface Published {
  data?: { version: number };
  argument?: string;
  version?: number;
}

async function publish(mutation: string, args: string): Promise<Published> {
  const success = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Success`;
  const answer = await office.ask<Record<string, Published>>(
    `mutation { ${mutation}(${args}) { ... on InputError { argument } ... on ConflictError { version } ... on ${success} { data { version } } } }`,
  );
  return answer[mutation] ?? {};
}

const compliance = async (id: string, standard = '') =>
  (
    await office.ask<{ node: { compliance: unknown } }>(
      `query ($id: ID!) { node(id: $id) { ... on Proposal { compliance ${standard} { standardVersion ratio { value } missing { clause { id severity } found } } } } }`,
      { id },
    )
  ).node.compliance;

const create = (more: string) => take(office.ask, 'createProposal', `opportunity: "${office.idOf('Portal')}", ${more}`);

test('a template fills what is not given, and a later version leaves earlier proposals alone', async () => {
  const terms = `cadenceDays: 14, escalationPath: ["Head of delivery"], changeControl: "By change order.", commitments: [{ text: "Two rounds of testing." }]`;
  expect(await publish('publishTemplate', `name: "Fixed price", terms: { ${terms} }`)).toEqual({
    data: { version: 1 },
  });
  expect(await publish('publishTemplate', `name: "Fixed price", terms: { ${terms} }`)).toEqual({
    data: { version: 1 },
  });
  expect(await publish('publishTemplate', `name: " ", terms: {}`)).toEqual({ argument: 'name' });
  expect(await publish('publishTemplate', `name: "Bad", terms: { cadenceDays: 0 }`)).toEqual({
    argument: 'terms.cadenceDays',
  });
  const id = await create('template: "Fixed price", terms: { cadenceDays: 7 }');
  const read =
    'query ($id: ID!) { node(id: $id) { ... on Proposal { price { amount } cadenceDays changeControl commitments { nodes { key text } } decisions { details } } } }';
  const { node } = await office.ask<{ node: { decisions: { details: object }[] } }>(read, { id });
  expect(node).toMatchObject({
    price: { amount: '480000' },
    cadenceDays: 7,
    changeControl: 'By change order.',
    commitments: { nodes: [{ key: 'C1', text: 'Two rounds of testing.' }] },
  });
  expect(node.decisions[0]?.details).toMatchObject({
    template: 'Fixed price',
    origins: { cadenceDays: 'GIVEN', changeControl: 'TEMPLATE', price: 'OPPORTUNITY' },
  });
  expect(await publish('publishTemplate', `name: "Fixed price", terms: { cadenceDays: 30 }`)).toEqual({
    data: { version: 2 },
  });
  expect(await office.ask('{ sowTemplates { name version terms } }')).toEqual({
    sowTemplates: [{ name: 'Fixed price', version: 2, terms: { cadenceDays: 30 } }],
  });
  expect((await office.ask<{ node: object }>(read, { id })).node).toMatchObject({ changeControl: 'By change order.' });
  await expect(create('template: "Unknown"')).rejects.toThrow('There is no template "Unknown".');
});

test('every proposal is measured by the standard that holds', async () => {
  const id = await create('terms: { cadenceDays: 7, changeControl: "In writing." }');
  expect(await compliance(id)).toEqual({
    standardVersion: 0,
    ratio: { value: '0.5' },
    missing: [
      { clause: { id: 'reporting', severity: 'MUST' }, found: 'reportingCycleDays says nothing.' },
      { clause: { id: 'escalation', severity: 'MUST' }, found: 'escalationPath says nothing.' },
    ],
  });
  const clauses = `clauses: [{ id: "4.2", wants: "Changes go by change order.", term: CHANGE_CONTROL, contains: ["change order"] }, { id: "1.1", wants: "A price.", term: PRICE, severity: SHOULD }]`;
  expect(await publish('publishStandard', clauses)).toEqual({ data: { version: 1 } });
  expect(await publish('publishStandard', clauses)).toEqual({ data: { version: 1 } });
  expect(await publish('publishStandard', 'clauses: []')).toEqual({ argument: 'clauses' });
  expect(await compliance(id)).toEqual({
    standardVersion: 1,
    ratio: { value: '0.5' },
    missing: [{ clause: { id: '4.2', severity: 'MUST' }, found: 'changeControl does not say "change order".' }],
  });
  // What was signed by an earlier standard is still measured by it when asked.
  expect(await compliance(id, '(standard: 0)')).toMatchObject({ standardVersion: 0, ratio: { value: '0.5' } });
  await expect(compliance(id, '(standard: 7)')).rejects.toThrow('There is no version 7 of the standard.');
  expect(await office.ask('{ sowStandards { version publishedBy clauses { id } } }')).toEqual({
    sowStandards: [{ version: 1, publishedBy: 'test-key', clauses: [{ id: '4.2' }, { id: '1.1' }] }],
  });
});

test('a proposal without what must be said does not leave the firm, whatever else there is', async () => {
  const submit = async (id: string): Promise<unknown> =>
    (
      await office.ask<{ submitProposal: unknown }>(
        `mutation { submitProposal(id: "${id}") { ... on RefusedError { guard message remedy } ... on SubmitProposalSuccess { data { state } } } }`,
      )
    ).submitProposal;
  const id = await create('terms: { changeControl: "In writing." }');
  expect(await submit(id)).toEqual({
    guard: 'standard',
    message:
      'It does not say what version 1 of the standard wants: Changes go by change order. (changeControl does not say "change order".)',
    remedy: 'Make a proposal that says it by `createProposal` with `revises`.',
  });
  const audit = `query ($id: ID!) { node(id: $id) { ... on Opportunity { riskAudit { items { rule text } } } } }`;
  const { node } = await office.ask<{ node: { riskAudit: { items: { rule: string; text: string }[] } } }>(audit, {
    id: office.idOf('Portal'),
  });
  expect(node.riskAudit.items.find(({ rule }) => rule === 'SOW_INCOMPLETE')?.text).toBe(
    'Changes go by change order. changeControl does not say "change order".',
  );
  const better = await create('terms: { changeControl: "By change order." }');
  expect(await submit(better)).toEqual({ data: { state: 'SUBMITTED' } });
});

test('a call that is made again does not undo what somebody published in between', async () => {
  const clauses = (wants: string, more: string) =>
    publish('publishStandard', `clauses: [{ id: "1", wants: "${wants}", term: PRICE }], ${more}`);
  const { data: first } = await clauses('Ours.', 'idempotencyKey: "standard-a"');
  const version = first?.version ?? 0;
  expect(await clauses('Theirs.', `expectedVersion: ${version - 1}`)).toEqual({ version });
  expect(await clauses('Ours.', 'idempotencyKey: "standard-b"')).toEqual({ data: { version } });
  expect(await clauses('Theirs.', `expectedVersion: ${version}`)).toEqual({ data: { version: version + 1 } });
  for (const key of ['standard-a', 'standard-b'])
    expect(await clauses('Ours.', `idempotencyKey: "${key}"`)).toEqual({ data: { version: version + 1 } });
  expect(await office.ask('{ sowStandards(first: 1) { version clauses { wants } } }')).toEqual({
    sowStandards: [{ version: version + 1, clauses: [{ wants: 'Theirs.' }] }],
  });

  const template = (days: number, more: string) =>
    publish('publishTemplate', `name: "Retainer", terms: { cadenceDays: ${days} }, ${more}`);
  expect(await template(7, 'expectedVersion: 1')).toEqual({ version: 0 });
  expect(await template(7, 'expectedVersion: 0, idempotencyKey: "template-a"')).toEqual({ data: { version: 1 } });
  expect(await template(14, 'expectedVersion: 0')).toEqual({ version: 1 });
  expect(await template(14, 'expectedVersion: 1')).toEqual({ data: { version: 2 } });
  expect(await template(7, 'expectedVersion: 0, idempotencyKey: "template-a"')).toEqual({ data: { version: 2 } });
  expect(await template(7, 'idempotencyKey: "standard-a"')).toEqual({ argument: 'idempotencyKey' });
});

test('templates are listed so many at a time', async () => {
  await publish('publishTemplate', 'name: "A", terms: { cadenceDays: 7 }');
  expect(await office.ask('{ sowTemplates(first: 1) { name } }')).toEqual({ sowTemplates: [{ name: 'A' }] });
  await expect(office.ask('{ sowTemplates(first: 101) { name } }')).rejects.toThrow('"argument":"first"');
});

test('text that cannot be kept is refused by the name of its argument', async () => {
  const terms = 'terms: { cadenceDays: 7 }';
  expect(await publish('publishTemplate', `name: "B\\u0000", ${terms}`)).toEqual({ argument: 'name' });
  expect(await publish('publishTemplate', `name: "B", ${terms}, idempotencyKey: "${'k'.repeat(201)}"`)).toEqual({
    argument: 'idempotencyKey',
  });
  expect(await publish('publishTemplate', `name: "B", terms: { changeControl: "${'x'.repeat(10_001)}" }`)).toEqual({
    argument: 'terms.changeControl',
  });
});
