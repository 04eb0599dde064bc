import type { Key } from '@plumbline/connector';
import { dateText, type Day } from './days.ts';
import type { Recovery } from './figure-types.ts';
import { exchangeRows } from './finance-sheet.ts';
import { amountText, type Currency } from './money.ts';
import { changeRequestNamed, projectNamed } from './names.ts';
import { rateOn } from './people.ts';
import type { ChangeRequest, Division, Project } from './plan.ts';
import type { Quirk } from './planted.ts';
import { headOffice, type ChangeRequestState } from './vocabulary.ts';
import type { Logged } from './worklogs.ts';

/** Projects in which nothing else is wrong than work that nobody agreed to. */
const leaking: readonly (Quirk | null)[] = ['R10', 'R11', 'R14', 'R16'];
/** States from which a request can still be ordered, by the decisions that are left. */
const orderable: readonly ChangeRequestState[] = [
  'CAPTURED',
  'TRIAGED',
  'IMPACT_ASSESSED',
  'COMMERCIAL_REVIEW',
  'QUOTED',
  'APPROVED',
  'IMPLEMENTING',
  'IMPLEMENTED',
];
const ratePlaces = 10n ** 12n;
const secondsPerHour = 3_600n;

interface Orderable {
  project: Key;
  currency: Currency;
  request: ChangeRequest;
}

export interface RecoveryCensus {
  addPlan(division: Division): void;
  /** Work that leaks. */
  add(logged: Logged): void;
  recoveries(): Recovery[];
}

/** What orders would recover: in every leaking project that has a request left to be ordered. */
export function createRecoveryCensus(): RecoveryCensus {
  const projects = new Map<string, Orderable>();
  // Hourly rates times seconds, by currency and month: a month has one rate of exchange.
  const leaked = new Map<string, Map<string, { currency: Currency; month: string; rateSeconds: bigint }>>();
  const eurosPer = new Map<string, bigint>();
  return {
    addPlan({ projects: planned, changeRequests, today }) {
      for (const { base, on, rate } of exchangeRows(today))
        eurosPer.set(`${base} ${on.slice(0, 7)}`, BigInt(Math.round(rate * Number(ratePlaces))));
      for (const project of planned.filter(({ quirk }) => leaking.includes(quirk))) {
        const request = requestToOrder(project, changeRequests);
        if (request)
          projects.set(project.key, { project: projectNamed(project).key, currency: project.currency, request });
      }
    },
    add({ project, person, day, seconds }) {
      const bill = rateOn(person, day)?.bill ?? null;
      if (bill === null || !projects.has(project.key)) return;
      const { currency } = person.region;
      const month = monthOf(day);
      const sums = leaked.get(project.key) ?? new Map();
      leaked.set(project.key, sums);
      const sum = sums.get(`${currency} ${month}`) ?? { currency, month, rateSeconds: 0n };
      sums.set(`${currency} ${month}`, { ...sum, rateSeconds: sum.rateSeconds + BigInt(bill) * BigInt(seconds) });
    },
    recoveries: () =>
      [...leaked].flatMap(([key, sums], turn): Recovery[] => {
        const ordered = projects.get(key);
        if (!ordered) return [];
        const worth = (currency: Currency, month: string): bigint =>
          currency === headOffice.currency ? ratePlaces : (eurosPer.get(`${currency} ${month}`) ?? 0n);
        const hundredths = [...sums.values()].reduce((total, { currency, month, rateSeconds }) => {
          const dividend = rateSeconds * 100n * ratePlaces * worth(currency, month);
          return total + dividend / (secondsPerHour * worth(ordered.currency, month));
        }, 0n);
        return [recovery(ordered, { atRisk: Number(hundredths / ratePlaces + roundUp(hundredths)) / 100, turn })];
      }),
  };
}

/** What is planted, where it can be ordered; else the first that can. */
function requestToOrder(project: Project, requests: readonly ChangeRequest[]): ChangeRequest | undefined {
  const own = requests.filter((request) => request.project === project && orderable.includes(request.state));
  return own.find(({ quirk }) => quirk !== null) ?? own[0];
}

/** Orders bring back half of what is at risk, and more than all of it, in turns. */
function recovery({ project, currency, request }: Orderable, of: { atRisk: number; turn: number }): Recovery {
  const { atRisk, turn } = of;
  const order = turn % 2 === 0 ? Math.floor(atRisk / 2) : Math.ceil(atRisk) + 1_000;
  const recovered = Math.min(atRisk, order);
  const text = (amount: number): string => amount.toFixed(2).replace(/\.?0+$/, '');
  return {
    project,
    changeRequest: changeRequestNamed(request).key,
    state: request.state,
    currency,
    atRisk: text(atRisk),
    order: amountText(order, currency),
    recovered: text(recovered),
    net: text(atRisk - recovered),
  };
}

function monthOf(day: Day): string {
  return dateText(day).slice(0, 7);
}

/** Half of a hundredth and more counts as one. */
function roundUp(hundredths: bigint): bigint {
  return (hundredths % ratePlaces) * 2n >= ratePlaces ? 1n : 0n;
}
