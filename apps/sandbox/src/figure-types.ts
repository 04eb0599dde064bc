import type { Key } from '@plumbline/connector';
import type { Currency } from './money.ts';
import type { ChangeRequestState } from './vocabulary.ts';

/** What a worklog was worked on; each is in one class. */
export const scopeClasses = ['BASELINE', 'APPROVED_CHANGE', 'UNAPPROVED_CHANGE', 'UNLINKED', 'INTERNAL'] as const;
export type ScopeClass = (typeof scopeClasses)[number];

/** Whether time was progress; each worklog has one of these. */
export type WorkNature = 'WORK' | 'CLIENT_WAIT' | 'REWORK';
export type Waste = Exclude<WorkNature, 'WORK'>;

/** How each figure was counted, in words. */
export const figureDefinitions = {
  BASELINE:
    'Time in a client’s project on an issue that belongs to no change and whose own commitment field has a value.',
  APPROVED_CHANGE:
    'Time in a client’s project, on a change request or on an issue that implements one, on a day on which it was agreed: it had reached APPROVED or ABSORBED by then, on that very day or before, and was not rejected, withdrawn or deferred since on a day before. The day is the worklog’s, by the clock of whoever logged it.',
  UNAPPROVED_CHANGE:
    'Time in a client’s project, on a change request or on an issue that implements one, on any other day; what was decided later does not change it.',
  UNLINKED:
    'Time in a client’s project on an issue that belongs to no change and whose own commitment field is empty, whatever stands in its epic’s.',
  INTERNAL: 'Time logged in a project that has no client.',
  leakage:
    'Hours of UNAPPROVED_CHANGE and UNLINKED, times the bill rate (atRisk) and times the cost rate (costLeak) the sheet has for that person on the worklog’s day, in the currency of the rate. Time without that rate is in no amount; its seconds stand in unpricedSeconds.',
  CLIENT_WAIT:
    'Time on an issue that has the label client-wait, and time that began while its issue was in status "Waiting for customer", whatever was decided on it afterwards.',
  REWORK: 'Time on an issue that has the label rework, but for what is CLIENT_WAIT.',
  waste:
    'Hours of CLIENT_WAIT and of REWORK, whatever their scope class, times the bill rate (price) and times the cost rate (cost) of that person on the worklog’s day; priced and left unpriced as leakage is.',
  recoveries:
    'Projects that leak and have a change request which can still be ordered: what is at risk in the contract’s currency, at the rate of exchange of each day’s month and to the hundredth, and how much of it an executed order of that price recovers: the smaller of the two. What is not is the net leakage.',
  absorbed: 'Change requests in state ABSORBED, with the price nobody pays and the cost.',
  opportunities:
    'Deals whose close date was changed: how often, to a later day (pushes), to an earlier one (pulls), and the days from the first date to the present one. Archived deals are not counted.',
  overruns:
    'Projects with planned hours in the budgets: those, and all time that was logged in them, whatever its class.',
} as const;

/** An exact decimal without trailing zeros, and the currency it is in. */
export interface MoneyText {
  amount: string;
  currency: Currency;
}

/** What time is worth at the rates of its day. */
export interface Worth {
  /** By code; a currency stands here when some of the time is priced in it. Exact decimals without trailing zeros. */
  byCurrency: readonly { currency: Currency; price: string; cost: string }[];
  /** Time that is missing in every price, and in every cost. */
  unpricedSeconds: Readonly<Record<'bill' | 'cost', number>>;
}

/** Time that was no progress, and what it is worth. */
export interface WasteFigures extends Worth {
  seconds: number;
}

/** Money of time that nobody agreed to pay for. */
export interface Leakage {
  /** By code; a currency stands here when some of the time is priced in it. Exact decimals without trailing zeros. */
  byCurrency: readonly { currency: Currency; atRisk: string; costLeak: string }[];
  /** Time that is missing in every atRisk, and in every costLeak. */
  unpricedSeconds: Readonly<Record<'bill' | 'cost', number>>;
}

export interface ProjectFigures {
  project: Key;
  currency: Currency;
  /** Seconds of each class, 0 where there are none: together all that was logged in the project. */
  scope: Readonly<Record<ScopeClass, number>>;
  leakage: Leakage;
  waste: Readonly<Record<Waste, WasteFigures>>;
}

/** What becomes of a project's leakage when one of its change requests is ordered. Amounts in the contract's currency. */
export interface Recovery {
  project: Key;
  changeRequest: Key;
  /** Where the request's source says it stands. */
  state: ChangeRequestState;
  currency: Currency;
  atRisk: string;
  /** The price of the order. */
  order: string;
  recovered: string;
  net: string;
}

export interface AbsorbedChange {
  changeRequest: Key;
  project: Key;
  /** Below zero for a credit; null when it was never priced. */
  price: MoneyText | null;
  cost: MoneyText | null;
}

export interface Slippage {
  opportunity: Key;
  changes: number;
  pushes: number;
  pulls: number;
  /** Below zero when it was pulled in. */
  netDays: number;
}

export interface Overrun {
  project: Key;
  plannedSeconds: number;
  loggedSeconds: number;
}

/** What a hub must calculate from what it has read, exactly. */
export interface Figures {
  definitions: typeof figureDefinitions;
  /** Every project, the firm's own and those without any time among them. */
  projects: readonly ProjectFigures[];
  recoveries: readonly Recovery[];
  absorbed: readonly AbsorbedChange[];
  /** Deals whose close date never changed are not in it. */
  opportunities: readonly Slippage[];
  overruns: readonly Overrun[];
  /** Of the whole company. */
  totals: {
    scope: Readonly<Record<ScopeClass, number>>;
    leakage: Leakage;
    waste: Readonly<Record<Waste, WasteFigures>>;
    /** How many change requests are absorbed. */
    absorbed: number;
    pushes: number;
  };
}
