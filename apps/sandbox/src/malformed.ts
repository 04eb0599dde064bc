import type { CellValue, Spreadsheet, Tab } from '@plumbline/google-sheets/emulator';
import type { HubSpotRecord } from '@plumbline/hubspot/emulator';
import type { JiraIssue } from '@plumbline/jira/emulator';
import { dateText, dayOf, instantAt } from './days.ts';
import type { CompanyOptions } from './plan.ts';
import type { Quarantined } from './truth-types.ts';
import { issueTypes, jiraStatuses } from './vocabulary.ts';

/** Good records that are loaded first, and what is then laid over the answers about them. */
export interface MalformedRecords {
  hubspot: readonly { record: HubSpotRecord; patch: Readonly<Record<string, unknown>> }[];
  jira: readonly { issue: JiraIssue; patch: Readonly<Record<string, unknown>> }[];
  /** Where each must end up. */
  quarantine: readonly Quarantined[];
}

interface BadRow {
  tab: string;
  stream: string;
  because: string;
  cells(month: string): CellValue[];
  /** The record's id; `row` is the row's number in the sheet, counted from 1. */
  id(row: number, month: string): string;
}

const badRows: readonly BadRow[] = [
  {
    tab: 'Rates',
    stream: 'rates',
    because: 'The key column is blank.',
    cells: () => [null, 'nobody@kestrelvale.example', 100, 50, 'EUR'],
    id: (row) => `row-${row}`,
  },
  {
    tab: 'Budgets',
    stream: 'budgets',
    because: 'The contract value is an error cell.',
    cells: () => ['BROKEN1', '#REF!', 1_000, 'EUR', 10],
    id: () => 'BROKEN1',
  },
  {
    tab: 'Exchange rates',
    stream: 'exchange-rates',
    because: 'The key stands in the sheet already.',
    cells: (month) => [`USD-EUR ${month}`, 'USD', 'EUR', `${month}-01`, 0.5],
    id: (row, month) => `USD-EUR ${month} (row ${row})`,
  },
  {
    tab: 'Projects',
    stream: 'projects',
    because: 'The start is no date.',
    cells: () => ['OLDKEY', 'A project from before the register', null, 'EUR', 'Europe/Berlin', 'next spring'],
    id: () => 'OLDKEY',
  },
];

/** What no mapping can read: nothing unless the options ask for it. */
export function malformedRecords({ malformed, today }: CompanyOptions): MalformedRecords {
  if (!malformed) return { hubspot: [], jira: [], quarantine: [] };
  const created = instantAt(dayOf(today) - 20, 9 * 3_600, 'UTC');
  const hubspot = [
    { record: deal('39999999901', created), patch: { properties: { amount: 'TBD' } } },
    { record: deal('39999999902', created), patch: { properties: { closedate: 'end of quarter' } } },
  ];
  const jira = [
    { issue: issue('1999901', created), patch: { fields: { duedate: 'soon' } } },
    { issue: issue('1999902', created), patch: { fields: { timeoriginalestimate: 'three days' } } },
  ];
  return {
    hubspot,
    jira,
    quarantine: [
      { source: 'hubspot', stream: 'deals', id: '39999999901', because: 'The amount is no number.' },
      { source: 'hubspot', stream: 'deals', id: '39999999902', because: 'The close date is no date.' },
      { source: 'jira', stream: 'issues', id: '1999901', because: 'The due date is no date.' },
      { source: 'jira', stream: 'issues', id: '1999902', because: 'The estimate is no number.' },
    ],
  };
}

/** The spreadsheets with bad rows at the end of some tabs, and where those must end up. */
export function withMalformedRows(
  spreadsheets: readonly Spreadsheet[],
  today: string,
): { spreadsheets: Spreadsheet[]; quarantine: Quarantined[] } {
  const month = dateText(dayOf(today)).slice(0, 7);
  const quarantine: Quarantined[] = [];
  const changed = (tab: Tab): Tab => {
    const bad = badRows.find((row) => row.tab === tab.title);
    if (!bad) return tab;
    const { stream, because } = bad;
    quarantine.push({ source: 'google-sheets', stream, id: bad.id(tab.rows.length + 1, month), because });
    return { ...tab, rows: [...tab.rows, bad.cells(month)] };
  };
  return { spreadsheets: spreadsheets.map((sheet) => ({ ...sheet, tabs: sheet.tabs.map(changed) })), quarantine };
}

function deal(id: string, created: number): HubSpotRecord {
  return {
    type: 'deals',
    id,
    properties: {
      dealname: `Imported from a spreadsheet (${id})`,
      amount: '1000',
      deal_currency_code: 'EUR',
      pipeline: 'default',
      dealstage: 'qualification',
    },
    created,
    updated: created,
  };
}

function issue(id: string, created: number): JiraIssue {
  return {
    id,
    key: `INTG-${Number(id) - 1_990_000}`,
    projectId: '10000',
    typeId: issueTypes.task.id,
    statusId: jiraStatuses.work[0].id,
    summary: 'Imported from a spreadsheet',
    description: null,
    reporterAccountId: '712020:00000000-0000-4000-000000000000',
    assigneeAccountId: null,
    labels: [],
    fixVersionIds: [],
    dueDate: null,
    originalEstimateSeconds: null,
    remainingEstimateSeconds: null,
    custom: {},
    created,
    updated: created,
    resolved: null,
    history: [],
  };
}
