import type { Connector } from '@plumbline/connector';
import { googleSheets, type GoogleSheetsConfigInput } from '@plumbline/google-sheets';
import { hubspot, type configSchema as hubSpotConfigSchema } from '@plumbline/hubspot';
import { jira, type JiraConfigInput } from '@plumbline/jira';
import { financeSheetId } from './finance-sheet.ts';
import { dealsProperty } from './jira-holding.ts';
import { operationsSheetId } from './operations-sheet.ts';
import { dealStages, jiraFields, jiraStatuses } from './vocabulary.ts';

type HubSpotConfigInput = (typeof hubSpotConfigSchema)['_input'];

/** A connector with what this company configures for it: ready to be installed in a hub. */
export interface SandboxSource {
  id: 'hubspot' | 'jira' | 'google-sheets';
  connector: Connector;
  config: unknown;
  secrets: unknown;
}

export interface SourcesInput {
  addresses: { jira: string; hubspot: string; google: string };
  jira: { email: string; apiToken: string; webhookSecret?: string };
  hubspot: { accessToken: string; webhookSecret?: string };
  google: { clientEmail: string; privateKey: string };
}

/** How the company's hub is configured: where the vendors are, and where this firm keeps which field. */
export function sourcesOf({ addresses, ...secrets }: SourcesInput): SandboxSource[] {
  const { email, ...jiraSecrets } = secrets.jira;
  return [
    { id: 'hubspot', connector: hubspot, config: hubSpotConfig(addresses.hubspot), secrets: secrets.hubspot },
    {
      id: 'jira',
      connector: jira,
      config: jiraConfig(addresses.jira, email),
      secrets: jiraSecrets,
    },
    { id: 'google-sheets', connector: googleSheets, config: sheetsConfig(addresses.google), secrets: secrets.google },
  ];
}

function hubSpotConfig(address: string): HubSpotConfigInput {
  return {
    address,
    deals: {
      properties: { nextStepDate: 'next_step_date' },
      projectKey: { property: 'jira_project_key' },
      stageStates: Object.fromEntries(dealStages.map(({ id, state }) => [id, state])),
      customFields: { changeRequestKey: 'change_request_key' },
    },
    companies: { currencyProperty: 'billing_currency' },
  };
}

function jiraConfig(site: string, email: string): JiraConfigInput {
  const currency = { field: jiraFields.currency };
  return {
    site,
    email,
    opportunities: { from: 'property', property: dealsProperty, path: ['deals'] },
    workItems: { points: jiraFields.points },
    changeRequests: {
      issueTypes: ['Change Request'],
      linkTypes: ['implements'],
      states: Object.fromEntries(jiraStatuses.changeRequest.map(({ name, state }) => [name, state])),
      priceDelta: { field: jiraFields.price, currency },
      costDelta: { field: jiraFields.cost, currency },
      effortDelta: { field: jiraFields.effortHours, unit: 'hours' },
      scheduleDeltaDays: jiraFields.days,
      origin: jiraFields.origin,
    },
    risks: {
      issueTypes: ['Risk'],
      statuses: Object.fromEntries(jiraStatuses.risk.map(({ name, state }) => [name, state])),
      probability: { field: jiraFields.riskProbability, scale: 'percent' },
      impact: { field: jiraFields.riskImpact, currency },
      response: jiraFields.riskResponse,
    },
    milestones: {
      issueTypes: ['Milestone'],
      forecast: jiraFields.milestoneForecast,
      amount: { field: jiraFields.milestoneAmount, currency },
    },
    customFields: { commitment: jiraFields.commitment },
  };
}

type SheetTabs = GoogleSheetsConfigInput['spreadsheets'][number]['tabs'];

function sheetsConfig(rootUrl: string): GoogleSheetsConfigInput {
  return {
    rootUrl,
    spreadsheets: [
      { id: operationsSheetId, tabs: operationsTabs },
      { id: financeSheetId, tabs: financeTabs },
    ],
  };
}

const email = (column: string) => ({ column, scheme: 'email' });
const project = { column: 'Project', scheme: 'jira-project-key' };
const money = (column: string) => ({ column, currencyColumn: 'Currency' });

const operationsTabs: SheetTabs = [
  {
    name: 'people',
    tab: 'People',
    kind: 'person',
    key: { column: 'E-mail', scheme: 'email', keys: [{ scheme: 'jira-account', column: 'Jira account' }] },
    columns: {
      name: 'Name',
      email: { column: 'E-mail', lowerCase: true },
      role: 'Role',
      team: 'Team',
      zone: 'Time zone',
      status: 'Status',
    },
  },
  {
    name: 'capacity',
    sheetId: 102,
    kind: 'capacity',
    key: { column: 'E-mail' },
    columns: {
      person: email('E-mail'),
      secondsPerDay: { column: 'Hours per day', unit: 'hours' },
      validFrom: 'Valid from',
      calendar: 'Calendar',
    },
  },
  {
    name: 'projects',
    sheetId: 103,
    kind: 'project',
    key: { column: 'Key', scheme: 'jira-project-key' },
    columns: {
      name: 'Project',
      client: { column: 'Client domain', scheme: 'domain' },
      currency: 'Currency',
      zone: 'Time zone',
      start: 'Start',
      end: 'End',
      status: 'Status',
      manager: email('Manager'),
    },
    customFields: { remarks: 'Remarks' },
  },
  {
    name: 'change-requests',
    sheetId: 104,
    kind: 'changeRequest',
    key: { column: 'No.', keys: [{ scheme: 'jira-issue-key', column: 'Jira issue' }] },
    columns: {
      key: 'No.',
      title: 'Title',
      origin: 'Origin',
      state: 'State',
      submittedAt: 'Submitted',
      priceDelta: money('Price'),
      costDelta: money('Cost'),
      effortDelta: { column: 'Effort (h)', unit: 'hours' },
      scheduleDeltaDays: 'Days',
      project,
      requester: email('Requester'),
    },
  },
  {
    name: 'allocations',
    sheetId: 105,
    kind: 'allocation',
    key: { column: 'No.' },
    columns: {
      person: email('E-mail'),
      project,
      type: 'Type',
      from: 'From',
      to: 'To',
      secondsPerDay: { column: 'Hours per day', unit: 'hours' },
    },
  },
];

const financeTabs: SheetTabs = [
  {
    name: 'rates',
    sheetId: 201,
    kind: 'rate',
    key: { column: 'Rate ID' },
    columns: {
      person: email('E-mail'),
      billRate: money('Bill rate'),
      costRate: money('Cost rate'),
      validFrom: 'Valid from',
      validTo: 'Valid to',
    },
  },
  {
    name: 'budgets',
    sheetId: 202,
    kind: 'budget',
    key: { column: 'Project' },
    columns: {
      project,
      contractValue: money('Contract value'),
      plannedCost: money('Planned cost'),
      plannedSeconds: { column: 'Planned hours', unit: 'hours' },
      validFrom: 'Valid from',
    },
    customFields: { signed: 'Signed' },
  },
  {
    name: 'quotas',
    sheetId: 203,
    kind: 'quota',
    key: { column: 'Quota' },
    columns: { owner: email('Seller'), periodStart: 'From', periodEnd: 'To', amount: money('Amount') },
  },
  {
    name: 'exchange-rates',
    sheetId: 204,
    kind: 'exchangeRate',
    key: { column: 'Pair and month' },
    columns: { base: 'From', quote: 'To', validOn: 'Valid on', rate: 'Rate' },
  },
  {
    name: 'clients',
    sheetId: 205,
    kind: 'client',
    key: { column: 'Account', keys: [{ scheme: 'domain', column: 'Domain' }] },
    columns: { name: 'Name', domains: 'Domain', currency: 'Currency', country: 'Country' },
  },
  {
    name: 'targets',
    sheetId: 206,
    kind: 'target',
    key: { column: 'Figure' },
    columns: { metric: 'Figure', periodStart: 'From', value: 'Target' },
  },
];
