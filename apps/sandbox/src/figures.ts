import type { Key } from '@plumbline/connector';
import {
  figureDefinitions,
  type AbsorbedChange,
  type Figures,
  type MoneyText,
  type ProjectFigures,
  type ScopeClass,
  type Slippage,
} from './figure-types.ts';
import { createLeakageTally, type LeakageTally } from './leakage.ts';
import { amountText, type Currency } from './money.ts';
import { changeRequestNamed, dealNamed, projectNamed } from './names.ts';
import type { ChangeRequest, Deal, Division } from './plan.ts';
import { scopeClassOf } from './scope.ts';
import type { Logged } from './worklogs.ts';

export interface FigureCensus {
  /** Counts what a division plans and sells; the worklogs of its projects come afterwards. */
  addPlan(division: Division): void;
  add(logged: Logged): void;
  figures(): Figures;
}

/** A project's sums while its worklogs go by; nothing in it keeps the project's division in memory. */
interface ProjectTally {
  key: Key;
  currency: Currency;
  /** Null where no budget plans any. */
  plannedSeconds: number | null;
  scope: Record<ScopeClass, number>;
  leakage: LeakageTally;
}

/** Adds up a company's money and time, division by division and worklog by worklog. */
export function createFigureCensus(): FigureCensus {
  const projects = new Map<string, ProjectTally>();
  const absorbed: AbsorbedChange[] = [];
  const opportunities: Slippage[] = [];
  const scope = noSeconds();
  const leakage = createLeakageTally();
  return {
    addPlan(division) {
      for (const project of division.projects) {
        projects.set(project.key, {
          key: projectNamed(project).key,
          currency: project.currency,
          plannedSeconds: project.client ? project.plannedHours * 3_600 : null,
          scope: noSeconds(),
          leakage: createLeakageTally(),
        });
      }
      absorbed.push(...division.changeRequests.filter(({ state }) => state === 'ABSORBED').map(absorbedChange));
      opportunities.push(...division.deals.filter(({ archived }) => !archived).flatMap(slippageOf));
    },
    add(logged) {
      const tally = projects.get(logged.project.key);
      if (!tally) throw new RangeError(`time is logged in ${logged.project.key}, which no plan has`);
      const scopeClass = scopeClassOf(logged);
      for (const sums of [tally, { scope, leakage }]) {
        sums.scope[scopeClass] += logged.seconds;
        if (scopeClass === 'UNAPPROVED_CHANGE' || scopeClass === 'UNLINKED') sums.leakage.add(logged);
      }
    },
    figures: () => ({
      definitions: figureDefinitions,
      projects: [...projects.values()].map(projectFigures),
      absorbed,
      opportunities,
      overruns: [...projects.values()].flatMap(({ key, plannedSeconds, scope: seconds }) =>
        plannedSeconds === null ? [] : [{ project: key, plannedSeconds, loggedSeconds: sum(Object.values(seconds)) }],
      ),
      totals: {
        scope,
        leakage: leakage.leakage(),
        absorbed: absorbed.length,
        pushes: sum(opportunities.map(({ pushes }) => pushes)),
      },
    }),
  };
}

function noSeconds(): Record<ScopeClass, number> {
  return { BASELINE: 0, APPROVED_CHANGE: 0, UNAPPROVED_CHANGE: 0, UNLINKED: 0, INTERNAL: 0 };
}

function projectFigures({ key, currency, scope, leakage }: ProjectTally): ProjectFigures {
  return { project: key, currency, scope, leakage: leakage.leakage() };
}

function absorbedChange(request: ChangeRequest): AbsorbedChange {
  const { project, price, cost } = request;
  const money = (amount: number | null): MoneyText | null =>
    amount === null ? null : { amount: amountText(amount, project.currency), currency: project.currency };
  return {
    changeRequest: changeRequestNamed(request).key,
    project: projectNamed(project).key,
    price: money(price),
    cost: money(cost),
  };
}

/** How a deal's close date moved, from one value of its history to the next; nothing when it never did. */
export function slippageOf(deal: Pick<Deal, 'id' | 'name' | 'closeDates'>): Slippage[] {
  const days = deal.closeDates.map(({ value }) => value);
  const moves = days.map((day, index) => day - (days[index - 1] ?? day)).filter((move) => move !== 0);
  if (moves.length === 0) return [];
  return [
    {
      opportunity: dealNamed(deal).key,
      changes: moves.length,
      pushes: moves.filter((move) => move > 0).length,
      pulls: moves.filter((move) => move < 0).length,
      netDays: sum(moves),
    },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
