import type { Key } from '@plumbline/connector';
import {
  figureDefinitions,
  type AbsorbedChange,
  type Figures,
  type MoneyText,
  type ProjectFigures,
  type ScopeClass,
  type Slippage,
  type Waste,
  type WasteFigures,
} from './figure-types.ts';
import { amountText, type Currency } from './money.ts';
import { changeRequestNamed, dealNamed, projectNamed } from './names.ts';
import type { ChangeRequest, Deal, Division } from './plan.ts';
import { createRecoveryCensus } from './recoveries.ts';
import { scopeClassOf } from './scope.ts';
import type { Logged } from './worklogs.ts';
import { createWorthTally, leakageOf, type WorthTally } from './worth.ts';

export interface FigureCensus {
  /** Counts what a division plans and sells; the worklogs of its projects come afterwards. */
  addPlan(division: Division): void;
  add(logged: Logged): void;
  figures(): Figures;
}

/** Sums of time while worklogs go by. */
interface TimeTally {
  scope: Record<ScopeClass, number>;
  leakage: WorthTally;
  waste: Readonly<Record<Waste, { seconds: number; worth: WorthTally }>>;
}

/** Those of a project; nothing in it keeps the project's division in memory. */
interface ProjectTally extends TimeTally {
  key: Key;
  currency: Currency;
  /** Null where no budget plans any. */
  plannedSeconds: number | null;
}

/** Adds up a company's money and time, division by division and worklog by worklog. */
export function createFigureCensus(): FigureCensus {
  const projects = new Map<string, ProjectTally>();
  const absorbed: AbsorbedChange[] = [];
  const opportunities: Slippage[] = [];
  const whole = createTimeTally();
  const recoveries = createRecoveryCensus();
  return {
    addPlan(division) {
      recoveries.addPlan(division);
      for (const project of division.projects) {
        projects.set(project.key, {
          key: projectNamed(project).key,
          currency: project.currency,
          plannedSeconds: project.client ? project.plannedHours * 3_600 : null,
          ...createTimeTally(),
        });
      }
      absorbed.push(...division.changeRequests.filter(({ state }) => state === 'ABSORBED').map(absorbedChange));
      opportunities.push(...division.deals.filter(({ archived }) => !archived).flatMap(slippageOf));
    },
    add(logged) {
      const tally = projects.get(logged.project.key);
      if (!tally) throw new RangeError(`time is logged in ${logged.project.key}, which no plan has`);
      const { nature } = logged;
      const scopeClass = scopeClassOf(logged);
      const leaks = scopeClass === 'UNAPPROVED_CHANGE' || scopeClass === 'UNLINKED';
      if (leaks) recoveries.add(logged);
      for (const sums of [tally, whole]) {
        sums.scope[scopeClass] += logged.seconds;
        if (leaks) sums.leakage.add(logged);
        if (nature === 'WORK') continue;
        sums.waste[nature].seconds += logged.seconds;
        sums.waste[nature].worth.add(logged);
      }
    },
    figures: () => ({
      definitions: figureDefinitions,
      projects: [...projects.values()].map(projectFigures),
      recoveries: recoveries.recoveries(),
      absorbed,
      opportunities,
      overruns: [...projects.values()].flatMap(({ key, plannedSeconds, scope: seconds }) =>
        plannedSeconds === null ? [] : [{ project: key, plannedSeconds, loggedSeconds: sum(Object.values(seconds)) }],
      ),
      totals: {
        ...timeFigures(whole),
        absorbed: absorbed.length,
        pushes: sum(opportunities.map(({ pushes }) => pushes)),
      },
    }),
  };
}

function createTimeTally(): TimeTally {
  return {
    scope: { BASELINE: 0, APPROVED_CHANGE: 0, UNAPPROVED_CHANGE: 0, UNLINKED: 0, INTERNAL: 0 },
    leakage: createWorthTally(),
    waste: {
      CLIENT_WAIT: { seconds: 0, worth: createWorthTally() },
      REWORK: { seconds: 0, worth: createWorthTally() },
    },
  };
}

function timeFigures({ scope, leakage, waste }: TimeTally): Pick<ProjectFigures, 'scope' | 'leakage' | 'waste'> {
  const wasted = ({ seconds, worth }: TimeTally['waste'][Waste]): WasteFigures => ({ seconds, ...worth.worth() });
  return {
    scope,
    leakage: leakageOf(leakage.worth()),
    waste: { CLIENT_WAIT: wasted(waste.CLIENT_WAIT), REWORK: wasted(waste.REWORK) },
  };
}

function projectFigures(tally: ProjectTally): ProjectFigures {
  return { project: tally.key, currency: tally.currency, ...timeFigures(tally) };
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
