import type { Key, KindName } from '@plumbline/connector';
import type { Figures } from './figure-types.ts';

/** The rules of which something is in the company, with the condition that was counted, in words. */
export const ruleConditions = {
  R01: 'A deal is WON, its close date is more than 3 business days before today, and no key links it with a project.',
  R02: 'A project is ACTIVE and the deal it was sold as is neither won nor lost.',
  R03: 'A project is ACTIVE and the deal it was sold as is LOST.',
  R04: 'A project has one contract deal, in the contract’s currency, whose amount differs from the contract value by more than max(1 %, 100).',
  R05: 'A project’s contract deal is in another currency than the project.',
  R06: 'A project starts before the close date of a contract deal, whatever the deal’s state.',
  R07: 'A deal is open and its close date is before today.',
  R09: 'A change request is approved or further, its price is not zero, and no deal names it in change_request_key.',
  R10: 'Time is logged on a change request, or on an issue that implements it, on a day before its approval; or it was never approved.',
  R11: 'Time is logged on a story, task, bug or sub-task of a client’s project that has no commitment and implements no change.',
  R14: 'A change request is REJECTED and time is logged for it after that day.',
  R16: 'Time is logged for a change request before the day it was submitted.',
  R19: 'The owner of an open deal, or the manager of an ACTIVE project, has left.',
  R20: 'HubSpot and the finance sheet know a client by different names under one domain, or under different domains by one name.',
  R21: 'An open deal had its last activity more than 14 days before today.',
  R22: 'An open deal’s close date was pushed 3 times or more.',
  R23: 'An open deal has no next step, or one that was due before today.',
  R24: 'Two open deals of one client with nearly the same name, amounts within 10 %, close dates within 30 days.',
  R25: 'The estimates of a project’s work items add up to more than 1.1 times the hours that were sold.',
  R27: 'Time is logged in a CLOSED project on a day after its end.',
  R28: 'Time is logged by a person on a day for which the sheet has no bill rate or no cost rate of theirs.',
  R29: 'In a week, this one or one of the seven behind it, a person’s allocations come to more than their working time: the hard ones alone, or hard and soft ones together.',
  R34: 'Several won contract deals name one project. Deals of change orders, which carry change_request_key, are no contract deals.',
  R35: 'At least 3 change requests of one project, each priced above 0 and below 2,500 in the contract’s currency, submitted within 60 days, together above 5,000.',
} as const;
export type RuleId = keyof typeof ruleConditions;

/** An entity by one of the keys it has after a sync. */
export interface Named {
  kind: KindName;
  key: Key;
  name: string;
}

export interface Anomaly {
  rule: RuleId;
  subject: Named;
  /** What else it is about, such as the deal of a project. */
  others: readonly Named[];
  /** Amounts as decimal text, hours and days as numbers, days of the calendar as `YYYY-MM-DD`. */
  figures: Readonly<Record<string, string | number>>;
}

export interface Link {
  opportunity: Key;
  project: Key;
  role: 'contract' | 'change-order';
  /** Who says so: the deal's property, the project's entity property, or both. */
  by: readonly ('deal' | 'project')[];
}

/** Two entities that belong together, but no key says so: for a person to confirm. */
export interface Likely {
  kinds: readonly [KindName, KindName];
  keys: readonly [Key, Key];
  because: string;
}

/** A record that no mapping can read, by the stream that brings it. */
export interface Quarantined {
  source: 'hubspot' | 'jira' | 'google-sheets';
  stream: string;
  id: string;
  because: string;
}

/** What a hub must find in the company after it has read everything. */
export interface Truth {
  company: { seed: string; size: string; today: string; malformed: boolean };
  /** Entities of each kind, after records of several sources were unified by their keys. */
  counts: Readonly<Record<KindName, number>>;
  /** Entities that more than one source knows: one key from each. */
  same: readonly { kind: KindName; keys: readonly Key[] }[];
  links: readonly Link[];
  likely: readonly Likely[];
  /** The condition that each rule's anomalies were counted by. */
  rules: typeof ruleConditions;
  /** Every case of these rules in the company, planted or not. */
  anomalies: readonly Anomaly[];
  /** Money and time to the cent and the second, counted from the plan: per project, per deal, and of the whole company. */
  figures: Figures;
  quarantine: readonly Quarantined[];
}
