import type { changeRequestStates, opportunityStates, projectStatuses } from '@plumbline/connector';

export type OpportunityState = (typeof opportunityStates)[number];
export type ProjectStatus = (typeof projectStatuses)[number];
export type ChangeRequestState = (typeof changeRequestStates)[number];

/** States in which the client has agreed. */
export const agreedStates: readonly ChangeRequestState[] = ['APPROVED', 'IMPLEMENTING', 'IMPLEMENTED', 'CLOSED'];

export const teams = ['Platform', 'Integration', 'Mobile', 'Design', 'Data & Analytics'] as const;
/** The team that keeps its change requests in a sheet of its own. */
export const registerTeam = 'Data & Analytics';

/** Zone of the HubSpot portal and of the spreadsheets. */
export const headOffice = { zone: 'Europe/Berlin', currency: 'EUR', domain: 'kestrelvale.example' } as const;

/** Deal stages by pipeline, as the portal has them. */
export const dealStages: readonly {
  pipeline: 'default' | 'change-orders';
  id: string;
  label: string;
  probability: number;
  isClosed: boolean;
  state: OpportunityState;
}[] = [
  {
    pipeline: 'default',
    id: 'qualification',
    label: 'Qualification',
    probability: 0.1,
    isClosed: false,
    state: 'QUALIFYING',
  },
  { pipeline: 'default', id: 'scoping', label: 'Scoping', probability: 0.3, isClosed: false, state: 'SCOPING' },
  { pipeline: 'default', id: 'proposal', label: 'Proposal sent', probability: 0.5, isClosed: false, state: 'PROPOSED' },
  {
    pipeline: 'default',
    id: 'negotiation',
    label: 'Contract negotiation',
    probability: 0.8,
    isClosed: false,
    state: 'NEGOTIATING',
  },
  { pipeline: 'default', id: 'closedwon', label: 'Closed won', probability: 1, isClosed: true, state: 'WON' },
  { pipeline: 'default', id: 'closedlost', label: 'Closed lost', probability: 0, isClosed: true, state: 'LOST' },
  { pipeline: 'default', id: 'nodecision', label: 'No decision', probability: 0, isClosed: true, state: 'NO_DECISION' },
  {
    pipeline: 'change-orders',
    id: 'co-drafted',
    label: 'Drafted',
    probability: 0.5,
    isClosed: false,
    state: 'PROPOSED',
  },
  {
    pipeline: 'change-orders',
    id: 'co-sent',
    label: 'Sent to client',
    probability: 0.8,
    isClosed: false,
    state: 'NEGOTIATING',
  },
  { pipeline: 'change-orders', id: 'co-executed', label: 'Executed', probability: 1, isClosed: true, state: 'WON' },
  { pipeline: 'change-orders', id: 'co-declined', label: 'Declined', probability: 0, isClosed: true, state: 'LOST' },
];

/** Jira's statuses and what each means for the kind of issue that uses it. */
export const jiraStatuses = {
  work: [
    { id: '10000', name: 'To Do', category: 'new' },
    { id: '10001', name: 'In Progress', category: 'indeterminate' },
    { id: '10002', name: 'In Review', category: 'indeterminate' },
    { id: '10003', name: 'Done', category: 'done' },
    { id: '10004', name: 'Waiting for customer', category: 'indeterminate' },
  ],
  changeRequest: [
    { id: '10100', name: 'Captured', category: 'new', state: 'CAPTURED' },
    { id: '10101', name: 'Triaged', category: 'new', state: 'TRIAGED' },
    { id: '10102', name: 'Impact assessed', category: 'indeterminate', state: 'IMPACT_ASSESSED' },
    { id: '10103', name: 'Commercial review', category: 'indeterminate', state: 'COMMERCIAL_REVIEW' },
    { id: '10104', name: 'Quoted', category: 'indeterminate', state: 'QUOTED' },
    { id: '10105', name: 'Approved', category: 'indeterminate', state: 'APPROVED' },
    { id: '10106', name: 'Implementing', category: 'indeterminate', state: 'IMPLEMENTING' },
    { id: '10107', name: 'Implemented', category: 'done', state: 'IMPLEMENTED' },
    { id: '10108', name: 'Closed', category: 'done', state: 'CLOSED' },
    { id: '10109', name: 'Rejected', category: 'done', state: 'REJECTED' },
    { id: '10110', name: 'Deferred', category: 'new', state: 'DEFERRED' },
    { id: '10111', name: 'Withdrawn', category: 'done', state: 'WITHDRAWN' },
    { id: '10112', name: 'Absorbed', category: 'done', state: 'ABSORBED' },
  ],
  risk: [
    { id: '10200', name: 'Identified', category: 'new', state: 'OPEN' },
    { id: '10201', name: 'Mitigating', category: 'indeterminate', state: 'MITIGATING' },
    { id: '10202', name: 'Occurred', category: 'indeterminate', state: 'OCCURRED' },
    { id: '10203', name: 'Risk closed', category: 'done', state: 'CLOSED' },
  ],
  milestone: [
    { id: '10300', name: 'Planned', category: 'new' },
    { id: '10301', name: 'Reached', category: 'done' },
  ],
} as const;

export const issueTypes = {
  epic: { id: '10400', name: 'Epic' },
  story: { id: '10401', name: 'Story' },
  task: { id: '10402', name: 'Task' },
  bug: { id: '10403', name: 'Bug' },
  subtask: { id: '10404', name: 'Sub-task', subtask: true },
  changeRequest: { id: '10405', name: 'Change Request' },
  risk: { id: '10406', name: 'Risk' },
  milestone: { id: '10407', name: 'Milestone' },
} as const;

/** Ids of the site's custom fields, by what they hold. */
export const jiraFields = {
  points: 'customfield_10016',
  price: 'customfield_10101',
  currency: 'customfield_10102',
  cost: 'customfield_10103',
  effortHours: 'customfield_10104',
  days: 'customfield_10105',
  origin: 'customfield_10106',
  commitment: 'customfield_10107',
  riskProbability: 'customfield_10108',
  riskImpact: 'customfield_10109',
  riskResponse: 'customfield_10110',
  milestoneForecast: 'customfield_10111',
  milestoneAmount: 'customfield_10112',
} as const;
