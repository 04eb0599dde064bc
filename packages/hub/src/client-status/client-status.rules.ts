import type { milestoneStatuses, MoneyValue } from '@plumbline/connector';
import { hash } from 'node:crypto';
import { quotedStates, type ChangeRequestState } from '../change-requests/change-control.rules.ts';

/** Where a change stands, as a client is told it, with the words for it. */
export const changeWords = {
  RECEIVED: 'We are looking into it',
  POSTPONED: 'Postponed',
  WAITING_FOR_YOU: 'Waiting for your decision',
  AGREED: 'Agreed',
  IN_WORK: 'Agreed, and being worked on',
  DONE: 'Done',
  DECLINED: 'Declined by you',
  INCLUDED: 'Included at no charge',
  NOT_PURSUED: 'Not going ahead',
} as const;
type ChangeWord = keyof typeof changeWords;

export const milestoneWords = { PLANNED: 'Planned', LATE: 'Late', REACHED: 'Reached' } as const;
type MilestoneWord = keyof typeof milestoneWords;

/** A change request with what was said to the client about it here; nothing else of it is read. */
export interface ChangeFacts {
  id: string;
  title: string | null;
  state: ChangeRequestState | null;
  /** The last quote: the day and what it said the price was. */
  quote: { on: string; price: MoneyValue | null } | null;
  /** The client's decision behind that quote. */
  decision: { accepted: boolean; on: string } | null;
  /** Whether somebody here decided to give it away. */
  absorbed: boolean;
}

export interface MilestoneFacts {
  id: string;
  name: string | null;
  status: (typeof milestoneStatuses)[number] | null;
  due: string | null;
  forecast: string | null;
  achieved_on: string | null;
  /** Reached, and not accepted where acceptance is kept; never where that is nowhere. */
  awaits_acceptance: boolean;
}

/** A change order that was sent and is not signed. */
interface SentOrder {
  name: string;
  price: MoneyValue;
  on: string | null;
}

/** An offer that was submitted and is not answered; its price as it was then. */
export interface SubmittedOffer {
  price: MoneyValue | null;
  on: string;
}

/** What somebody here said, and meant for the client as well. */
export interface StatusMessage {
  text: string;
  /** The day of which it speaks. */
  on: string;
  nextStep: string | null;
  nextStepOn: string | null;
}

export interface ProjectFacts {
  id: string;
  name: string | null;
  /** The day it is there. */
  today: string;
  milestones: readonly MilestoneFacts[];
  changes: readonly ChangeFacts[];
  orders: readonly SentOrder[];
  /** The latest; null where nothing was said. */
  message: StatusMessage | null;
}

/** What a client may see of one project. */
export interface StatusProject {
  id: string;
  name: string;
  milestones: readonly StatusMilestone[];
  changeRequests: readonly StatusChange[];
  nextSteps: readonly { what: string; on: string | null }[];
  waitingForYou: readonly StatusWait[];
  message: StatusMessage | null;
}

export interface StatusMilestone extends Pick<MilestoneFacts, 'due' | 'forecast'> {
  id: string;
  name: string;
  state: MilestoneWord;
  achievedOn: string | null;
}

export interface StatusChange {
  id: string;
  title: string;
  state: ChangeWord;
  quote: { price: MoneyValue | null; quotedOn: string; validUntil: string } | null;
  decision: 'ACCEPTED' | 'DECLINED' | null;
  decidedOn: string | null;
}

/** Something that nobody but the client can do. */
export interface StatusWait {
  what: string;
  price: MoneyValue | null;
  since: string | null;
  validUntil: string | null;
}

/** All that a client sees. */
export interface ClientStatus {
  /** Who shows it. */
  firm: string;
  client: string;
  asOf: string;
  /** When the source that was read longest ago was read; null while one was never read. */
  readAt: string | null;
  /** Freshness of the least fresh source, 0 to 1; null while one was never read. */
  freshness: string | null;
  isLate: boolean;
  /** False where there is more than is shown. */
  complete: boolean;
  /** The latest of each offer that is open, without its name: that is one among colleagues. */
  messages: readonly StatusMessage[];
  /** What belongs to no project yet. */
  waitingForYou: readonly StatusWait[];
  projects: readonly StatusProject[];
}

const MOST_STEPS = 5;
const UNNAMED_MILESTONE = 'Milestone';

/** What a client sees of a project, out of what was read of it. Pure. */
export function projectStatus(facts: ProjectFacts, quoteValidDays: number): StatusProject {
  const changes = facts.changes.map((each) => changeStatus(each, quoteValidDays));
  const milestones = facts.milestones.map((each) => milestoneStatus(each, facts.today));
  return {
    id: outsideId(facts.id),
    name: facts.name ?? 'Project',
    message: facts.message,
    milestones,
    changeRequests: changes,
    nextSteps: nextSteps(milestones),
    waitingForYou: [
      ...changes.filter(({ state }) => state === 'WAITING_FOR_YOU').map(waitFor),
      ...facts.orders.map(({ name, price, on }) => ({
        what: `Your signature on the change order: ${name}`,
        price,
        since: on,
        validUntil: null,
      })),
      ...facts.milestones.filter((each) => each.awaits_acceptance).map(acceptanceOf),
    ],
  };
}

/**
 * Says of a change what was said to the client here: a quote stands once it was released, a decision once it is on
 * record. What a source calls quoted or approved is neither.
 */
export function changeStatus(facts: ChangeFacts, quoteValidDays: number): StatusChange {
  const { state, decision } = facts;
  const quote = state !== null && (quotedStates as readonly string[]).includes(state) ? facts.quote : null;
  return {
    id: outsideId(facts.id),
    title: facts.title ?? 'Change request',
    state: changeWord(facts),
    quote: quote && {
      price: quote.price,
      quotedOn: quote.on,
      validUntil: Temporal.PlainDate.from(quote.on).add({ days: quoteValidDays }).toString(),
    },
    decision: decision && (decision.accepted ? 'ACCEPTED' : 'DECLINED'),
    decidedOn: decision?.on ?? null,
  };
}

function changeWord({ state, quote, decision, absorbed }: ChangeFacts): ChangeWord {
  switch (state) {
    case 'DEFERRED':
      return 'POSTPONED';
    case 'QUOTED':
      return quote ? 'WAITING_FOR_YOU' : 'RECEIVED';
    case 'APPROVED':
      return decision?.accepted ? 'AGREED' : 'RECEIVED';
    case 'IMPLEMENTING':
      return decision?.accepted ? 'IN_WORK' : 'RECEIVED';
    case 'IMPLEMENTED':
    case 'CLOSED':
      return 'DONE';
    case 'REJECTED':
      return decision ? 'DECLINED' : 'NOT_PURSUED';
    case 'ABSORBED':
      return absorbed ? 'INCLUDED' : 'RECEIVED';
    case 'WITHDRAWN':
      return 'NOT_PURSUED';
    default:
      return 'RECEIVED';
  }
}

/** Late is what is expected behind the agreed day, or should have been reached by now. */
export function milestoneStatus(facts: MilestoneFacts, today: string): StatusMilestone {
  const { due, forecast, status } = facts;
  const expected = forecast ?? due;
  const reached = facts.achieved_on !== null || status === 'ACHIEVED' || status === 'ACCEPTED';
  const late = expected !== null && (expected < today || (due !== null && expected > due));
  return {
    id: outsideId(facts.id),
    name: facts.name ?? UNNAMED_MILESTONE,
    state: reached ? 'REACHED' : late ? 'LATE' : 'PLANNED',
    due,
    forecast,
    achievedOn: facts.achieved_on,
  };
}

function nextSteps(milestones: readonly StatusMilestone[]): { what: string; on: string | null }[] {
  return milestones
    .filter(({ state }) => state !== 'REACHED')
    .map(({ name, forecast, due }) => ({ what: name, on: forecast ?? due }))
    .toSorted((a, b) => (a.on ?? '9999').localeCompare(b.on ?? '9999'))
    .slice(0, MOST_STEPS);
}

function waitFor({ title, quote }: StatusChange): StatusWait {
  return {
    what: `Your decision on: ${title}`,
    price: quote?.price ?? null,
    since: quote?.quotedOn ?? null,
    validUntil: quote?.validUntil ?? null,
  };
}

function acceptanceOf({ name, achieved_on: since }: MilestoneFacts): StatusWait {
  return { what: `Your acceptance of: ${name ?? UNNAMED_MILESTONE}`, price: null, since, validUntil: null };
}

/** Says of an offer that it waits, and not what it is called: that is the deal's name among colleagues. */
export function answerTo({ price, on }: SubmittedOffer): StatusWait {
  return { what: 'Your answer to our offer', price, since: on, validUntil: null };
}

/** An id for the outside: stays the same, and tells nothing about the one in the graph. */
function outsideId(id: string): string {
  return hash('sha256', `client-status ${id}`, 'base64url').slice(0, 22);
}
