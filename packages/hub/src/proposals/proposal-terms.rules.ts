import type { MoneyValue } from '@plumbline/connector';
import { InputError } from '../kernel/api-error.ts';
import { canonical } from '../kernel/columns.ts';
import { decimal, sum } from '../kernel/decimal.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { checkCommitments, withKeys, type CommitmentTerms } from './commitment.rules.ts';

export interface RolePlan {
  role: string;
  /** Planned work of the role, in seconds. */
  seconds: number;
}

/** What is offered; null where it says nothing. */
export interface ProposalTerms {
  name: string | null;
  price: MoneyValue | null;
  listPrice: MoneyValue | null;
  plannedCost: MoneyValue | null;
  plannedSeconds: number | null;
  start: string | null;
  end: string | null;
  deliverables: readonly string[] | null;
  changeControl: string | null;
  cadenceDays: number | null;
  reportingCycleDays: number | null;
  escalationPath: readonly string[] | null;
  roles: readonly RolePlan[] | null;
  commitments: readonly CommitmentTerms[] | null;
}

type GivenTerms = { [Name in keyof ProposalTerms]?: ProposalTerms[Name] | undefined };

export type TermsOrigin = 'GIVEN' | 'REVISED' | 'TEMPLATE' | 'OPPORTUNITY' | 'PROJECT' | 'ROLES';

export const termNames = [
  'name',
  'price',
  'listPrice',
  'plannedCost',
  'plannedSeconds',
  'start',
  'end',
  'deliverables',
  'changeControl',
  'cadenceDays',
  'reportingCycleDays',
  'escalationPath',
  'roles',
  'commitments',
] as const satisfies readonly (keyof ProposalTerms)[];

const MOST_ROLES = 30;
const MOST_LINES = 200;
/** A hundred years, as reports are looked for. */
const MOST_DAYS = 36_500;

/**
 * Each term by the first who says it, and who that was. Roles that are given make the sum of planned work, unless that
 * is given too. Throws InputError where terms contradict each other. Pure.
 */
export function settleTerms(candidates: readonly (readonly [TermsOrigin, GivenTerms])[]): {
  terms: ProposalTerms;
  origins: Record<string, TermsOrigin>;
} {
  const origins: Record<string, TermsOrigin> = {};
  const all = candidates.flatMap(([origin, given]): (readonly [TermsOrigin, GivenTerms])[] => [
    [origin, given],
    ['ROLES', { plannedSeconds: given.roles && given.roles.length > 0 ? secondsOf(given.roles) : null }],
  ]);
  const entries = termNames.map((name) => {
    const found = all.find(([, given]) => given[name] !== null && given[name] !== undefined);
    if (found) origins[name] = found[0];
    return [name, found?.[1][name] ?? null];
  });
  const settled = Object.fromEntries(entries) as ProposalTerms;
  const terms = { ...settled, commitments: settled.commitments && withKeys(settled.commitments) };
  checkTerms(terms);
  checkCommitments(terms);
  return { terms, origins };
}

/** Planned work of these roles, in seconds. */
export function secondsOf(roles: readonly RolePlan[]): number {
  return roles.reduce((total, { seconds }) => total + seconds, 0);
}

/** A line of a deal as its source has it; amounts as decimal text. */
export interface DealLine {
  name: string | null;
  quantity: string | null;
  amount: string | null;
  currency: string | null;
}

/** What the lines of a deal say: each is something the client gets; their price where all have one in one currency. */
export function termsOfLines(lines: readonly DealLine[]): Pick<GivenTerms, 'price' | 'deliverables'> {
  if (lines.length === 0) return {};
  const currencies = [...new Set(lines.map((line) => (line.amount === null ? null : line.currency)))];
  const [currency] = currencies;
  const total = () => sum(lines.map(({ amount }) => decimal(amount ?? 0))).toFixed();
  return {
    deliverables: lines.flatMap(({ name, quantity }) => {
      if (name === null) return [];
      return quantity === null || decimal(quantity).equals(1) ? [name] : [`${decimal(quantity).toFixed()} × ${name}`];
    }),
    price: currencies.length === 1 && currency ? { amount: total(), currency } : null,
  };
}

/** Fingerprint of what the client is offered: equal terms have equal ones, however amounts and lists of roles are written. */
export function contentHashOf(terms: ProposalTerms): string {
  const { name: _name, roles, price, plannedCost, listPrice, commitments, ...others } = terms;
  const byRole = sortedBy(roles ?? [], ({ role }) => role);
  const byKey = sortedBy(commitments ?? [], ({ key }) => key ?? '');
  return fingerprint({
    ...others,
    price: plain(price),
    plannedCost: plain(plannedCost),
    roles: byRole,
    // Only where they say something: what was submitted before there were such terms keeps its fingerprint.
    ...(listPrice ? { listPrice: plain(listPrice) } : {}),
    ...(byKey.length > 0 ? { commitments: byKey } : {}),
  });
}

/** By name and, since a sheet may have a name twice, by all else: in one order however they are written. */
function sortedBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[] {
  return items.toSorted((a, b) => compare(nameOf(a), nameOf(b)) || compare(canonical(a), canonical(b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function plain(money: MoneyValue | null): MoneyValue | null {
  return money && { amount: decimal(money.amount).toFixed(), currency: money.currency };
}

function checkTerms(terms: ProposalTerms): void {
  const wrong = (argument: keyof ProposalTerms, message: string, remedy: string): never => {
    throw new InputError(`terms.${argument}`, message, remedy);
  };
  for (const name of ['price', 'listPrice', 'plannedCost'] as const)
    if (!/^[A-Z]{3}$/.test(terms[name]?.currency ?? 'EUR'))
      wrong(name, `"${terms[name]?.currency}" is no ISO 4217 code.`, 'Give one such as "EUR".');
  for (const name of ['cadenceDays', 'reportingCycleDays'] as const)
    if ((terms[name] ?? 1) < 1 || (terms[name] ?? 1) > MOST_DAYS)
      wrong(name, `${name} is ${terms[name]}.`, `Give 1 to ${MOST_DAYS} days, or leave it out.`);
  if ((terms.plannedSeconds ?? 0) < 0)
    wrong('plannedSeconds', `plannedSeconds is ${terms.plannedSeconds}.`, 'Give no less than zero, or leave it out.');
  for (const name of ['deliverables', 'escalationPath'] as const)
    if ((terms[name]?.length ?? 0) > MOST_LINES || terms[name]?.some((line) => !line.trim() || line.length > 10_000))
      wrong(name, `${name} has blank lines, or more than ${MOST_LINES}.`, 'Leave them out, or put several into one.');
  const { roles, start, end } = terms;
  if (start !== null && end !== null && start > end)
    wrong('end', `It ends on ${end}, before it starts on ${start}.`, 'Correct one of the two.');
  if (!roles || roles.length === 0) return;
  if (roles.length > MOST_ROLES || new Set(roles.map(({ role }) => role.trim())).size < roles.length)
    wrong('roles', `There are more than ${MOST_ROLES} roles, or one stands twice.`, 'Give each role once.');
  if (roles.some(({ role, seconds }) => !role.trim() || seconds < 0))
    wrong('roles', 'A role has no name, or less than no work.', 'Give each role a name and its seconds.');
  if (terms.plannedSeconds !== secondsOf(roles))
    wrong(
      'plannedSeconds',
      `It is ${terms.plannedSeconds}, and the roles come to ${secondsOf(roles)} seconds.`,
      'Leave `plannedSeconds` out, or give `roles` that come to it.',
    );
}
