import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CellValue } from '../emulator/index.ts';
import { configSchema, type GoogleSheetsConfigInput } from '../src/index.ts';
import { openDesk, type Desk } from './desk.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';

/** The sheets that the README's configuration speaks of. */
const tabs: { sheetId: number; title: string; rows: CellValue[][] }[] = [
  {
    sheetId: 101,
    title: 'Rate card',
    rows: [
      ['Rate ID', 'Role', 'E-mail', 'Bill rate', 'Cost rate', 'Currency', 'From', 'To', 'Salary'],
      ['R1', 'Developer', 'ada@example.com', 150, 90, 'EUR', 46023, '', 80_000],
    ],
  },
  {
    sheetId: 102,
    title: 'Capacity 2026',
    rows: [
      ['Working time – changes to HR, please'],
      ['E-mail', 'Hours per day', 'Since'],
      [' ADA@example.com', 7.5, '01.01.2026'],
    ],
  },
  {
    sheetId: 103,
    title: 'Quotas',
    rows: [
      ['Quota', 'Seller', 'From', 'To', 'Target'],
      ['Q1', 'bo@example.com', '2026-01-01', '2026-03-31', '250.000,00'],
    ],
  },
  {
    sheetId: 104,
    title: 'Budgets',
    rows: [
      ['Project', 'Contract value', 'Planned cost', 'Person days', 'Valid from'],
      ['ABC', 500_000, 300_000, 250.5, 46023],
    ],
  },
  {
    sheetId: 105,
    title: 'FX',
    rows: [
      ['Rates of the bank'],
      [],
      ['Pair and month', 'Base', 'Valid on', 'Rate'],
      ['USD 2026-01', 'USD', 46023, 0.1 + 0.2],
    ],
  },
  {
    sheetId: 106,
    title: 'Change requests',
    rows: [
      [
        'No.',
        'Jira issue',
        'What is asked for',
        'State',
        'Submitted',
        'Price',
        'Cost',
        'Currency',
        'Effort (h)',
        'Days',
        'Project',
        'Asked by',
        'Work',
        'Budget code',
      ],
      [
        'CR-1',
        'ABC-7',
        'Another language',
        'In Review',
        46082.5,
        0,
        -100.1,
        'CHF',
        12.5,
        3,
        'ABC',
        'Client@Acme.com',
        'ABC-8;ABC-9',
        4711,
      ],
    ],
  },
  {
    sheetId: 107,
    title: 'Risk register',
    rows: [
      ['Risk', 'What may happen', 'Status', 'Likelihood', 'Damage', 'What we do', 'By', 'Budget', 'Owner'],
      ['R-1', 'The supplier is late', 'In Arbeit', 30, 80_000, 'Ask weekly', 46082, 'ABC', 'Ada'],
    ],
  },
];

let desk: Desk;
let config: GoogleSheetsConfigInput;
beforeAll(async () => {
  const module = (await import(`data:text/javascript,${encodeURIComponent(`export default ${example}`)}`)) as {
    default: GoogleSheetsConfigInput;
  };
  config = module.default;
  const spreadsheetId = config.spreadsheets[0]?.id ?? '';
  desk = await openDesk({
    spreadsheets: [{ spreadsheetId, title: 'Operations', locale: 'de_DE', timeZone: 'Europe/Zurich', tabs }],
    config,
  });
});
afterAll(() => desk.close());

test.each([
  [
    'rates',
    {
      role: 'Developer',
      person: 'email:ada@example.com',
      billRate: { amount: '150', currency: 'EUR' },
      costRate: { amount: '90', currency: 'EUR' },
      validFrom: '2026-01-01',
      validTo: null,
    },
  ],
  [
    'capacity',
    { person: 'email:ada@example.com', secondsPerDay: 27_000, validFrom: '2026-01-01', calendar: 'Bavaria' },
  ],
  [
    'quotas',
    {
      owner: 'email:bo@example.com',
      periodStart: '2026-01-01',
      periodEnd: '2026-03-31',
      amount: { amount: '250000', currency: 'EUR' },
    },
  ],
  [
    'budgets',
    {
      project: 'jira-project-key:ABC',
      contractValue: { amount: '500000', currency: 'EUR' },
      plannedCost: { amount: '300000', currency: 'EUR' },
      plannedSeconds: 7_214_400,
      validFrom: '2026-01-01',
    },
  ],
  ['exchange-rates', { base: 'USD', quote: 'EUR', validOn: '2026-01-01', rate: '0.3' }],
  [
    'change-requests',
    {
      key: 'CR-1',
      title: 'Another language',
      state: 'COMMERCIAL_REVIEW',
      submittedAt: '2026-03-01T11:00:00Z',
      priceDelta: { amount: '0', currency: 'CHF' },
      costDelta: { amount: '-100.1', currency: 'CHF' },
      effortDelta: 45_000,
      scheduleDeltaDays: 3,
      project: 'jira-project-key:ABC',
      requester: 'email:client@acme.com',
      workItems: ['jira-issue-key:ABC-8', 'jira-issue-key:ABC-9'],
    },
  ],
  [
    'risks',
    {
      key: 'R-1',
      title: 'The supplier is late',
      status: 'MITIGATING',
      probability: '0.3',
      impact: { amount: '80000', currency: 'EUR' },
      response: 'Ask weekly',
      due: '2026-03-01',
      project: 'sheet-row:budgets/ABC',
      owner: 'email:ada@example.com',
    },
  ],
])('the README’s tab %s is read as it says', async (name, fields) => {
  const { records, quarantine } = await desk.poll(name);
  expect(quarantine).toEqual({});
  expect(records.map((record) => record.fields)).toEqual([fields]);
});

test('the README’s keys and custom fields come out as it says', async () => {
  expect((await desk.poll('change-requests')).records[0]).toMatchObject({
    keys: ['sheet-row:change-requests/CR-1', 'jira-issue-key:ABC-7'],
    customFields: { budgetCode: 4711 },
  });
  expect((await desk.poll('capacity')).records[0]?.keys).toEqual([
    'sheet-row:capacity/ada@example.com',
    'capacity-of:ada@example.com',
  ]);
  expect(JSON.stringify((await desk.poll('rates')).payloads)).not.toContain('80000');
});

test('the README’s configuration passes its own check, and the README names every member there is', async () => {
  expect((await desk.check()).filter(({ ok }) => !ok)).toEqual([]);
  const tab = configSchema.parse(config).spreadsheets[0]?.tabs[0] ?? {};
  for (const member of Object.keys(tab)) expect(readme).toContain(`\`${member}`);
});
