import type { Random } from '@plumbline/emulator';
import type { Day } from './days.ts';
import { quotedSmall } from './money.ts';
import type { Person, RatePeriod } from './plan.ts';
import { regions, type Region } from './regions.ts';
import { headOffice, teams } from './vocabulary.ts';

interface Post {
  role: Person['role'];
  sells: boolean;
  inJira: boolean;
  /** Days before today on which the person left. */
  left?: number;
  hidden?: 'listed' | 'unlisted';
  rates?: 'gap' | 'no cost' | 'late' | 'none';
}

/** The posts of one division, in the order of people's numbers. */
function posts(): Post[] {
  const seller: Post = { role: 'Seller', sells: true, inJira: false };
  const manager: Post = { role: 'Project manager', sells: false, inJira: true };
  const consultant: Post = { role: 'Consultant', sells: false, inJira: true };
  const consultants = Array.from({ length: 27 }, (_, index): Post => {
    if (index === 3) return { ...consultant, rates: 'gap' };
    if (index === 7) return { ...consultant, rates: 'no cost' };
    if (index === 11) return { ...consultant, rates: 'late' };
    if (index === 14 || index === 19 || index === 23) return { ...consultant, hidden: 'listed' };
    if (index === 25) return { ...consultant, left: 60 };
    return consultant;
  });
  return [
    ...Array.from({ length: 8 }, () => seller),
    { ...seller, left: 25 },
    ...Array.from({ length: 4 }, () => ({ ...manager, sells: true })),
    ...Array.from({ length: 3 }, () => manager),
    { ...manager, left: 20 },
    ...consultants,
    // Finance reads Jira but logs nothing there, and hides the address: no key joins the account with the staff list.
    { role: 'Controller', sells: false, inJira: true, hidden: 'unlisted', rates: 'none' },
  ];
}

/** Everybody of one division; people of later divisions carry its number in their address. */
export function planPeople(random: Random, division: number, today: Day): Person[] {
  const taken = new Set<string>();
  return posts().map((post, index) => {
    const number = division * 100 + index + 1;
    const region = regions[index % regions.length] ?? random.pick(regions);
    const { first, last, local } = name(random, region, taken);
    const suffix = division === 0 ? '' : `.d${division}`;
    return {
      number,
      first,
      last,
      name: region.familyNameFirst ? `${last} ${first}` : `${first} ${last}`,
      email: `${local}${suffix}@${headOffice.domain}`,
      region,
      role: post.role,
      team:
        post.role === 'Consultant'
          ? (teams[index % teams.length] ?? 'Platform')
          : post.sells
            ? 'Sales'
            : 'Delivery office',
      ownerId: post.sells ? String(70_000_000 + number) : null,
      accountId: post.inJira
        ? `712020:${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-${String(number).padStart(12, '0')}`
        : null,
      emailHidden: post.hidden !== undefined,
      accountListed: post.hidden === 'listed',
      leftOn: post.left === undefined ? null : today - post.left,
      hoursPerDay: post.role === 'Consultant' && index % 6 === 0 ? 6 : 8,
      rates: rates(random, post, region, today),
    };
  });
}

/** The rates of a person that are valid on a day; undefined when the sheet has no row for it. */
export function rateOn({ rates: periods }: Pick<Person, 'rates'>, day: Day): RatePeriod | undefined {
  return periods.find(({ from, to }) => from <= day && (to === null || day <= to));
}

function name(random: Random, region: Region, taken: Set<string>): { first: string; last: string; local: string } {
  for (let attempt = 0; ; attempt += 1) {
    const [first, firstAscii] = random.pick(region.firstNames);
    const [last, lastAscii] = random.pick(region.lastNames);
    const local = `${firstAscii}.${lastAscii}${attempt > 200 ? attempt : ''}`;
    if (taken.has(local)) continue;
    taken.add(local);
    return { first, last, local };
  }
}

function rates(random: Random, { role, rates: flaw }: Post, region: Region, today: Day): RatePeriod[] {
  if (flaw === 'none') return [];
  const bill = quotedSmall(role === 'Consultant' ? random.integer(95, 150) : random.integer(140, 190), region.currency);
  const cost = quotedSmall(random.integer(48, 78), region.currency);
  const raised = quotedSmall(random.integer(80, 88), region.currency);
  const raise = today - random.integer(120, 200);
  const before: RatePeriod = { from: today - 700, to: raise - 1, bill, cost };
  const since: RatePeriod = { from: raise, to: null, bill, cost: Math.max(cost, raised) };
  switch (flaw) {
    case 'gap':
      return [
        { ...before, to: today - 150 },
        { ...since, from: today - 104 },
      ];
    case 'no cost':
      return [
        { ...before, to: today - 91 },
        { ...since, from: today - 90, cost: null },
      ];
    case 'late':
      return [{ ...since, from: today - 230 }];
    default:
      return [before, since];
  }
}

function hex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => random.integer(0, 15).toString(16)).join('');
}
