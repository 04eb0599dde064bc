import type { ProjectStatus } from './vocabulary.ts';

/**
 * What is wrong with a project on purpose, by the rule of the field that finds it. `near` is a deal whose amount is off
 * by less than the rule tolerates; `likely` is a project that no key joins with the deal it was sold as.
 */
export type Quirk =
  | 'R02'
  | 'R03'
  | 'R04'
  | 'R05'
  | 'R06'
  | 'R10'
  | 'R11'
  | 'R14'
  | 'R16'
  | 'R19'
  | 'R25'
  | 'R27'
  | 'R34'
  | 'R35'
  | 'near'
  | 'likely';

/** The client projects of one division: how many of each status, and what is planted among them, one thing in each. */
export const projectMix: readonly {
  status: ProjectStatus;
  count: number;
  quirks: readonly (readonly [Quirk, number])[];
}[] = [
  {
    status: 'ACTIVE',
    count: 37,
    quirks: [
      ['R02', 2],
      ['R03', 2],
      ['R04', 3],
      ['near', 2],
      ['R05', 2],
      ['R06', 2],
      ['R10', 3],
      ['R11', 3],
      ['R14', 2],
      ['R16', 2],
      ['R19', 2],
      ['R25', 2],
      ['R34', 2],
      ['R35', 2],
      ['likely', 3],
    ],
  },
  { status: 'PLANNED', count: 4, quirks: [] },
  { status: 'ON_HOLD', count: 2, quirks: [] },
  { status: 'DELIVERED', count: 4, quirks: [] },
  { status: 'CLOSED', count: 8, quirks: [['R27', 2]] },
  { status: 'CANCELLED', count: 1, quirks: [] },
];

/** Projects that stand in the register before anybody has opened them in Jira. */
export const registerOnlyProjects = 2;
export const internalProjects = ['Presales support', 'Training', 'Recruiting', 'Internal tooling'] as const;

/** What is wrong with open deals on purpose; the rest of them are kept as the rules ask. */
export type DealQuirk = 'R07' | 'R19' | 'R21' | 'R22' | 'R23';
export const openDealQuirks: readonly (readonly [DealQuirk, number])[] = [
  ['R07', 4],
  ['R19', 2],
  ['R21', 5],
  ['R22', 3],
  ['R23', 4],
];
/** Won deals without a project: so many old enough for R01, and one that is too fresh for it. */
export const undeliveredDeals = { overdue: 3, fresh: 1 } as const;
export const duplicatePairs = 3;
/** Approved change requests with a price for which nobody made a change-order deal. */
export const missingChangeOrders = 4;
/** Clients that the finance sheet knows under another name, and under another domain. */
export const clientMismatches = { names: 3, domains: 1 } as const;

/** Repeats each value as often as it says. */
export function repeated<Value>(counted: readonly (readonly [Value, number])[]): Value[] {
  return counted.flatMap(([value, count]) => Array.from({ length: count }, () => value));
}
