import type { MoneyValue } from '@plumbline/connector';
import { decimal, sum } from '../kernel/decimal.ts';
import { none } from '../kernel/figure.ts';
import { present, type PresentedMetric } from '../kernel/metric.graphql.ts';
import { margin } from '../money/margin.metrics.ts';
import { discountOf } from '../money/discount.rules.ts';

export interface MarginFacts {
  price: MoneyValue | null;
  cost: MoneyValue | null;
  listPrice: MoneyValue | null;
  /** Of the baseline that stood when it was quoted; of the latest before. */
  contractValue: MoneyValue | null;
  plannedCost: MoneyValue | null;
}

/** What a request does to the margin: its own, and its project's without it and with it. */
export interface CommercialMargin {
  own: PresentedMetric;
  projectBefore: PresentedMetric;
  projectAfter: PresentedMetric;
  /** How far its price is below the list price. */
  discount: PresentedMetric;
}

type Amounts = readonly (MoneyValue | null)[];

/** Amounts of different currencies are not added up; then there is no figure. Pure. */
export function marginsOf({ price, cost, listPrice, contractValue, plannedCost }: MarginFacts): CommercialMargin {
  const ofProject = (revenue: Amounts, costs: Amounts): PresentedMetric =>
    contractValue ? marginOf(revenue, costs) : marginOf([null], costs, 'There is no baseline.');
  return {
    own: marginOf([price], [cost], whyNoPrice(price)),
    projectBefore: ofProject([contractValue], [plannedCost]),
    projectAfter: ofProject([contractValue, price], [plannedCost, cost]),
    discount: discountOf({ priceDelta: price, listPrice }),
  };
}

function whyNoPrice(price: MoneyValue | null): string | null {
  if (!price) return 'The price is not known.';
  return decimal(price.amount).greaterThan(0) ? null : 'The price is not above 0.';
}

/** The margin of sums; none for the reason given, if one is. */
function marginOf(revenue: Amounts, cost: Amounts, reason: string | null = null): PresentedMetric {
  const currencies = [...new Set([...revenue, ...cost].flatMap((each) => (each ? [each.currency] : [])))];
  const mixed = currencies.length > 1 ? 'Its amounts are in different currencies.' : null;
  const inputs = { revenue: mixed ? null : total(revenue), cost: mixed ? null : total(cost) };
  const presented = present(margin, inputs, mixed ? null : (currencies[0] ?? null));
  const why = reason ?? mixed;
  return why ? { ...presented, figure: none(why) } : presented;
}

function total(amounts: Amounts): string | null {
  const known = amounts.filter((each) => each !== null);
  return known.length < amounts.length ? null : sum(known.map(({ amount }) => decimal(amount))).toFixed();
}
