import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { officeScript, openOffice } from '../../test/office.ts';

let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;

function change(project: string, [title, submittedAt, amount, currency = 'EUR', state]: readonly string[]) {
  return rawRecord(`${project}/${title}`, [`change:${project}/${title}`], {
    title,
    project: `project:${project}`,
    submittedAt,
    priceDelta: { amount, currency },
    ...(state ? { state } : {}),
  });
}

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const script = officeScript();
  const project = (id: string, name: string) =>
    rawRecord(id, [`project:${id}`], { name, currency: 'EUR', zone: id === '2' ? 'Europe/Nowhere' : 'Europe/Berlin' });
  script['projects']!.pages = [
    { records: [project('1', 'Adds up'), project('2', 'Does not'), project('3', 'Again and again')] },
  ];
  script['changes']!.pages = [
    {
      records: [
        // The first of March in Berlin, still February in UTC.
        change('1', ['first', '2026-02-28T23:30:00Z', '2499.99']),
        change('1', ['second', '2026-03-20T10:00:00Z', '1500', 'EUR', 'ABSORBED']),
        change('1', ['third', '2026-04-30T10:00:00Z', '1000.02']),
        change('1', ['withdrawn', '2026-03-20T10:00:00Z', '1000', 'EUR', 'WITHDRAWN']),
        change('1', ['rejected', '2026-03-20T10:00:00Z', '1000', 'EUR', 'REJECTED']),
        change('1', ['too late', '2026-05-01T10:00:00Z', '1']),
        change('1', ['not small', '2026-03-20T10:00:00Z', '2500']),
        change('1', ['a credit', '2026-03-20T10:00:00Z', '-2000']),
        change('1', ['another currency', '2026-03-20T10:00:00Z', '2000', 'USD']),
        change('2', ['one', '2026-03-01T10:00:00Z', '2499']),
        change('2', ['two', '2026-03-02T10:00:00Z', '2499']),
        change('2', ['three', '2026-03-03T10:00:00Z', '2']),
        change('3', ['a', '2026-01-01T10:00:00Z', '2000']),
        change('3', ['b', '2026-02-01T10:00:00Z', '2000']),
        change('3', ['c', '2026-03-01T10:00:00Z', '2000']),
        change('3', ['d', '2026-03-01T11:00:00Z', '2000']),
        change('3', ['e', '2026-03-31T10:00:00Z', '2000']),
      ],
    },
  ];
  office = await openOffice({ database, script, clock: manualClock('2026-06-01T00:00:00Z') });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

test('small requests that add up are shown with their sum; those that do not are not', async () => {
  const { projects } = await office.ask<{ projects: { nodes: { name: string; smallChanges: unknown[] }[] } }>(
    `{ projects(orderBy: { field: NAME, direction: ASC }) { nodes { name smallChanges { sum { amount currency } from to changeRequests { title } } } } }`,
  );
  const titles = (...names: string[]) => names.map((title) => ({ title }));
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  expect(projects.nodes).toEqual([
    {
      name: 'Adds up',
      smallChanges: [
        {
          sum: eur('5000.01'),
          from: '2026-03-01',
          to: '2026-04-30',
          changeRequests: titles('first', 'second', 'third'),
        },
      ],
    },
    {
      name: 'Again and again',
      smallChanges: [
        {
          sum: eur('8000'),
          from: '2026-01-01',
          to: '2026-03-01',
          changeRequests: titles('a', 'b', 'c', 'd'),
        },
        {
          sum: eur('8000'),
          from: '2026-02-01',
          to: '2026-03-31',
          changeRequests: titles('b', 'c', 'd', 'e'),
        },
      ],
    },
    { name: 'Does not', smallChanges: [] },
  ]);
});
