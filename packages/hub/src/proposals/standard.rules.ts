import { InputError } from '../kernel/api-error.ts';
import { present, type PresentedMetric } from '../kernel/metric.graphql.ts';
import { termNames, type ProposalTerms } from './proposal-terms.rules.ts';
import { sowCompliance } from './proposal.metrics.ts';

export type TermName = (typeof termNames)[number];

export const clauseSeverities = ['MUST', 'SHOULD'] as const;
type ClauseSeverity = (typeof clauseSeverities)[number];

/** What every proposal has to say in one place. */
export interface Clause {
  /** The name people say; unique within the standard. */
  id: string;
  /** What is wanted, in one sentence; shown where it is missing. */
  wants: string;
  /** The term that has to say it. */
  term: TermName;
  /** The least number of characters of a text, or of members of a list. */
  atLeast: number | null;
  /** Words that have to stand in it, whatever their capitals. */
  contains: readonly string[];
  severity: ClauseSeverity;
}

export interface Standard {
  /** 0 for what the hub asks for as long as nothing is published. */
  version: number;
  clauses: readonly Clause[];
}

const governance = (id: string, term: TermName, wants: string): Clause => ({
  id,
  term,
  wants,
  atLeast: null,
  contains: [],
  severity: 'MUST',
});

/** What the hub asks for as long as nobody has published a standard: what no SOW should be signed without. */
export const firstStandard: Standard = {
  version: 0,
  clauses: [
    governance('cadence', 'cadenceDays', 'How often both sides meet.'),
    governance('reporting', 'reportingCycleDays', 'How often there is a report.'),
    governance('escalation', 'escalationPath', 'Who hears of what is late.'),
    governance('change-control', 'changeControl', 'How changes are agreed.'),
  ],
};

export interface Compliance {
  standardVersion: number;
  /** The share of clauses that are met. */
  ratio: PresentedMetric;
  missing: readonly { clause: Clause; found: string }[];
}

/** How far these terms say what the standard wants. Pure. */
export function complianceOf(terms: ProposalTerms, { version, clauses }: Standard): Compliance {
  const missing = clauses.flatMap((clause) => {
    const found = lackOf(terms[clause.term], clause);
    return found === null ? [] : [{ clause, found }];
  });
  return {
    standardVersion: version,
    ratio: present(sowCompliance, { met: clauses.length - missing.length, clauses: clauses.length }),
    missing,
  };
}

/** What no proposal leaves the firm without: the clauses that MUST be met and are not, of a standard that somebody published. */
export function lackedBy(terms: ProposalTerms, standard: Standard): Compliance['missing'] {
  if (standard.version === firstStandard.version) return [];
  return complianceOf(terms, standard).missing.filter(({ clause }) => clause.severity === 'MUST');
}

/** What a term lacks, as a sentence; null where it says what is wanted. */
function lackOf(value: ProposalTerms[TermName], { term, atLeast, contains }: Clause): string | null {
  if (value === null || (typeof value === 'string' && !value.trim()) || (Array.isArray(value) && value.length === 0))
    return `${term} says nothing.`;
  if (atLeast !== null && (typeof value === 'string' || Array.isArray(value))) {
    const size = typeof value === 'string' ? value.trim().length : value.length;
    const unit = typeof value === 'string' ? 'characters' : 'members';
    if (size < atLeast) return `${term} has ${size} ${unit}, and ${atLeast} are wanted.`;
  }
  const text = textsOf(value).join('\n').toLowerCase();
  const lacking = contains.filter((word) => !text.includes(word.trim().toLowerCase()));
  return lacking.length === 0 ? null : `${term} does not say ${lacking.map((word) => `"${word}"`).join(', ')}.`;
}

/** What a term says in words, without the names of its members. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : [];
}

/** Terms that are words, or lists of them; of the others a clause can only want that they say something. */
const inWords: ReadonlySet<TermName> = new Set([
  'name',
  'deliverables',
  'changeControl',
  'escalationPath',
  'roles',
  'commitments',
]);

const MOST = 50;

/** Throws InputError where a standard cannot be meant. */
export function checkClauses(clauses: readonly Clause[]): void {
  const wrong = (message: string, remedy: string): never => {
    throw new InputError('clauses', message, remedy);
  };
  if (clauses.length === 0 || clauses.length > MOST)
    wrong(`There are ${clauses.length} clauses; 1 to ${MOST} are allowed.`, 'Give what every proposal has to say.');
  const ids = clauses.map(({ id }) => id.trim());
  if (ids.some((id) => !id || id.length > 100) || new Set(ids).size < ids.length)
    wrong('A clause has no `id`, one of more than 100 characters, or one that stands twice.', 'Give each its own.');
  for (const { id, wants, term, atLeast, contains } of clauses) {
    if (!wants.trim() || wants.length > 1_000) wrong(`"${id}" does not say what it wants.`, 'Say it, in `wants`.');
    if (atLeast !== null && (atLeast < 1 || atLeast > 100_000))
      wrong(`"${id}" wants at least ${atLeast}.`, 'Give a number from 1 to 100,000, or leave it out.');
    if (contains.length > 20 || contains.some((word) => !word.trim() || word.length > 200))
      wrong(`"${id}" has more than 20 words, or a blank or very long one.`, 'Give fewer and shorter ones.');
    if (!inWords.has(term) && (atLeast !== null || contains.length > 0))
      wrong(
        `"${id}" wants a length or words of ${term}, which is neither a text nor a list.`,
        'Leave `atLeast` and `contains` out; the clause wants that it says something.',
      );
  }
}
