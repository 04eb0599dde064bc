import { moneyText } from '../change-requests/quote.document.ts';
import type { Block, Document } from '../kernel/document.ts';
import type { ProposalTerms } from '../proposals/proposal-terms.rules.ts';
import type { ProposalState } from '../proposals/proposal.rules.ts';

/** What a client may know of a proposal: never its cost, its margin, its roles or what was said inside the firm. */
export interface PackFacts {
  state: ProposalState | null;
  /** Whether the client accepted it here, with evidence; what a source alone calls ACCEPTED was shown by nobody. */
  accepted: boolean;
  version: number | null;
  client: string | null;
  terms: Pick<
    ProposalTerms,
    | 'name'
    | 'price'
    | 'start'
    | 'end'
    | 'deliverables'
    | 'commitments'
    | 'changeControl'
    | 'cadenceDays'
    | 'reportingCycleDays'
    | 'escalationPath'
  >;
  /** Calendar days for which the quote of a change is valid. */
  quoteValidDays: number;
}

/** Composes the pack, with what is missing in it by name, or says in a sentence why there is none. Pure. */
export function composePack(facts: PackFacts): { document: Document; missing: string[] } | { reason: string } {
  const { state, terms } = facts;
  if (state === 'DECLINED' || state === 'SUPERSEDED') return { reason: `The proposal is ${state}.` };
  const missing = missingOf(terms);
  return {
    missing,
    document: {
      title: `How we work together: ${terms.name ?? 'proposal'}`,
      blocks: [
        { kind: 'status', text: statusOf(facts, missing) },
        { kind: 'pairs', rows: aboutOf(facts) },
        ...section('What you get', terms.deliverables ?? []),
        ...section('What we promise', (terms.commitments ?? []).map(promised)),
        { kind: 'heading', text: 'How we keep in touch' },
        { kind: 'pairs', rows: touchOf(terms) },
        { kind: 'heading', text: 'How changes are agreed' },
        { kind: 'text', text: terms.changeControl?.trim() || NOT_AGREED },
        { kind: 'list', items: changeSteps(facts.quoteValidDays) },
        { kind: 'heading', text: 'Who decides' },
        {
          kind: 'form',
          head: ['For you', 'For us'],
          labels: ['Decides on changes', 'Accepts what is delivered', 'Date', 'Signature'],
        },
      ],
    },
  };
}

const NOT_AGREED = 'Not agreed yet.';

function missingOf(terms: PackFacts['terms']): string[] {
  const parts: (readonly [string, unknown])[] = [
    ['price', terms.price],
    ['start', terms.start],
    ['end', terms.end],
    ['deliverables', terms.deliverables?.length],
    ['cadenceDays', terms.cadenceDays],
    ['reportingCycleDays', terms.reportingCycleDays],
    ['escalationPath', terms.escalationPath?.length],
    ['changeControl', terms.changeControl?.trim()],
  ];
  return parts.flatMap(([name, value]) => (value ? [] : [name]));
}

function statusOf({ state, accepted, version }: PackFacts, missing: readonly string[]): string {
  const numbered = version === null ? '' : ` Version ${version}.`;
  if (accepted) return `Agreed.${numbered}`;
  if (missing.length > 0) return `Draft: not everything is agreed yet.${numbered}`;
  return `${state === 'SUBMITTED' || state === 'ACCEPTED' ? 'Offered to you.' : 'Draft, not an offer.'}${numbered}`;
}

function aboutOf({ client, terms }: PackFacts): [string, string][] {
  return (
    [
      ['Client', client],
      ['Price', terms.price && moneyText(terms.price)],
      ['First day of work', terms.start],
      ['Last planned day of work', terms.end],
    ] as const
  ).flatMap(([label, value]): [string, string][] => (value === null ? [] : [[label, value]]));
}

function touchOf({ cadenceDays, reportingCycleDays, escalationPath }: PackFacts['terms']): [string, string][] {
  const every = (days: number | null): string =>
    days === null ? NOT_AGREED : days === 1 ? 'Every day' : `Every ${days} calendar days`;
  const path = escalationPath?.length ? ['the project’s manager', ...escalationPath].join(', then ') : NOT_AGREED;
  return [
    ['We meet', every(cadenceDays)],
    ['We report', every(reportingCycleDays)],
    ['Whoever is not content tells', path],
  ];
}

function promised({ text, deliverable, due }: NonNullable<ProposalTerms['commitments']>[number]): string {
  return `${text}${deliverable ? ` (${deliverable})` : ''}${due ? `, by ${due}` : ''}`;
}

function changeSteps(quoteValidDays: number): string[] {
  return [
    'Either side asks for a change, in whatever way; we write it down.',
    'We say what it means for price, work and schedule, zero included.',
    `You decide on our quote, which is valid for ${quoteValidDays} calendar days.`,
    'Work on it begins when you have agreed, and not before.',
  ];
}

function section(heading: string, items: readonly string[]): Block[] {
  if (items.length === 0) return [];
  return [
    { kind: 'heading', text: heading },
    { kind: 'list', items },
  ];
}
