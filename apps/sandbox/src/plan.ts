import type { ChangeRequestState, OpportunityState, ProjectStatus } from './vocabulary.ts';
import type { Day } from './days.ts';
import type { Currency } from './money.ts';
import type { Quirk } from './planted.ts';
import type { Region } from './regions.ts';

export interface CompanyOptions {
  /** The same seed gives the same company. */
  seed: string;
  /** `large` is a hundred divisions, each as big as the whole of `small`. */
  size: 'small' | 'large';
  /** The company's present day, `YYYY-MM-DD`: nothing in it is later, but for plans and due dates. */
  today: string;
  /** Adds records that no mapping can read; off by default. */
  malformed?: boolean;
}

export interface Person {
  /** Unique in the company. */
  number: number;
  first: string;
  last: string;
  name: string;
  email: string;
  region: Region;
  role: 'Seller' | 'Project manager' | 'Consultant' | 'Controller';
  team: string;
  /** HubSpot's owner id; null for people who do not sell. */
  ownerId: string | null;
  /** Jira's account id; null for people without an account. */
  accountId: string | null;
  /** Whether privacy settings hide the e-mail address from Jira's API. */
  emailHidden: boolean;
  /** Whether the staff list names the Jira account, which joins the two where the address is hidden. */
  accountListed: boolean;
  leftOn: Day | null;
  hoursPerDay: number;
  /** Oldest first, without overlaps; a gap is a planted one. */
  rates: readonly RatePeriod[];
}

export interface RatePeriod {
  from: Day;
  to: Day | null;
  /** Of one hour, in the currency of the person's region. */
  bill: number | null;
  cost: number | null;
}

export interface Client {
  number: number;
  name: string;
  companyId: string;
  domain: string;
  region: Region;
  owner: Person;
  /** What the finance sheet calls it; null when it is not in the sheet. */
  listed: { name: string; domain: string } | null;
}

export interface Deal {
  id: string;
  name: string;
  client: Client;
  owner: Person;
  pipeline: 'default' | 'change-orders';
  /** Oldest first; the last is the present one. */
  stages: readonly { stage: string; on: Day }[];
  state: OpportunityState;
  amounts: readonly { value: number; on: Day }[];
  closeDates: readonly { value: Day; on: Day }[];
  currency: Currency;
  createdOn: Day;
  lastActivityOn: Day;
  nextStep: { text: string; on: Day } | null;
  /** What the deal itself says delivers it. */
  projectKey: string | null;
  /** For the deal of a change order: the change request it is the price of. */
  changeRequestKey: string | null;
  lineItems: readonly {
    id: string;
    name: string;
    quantity: number;
    unitPrice: number;
    discountPercent: number;
    amount: number;
  }[];
  archived: boolean;
  /** The deal it was entered a second time for. */
  duplicateOf: string | null;
}

export interface Project {
  /** Position in the division; its issues take their ids from it. */
  index: number;
  /** Null while it exists in the register only. */
  jiraId: string | null;
  key: string;
  name: string;
  /** Null for the firm's own work, which no register lists. */
  client: Client | null;
  manager: Person;
  team: readonly Person[];
  teamName: string;
  currency: Currency;
  zone: string;
  start: Day;
  end: Day;
  status: ProjectStatus;
  quirk: Quirk | null;
  service: string;
  /** The deals it was sold as, change orders not among them. */
  contract: Deal[];
  /** Whether the project's entity property in Jira names its deals. */
  namesDeals: boolean;
  contractValue: number;
  plannedHours: number;
  plannedCost: number;
  /** What the estimates of its work items add up to. */
  estimatedHours: number;
  /** Issues in Jira, of every type. */
  issueCount: number;
}

export interface ChangeRequest {
  number: number;
  project: Project;
  title: string;
  origin: string;
  state: ChangeRequestState;
  /** Every state it was in, oldest first; the first is its submission. */
  path: readonly { state: ChangeRequestState; on: Day }[];
  approvedOn: Day | null;
  requester: Person;
  price: number | null;
  cost: number | null;
  effortHours: number | null;
  days: number | null;
  issue: { id: string; key: string } | null;
  /** Its number in the register of the team that keeps one. */
  registerKey: string | null;
  quirk: 'R09' | 'R10' | 'R14' | 'R16' | 'R35' | null;
}

/** One division's holdings, but for issues and worklogs, which are made from it when they are asked for. */
export interface Division {
  number: number;
  seed: string;
  today: Day;
  /** The last day on which anything happened. */
  lastDay: Day;
  people: readonly Person[];
  clients: readonly Client[];
  projects: readonly Project[];
  changeRequests: readonly ChangeRequest[];
  deals: readonly Deal[];
}
