import {
  choice,
  decimal,
  flag,
  instant,
  integer,
  localDate,
  money,
  ref,
  refs,
  seconds,
  text,
  texts,
  type Field,
} from './fields.ts';

export const opportunityStates = [
  'QUALIFYING',
  'SCOPING',
  'PROPOSED',
  'NEGOTIATING',
  'WON',
  'LOST',
  'NO_DECISION',
] as const;
export const projectStatuses = ['PLANNED', 'ACTIVE', 'ON_HOLD', 'DELIVERED', 'CLOSED', 'CANCELLED'] as const;
export const statusCategories = ['TODO', 'DOING', 'DONE'] as const;
export const milestoneStatuses = ['PLANNED', 'AT_RISK', 'ACHIEVED', 'ACCEPTED'] as const;
export const proposalStates = ['DRAFT', 'SUBMITTED', 'ACCEPTED', 'DECLINED', 'SUPERSEDED'] as const;
export const riskStatuses = ['OPEN', 'MITIGATING', 'CLOSED', 'OCCURRED'] as const;
const allocationTypes = ['HARD', 'SOFT'] as const;
export const personStatuses = ['ACTIVE', 'LEFT'] as const;
export const changeRequestStates = [
  'CAPTURED',
  'TRIAGED',
  'IMPACT_ASSESSED',
  'COMMERCIAL_REVIEW',
  'QUOTED',
  'APPROVED',
  'IMPLEMENTING',
  'IMPLEMENTED',
  'CLOSED',
  'REJECTED',
  'DEFERRED',
  'WITHDRAWN',
  'ABSORBED',
] as const;

/**
 * The kinds of the graph and their fields. This list is the one source of the record shapes that connectors fill,
 * of the hub's columns, and of the API's fields and their descriptions.
 */
export const kinds = {
  person: {
    name: text('Full name as the source shows it.'),
    email: text('Primary e-mail address, in lower case; null where privacy settings hide it.'),
    status: choice(personStatuses, 'Whether the person still works here.'),
    zone: text('IANA time zone, such as "Europe/Berlin".'),
    role: text('What the person does, in the words of the source.'),
    team: text('The team the person belongs to.'),
  },
  client: {
    name: text('Legal or trade name.'),
    domains: texts('Internet domains, in lower case.'),
    currency: text('ISO 4217 code of the currency the client is billed in.'),
    country: text('Country, in the words of the source.'),
    owner: ref('person', 'Who is responsible for the relation.'),
  },
  exchangeRate: {
    base: text('ISO 4217 code of the currency that is converted.'),
    quote: text('ISO 4217 code of the currency converted into.'),
    validOn: localDate('The day the rate applies from, until the next one.'),
    rate: decimal('How many units of `quote` one unit of `base` buys.'),
  },
  rate: {
    person: ref('person', 'Whose rate it is; empty for a rate of a role.'),
    role: text('The role the rate is for, when it is not a person’s own.'),
    billRate: money('Price of one hour to the client.'),
    costRate: money('Cost of one hour to the firm.'),
    validFrom: localDate('First day of validity.'),
    validTo: localDate('Last day of validity; null while it has no end.'),
  },
  capacity: {
    person: ref('person', 'Whose capacity it is.'),
    validFrom: localDate('First day of validity.'),
    validTo: localDate('Last day of validity; null while it has no end.'),
    secondsPerDay: seconds('Working time of one working day, in seconds.'),
    calendar: text('The calendar of working days and holidays, by name.'),
  },
  opportunity: {
    name: text('What the deal is called.'),
    amount: money('What the client would pay, in the deal’s currency.'),
    pipeline: text('The pipeline, by the name people see.'),
    stage: text('The stage, by the name people see.'),
    state: choice(opportunityStates, 'What the stage means: the stage’s category, the same over all pipelines.'),
    probability: decimal('Chance of winning, 0 to 1.'),
    closeDate: localDate('The day the deal is expected to close, or closed.'),
    createdAt: instant('When the deal was created in its source.'),
    stageEnteredAt: instant('When the deal entered its present stage.'),
    lastActivityAt: instant('The last contact with the client; not the last modification.'),
    nextStep: text('What happens next, in the seller’s words.'),
    nextStepDate: localDate('The day the next step is due.'),
    forecastCategory: text('The seller’s forecast category.'),
    url: text('Address of the deal in its source.'),
    client: ref('client', 'Who would buy.'),
    owner: ref('person', 'The seller.'),
    projects: refs('project', 'Projects that deliver it, as its source names them.'),
  },
  lineItem: {
    opportunity: ref('opportunity', 'The opportunity it is sold with.'),
    name: text('What is sold.'),
    quantity: decimal('How many units.'),
    unitPrice: money('Price of one unit.'),
    amount: money('Price of the whole line; not necessarily quantity times unit price, since discounts apply.'),
  },
  quota: {
    owner: ref('person', 'The seller.'),
    periodStart: localDate('First day of the period.'),
    periodEnd: localDate('Last day of the period.'),
    amount: money('What is to be sold within the period.'),
  },
  project: {
    name: text('What the project is called.'),
    code: text('Short code people say, such as the Jira project key.'),
    status: choice(projectStatuses, 'Where the project stands.'),
    start: localDate('First day of work, in the project’s zone.'),
    end: localDate('Last planned day of work, in the project’s zone.'),
    currency: text('ISO 4217 code of the contract’s currency.'),
    zone: text('IANA time zone in which the project’s days are counted.'),
    url: text('Address of the project in its source.'),
    client: ref('client', 'For whom it is done.'),
    manager: ref('person', 'Who leads the delivery.'),
    opportunities: refs('opportunity', 'What it was sold as, as its source names it.'),
  },
  proposal: {
    name: text('What it is called.'),
    version: integer('Its number among the proposals of its opportunity, from 1.'),
    state: choice(
      proposalStates,
      'Where it stands with the client; SUPERSEDED when another one of its opportunity was submitted or accepted.',
    ),
    price: money('What the client would pay.'),
    plannedCost: money('What the work is planned to cost: budget at completion.'),
    plannedSeconds: seconds('Planned work, in seconds.'),
    start: localDate('First day of work.'),
    end: localDate('Last planned day of work.'),
    deliverables: texts('What the client gets, one by one.'),
    changeControl: text('The clause that says how changes are agreed.'),
    cadenceDays: integer('Calendar days from one meeting of both sides to the next.'),
    reportingCycleDays: integer('Calendar days from one report to the next.'),
    escalationPath: texts(
      'Who hears of what is late, behind the project’s manager, in order: names, roles or addresses.',
    ),
    url: text('Address of the document.'),
    opportunity: ref('opportunity', 'The opportunity it is made for.'),
    project: ref('project', 'The project it was accepted for.'),
  },
  proposalRole: {
    proposal: ref('proposal', 'The proposal it belongs to.'),
    role: text('What the people do who are planned.'),
    seconds: seconds('Planned work of this role, in seconds.'),
  },
  budget: {
    project: ref('project', 'The project it belongs to.'),
    contractValue: money('What the client has agreed to pay.'),
    plannedCost: money('What the work is planned to cost: budget at completion.'),
    plannedSeconds: seconds('Planned work, in seconds.'),
    validFrom: localDate('The day the budget applies from.'),
  },
  milestone: {
    project: ref('project', 'The project it belongs to.'),
    name: text('What is reached.'),
    status: choice(milestoneStatuses, 'Where it stands.'),
    due: localDate('The day that was agreed.'),
    forecast: localDate('The day expected now.'),
    achievedOn: localDate('The day it was reached; null while it is not.'),
    amount: money('What is invoiced when it is accepted.'),
  },
  allocation: {
    person: ref('person', 'Who is to work.'),
    project: ref('project', 'On which project.'),
    type: choice(
      allocationTypes,
      'HARD when it is confirmed; SOFT while it is only wanted, which an empty one counts as.',
    ),
    from: localDate('First day.'),
    to: localDate('Last day.'),
    secondsPerDay: seconds('Work on each working day of the person, in seconds.'),
  },
  changeRequest: {
    key: text('The name people say, such as an issue key.'),
    title: text('What is asked for, in one line.'),
    description: text('What is asked for, as plain text.'),
    type: text('The type, in the words of the source.'),
    origin: text('How it came up: client, team, defect and so on, in the words of the source.'),
    state: choice(changeRequestStates, 'Where its source says it stands.'),
    engineeringStatus: text('Status of the work on it, in the words of the source.'),
    engineeringStatusCategory: choice(statusCategories, 'What that status means.'),
    submittedAt: instant('When it was asked for.'),
    priceDelta: money('What the client pays more, or less; zero is an answer, null is not.'),
    listPrice: money('What it would cost the client by the price list, before any discount.'),
    costDelta: money('What it costs more, or less.'),
    effortDelta: seconds('Additional work, in seconds; negative when it saves work.'),
    scheduleDeltaDays: integer('By how many calendar days it moves the end.'),
    url: text('Address in its source.'),
    project: ref('project', 'The project it changes.'),
    requester: ref('person', 'Who asked.'),
    workItems: refs('workItem', 'The work that implements it.'),
  },
  workItem: {
    key: text('The name people say, such as an issue key; it changes when the item moves to another project.'),
    title: text('What is to be done, in one line.'),
    description: text('What is to be done, as plain text.'),
    type: text('The type, in the words of the source.'),
    status: text('Status, in the words of the source.'),
    statusCategory: choice(statusCategories, 'What the status means.'),
    estimate: seconds('Original estimate, in seconds.'),
    remaining: seconds('Remaining estimate, in seconds.'),
    points: decimal('Story points.'),
    due: localDate('The day it is due.'),
    createdAt: instant('When it was created in its source.'),
    doneAt: instant('When it was last finished; null while it is not.'),
    labels: texts('Labels.'),
    url: text('Address in its source.'),
    project: ref('project', 'The project it belongs to.'),
    assignee: ref('person', 'Who does it.'),
    parent: ref('workItem', 'The item it is part of.'),
    changeRequest: ref('changeRequest', 'The change request it implements.'),
  },
  timeEntry: {
    startedAt: instant('When the work began.'),
    localDate: localDate('The day it counts for: the calendar day where the person logged it.'),
    seconds: seconds('How long, in seconds.'),
    billable: flag('Whether the client pays for it, where the source says so.'),
    note: text('What was done, as plain text.'),
    person: ref('person', 'Who worked.'),
    workItem: ref('workItem', 'What was worked on.'),
    changeRequest: ref('changeRequest', 'The change request worked on, where the source names it directly.'),
    project: ref('project', 'The project, where the source names it directly.'),
  },
  risk: {
    key: text('The name people say, such as an issue key.'),
    title: text('What may happen, in one line.'),
    description: text('What may happen, as plain text.'),
    status: choice(riskStatuses, 'Where it stands.'),
    probability: decimal('How likely it is, 0 to 1.'),
    impact: money('What it would cost.'),
    response: text('What is done about it.'),
    due: localDate('The day the response is due.'),
    url: text('Address in its source.'),
    project: ref('project', 'The project at risk.'),
    owner: ref('person', 'Who watches it.'),
  },
} as const satisfies Record<string, Record<string, Field>>;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as KindName[];

type FieldsOf<Kind extends KindName> = (typeof kinds)[Kind];
export type FieldName<Kind extends KindName> = keyof FieldsOf<Kind> & string;
type ValueOf<F> = F extends Field<infer Value> ? Value : never;

/** What a source knows of one entity: a missing field is not known, null is known to be empty. */
export type FieldValues<Kind extends KindName> = {
  -readonly [Name in FieldName<Kind>]?: ValueOf<FieldsOf<Kind>[Name]> | null | undefined;
};
