import { businessDaysBetween, dateText } from './days.ts';
import { amountText } from './money.ts';
import { dealNamed, personNamed } from './names.ts';
import type { Deal, Division } from './plan.ts';
import type { Anomaly } from './truth-types.ts';

/** What the rules find among a division's deals by themselves. */
export function dealAnomalies({ deals, projects, today }: Division): Anomaly[] {
  const live = deals.filter(({ archived }) => !archived);
  const linked = new Set(projects.flatMap((project) => (project.quirk === 'likely' ? [] : project.contract)));
  return [
    ...live.filter((deal) => !linked.has(deal)).flatMap((deal) => undelivered(deal, today)),
    ...live.filter(isOpen).flatMap((deal) => neglected(deal, today)),
    ...live.flatMap((deal) => duplicated(deal, live)),
  ];
}

export function isOpen({ state }: Pick<Deal, 'state'>): boolean {
  return state !== 'WON' && state !== 'LOST' && state !== 'NO_DECISION';
}

export function closeDay({ closeDates }: Pick<Deal, 'closeDates'>): number {
  return closeDates.at(-1)?.value ?? 0;
}

export function dealAmount({ amounts }: Pick<Deal, 'amounts'>): number {
  return amounts.at(-1)?.value ?? 0;
}

/** How often the close date moved later; pulls are not counted. */
function pushes({ closeDates }: Pick<Deal, 'closeDates'>): number {
  return closeDates.filter(({ value }, index) => value > (closeDates[index - 1]?.value ?? Infinity)).length;
}

function undelivered(deal: Deal, today: number): Anomaly[] {
  const waited = businessDaysBetween(closeDay(deal), today);
  if (deal.state !== 'WON' || deal.projectKey !== null || waited <= 3) return [];
  const figures = {
    amount: amountText(dealAmount(deal), deal.currency),
    currency: deal.currency,
    businessDays: waited,
  };
  return [{ rule: 'R01', subject: dealNamed(deal), others: [], figures }];
}

/** What a seller has let slip on an open deal. */
function neglected(deal: Deal, today: number): Anomaly[] {
  const found: Anomaly[] = [];
  const add = (rule: Anomaly['rule'], figures: Anomaly['figures'], others: Anomaly['others'] = []): void => {
    found.push({ rule, subject: dealNamed(deal), others, figures });
  };
  if (closeDay(deal) < today) add('R07', { closeDate: dateText(closeDay(deal)), daysLate: today - closeDay(deal) });
  if (deal.owner.leftOn !== null) add('R19', { leftOn: dateText(deal.owner.leftOn) }, [personNamed(deal.owner)]);
  if (today - deal.lastActivityOn > 14) add('R21', { days: today - deal.lastActivityOn });
  if (pushes(deal) >= 3)
    add('R22', { pushes: pushes(deal), netDays: closeDay(deal) - (deal.closeDates[0]?.value ?? 0) });
  if (!deal.nextStep) add('R23', { missing: 'next step' });
  else if (deal.nextStep.on < today) add('R23', { dueOn: dateText(deal.nextStep.on) });
  return found;
}

function duplicated(deal: Deal, deals: readonly Deal[]): Anomaly[] {
  const original = deals.find(({ id }) => id === deal.duplicateOf);
  if (!original) return [];
  const figures = {
    amount: amountText(dealAmount(original), original.currency),
    otherAmount: amountText(dealAmount(deal), deal.currency),
    daysApart: Math.abs(closeDay(deal) - closeDay(original)),
  };
  return [{ rule: 'R24', subject: dealNamed(original), others: [dealNamed(deal)], figures }];
}
