import type { MoneyValue } from '@plumbline/connector';
import { decimal } from '../kernel/decimal.ts';
import { none } from '../kernel/figure.ts';
import type { Refusal } from '../kernel/guards.ts';
import { present, type PresentedMetric } from '../kernel/metric.graphql.ts';
import { discountOnList } from './discount.metrics.ts';

/** Who may approve a quote below list price, and how far below. */
export interface DiscountTier {
  /** The largest discount, as a ratio of the list price. */
  upTo: string;
  /** Names, roles or e-mail addresses; upper and lower case are the same. */
  approvers: readonly string[];
}

/** Who answers for a step, as settings may name them. */
export interface Approver {
  name: string | null;
  email: string | null;
  role: string | null;
}

interface Priced {
  priceDelta: MoneyValue | null;
  listPrice: MoneyValue | null;
}

/** How far it is offered below its list price; no figure where the two are in different currencies. */
export function discountOf({ priceDelta, listPrice }: Priced): PresentedMetric {
  if (priceDelta && listPrice && priceDelta.currency !== listPrice.currency)
    return {
      ...present(discountOnList, { listPrice: null, price: null }),
      figure: none('The list price is in another currency than the price.'),
    };
  const inputs = { listPrice: listPrice?.amount ?? null, price: priceDelta?.amount ?? null };
  return present(discountOnList, inputs, listPrice?.currency ?? priceDelta?.currency ?? null);
}

/** Passes where no tiers are set, nothing is taken off, a waiver is given, or a tier that reaches so far names the approver. */
export function discount(
  subject: Priced & { approver: Approver | null },
  { waiver }: { waiver?: string | null | undefined },
  { discounts }: { discounts: readonly DiscountTier[] },
): Refusal | null {
  if (discounts.length === 0 || waiver?.trim()) return null;
  const { value: given, reason } = discountOf(subject).figure;
  if (given === null) return refusal(reason, 'Say the list price, or give a waiver.');
  if (decimal(given).isZero()) return null;
  const able = discounts.filter(({ upTo }) => decimal(given).lessThanOrEqualTo(upTo)).flatMap((each) => each.approvers);
  if (able.some((title) => isNamed(subject.approver, title))) return null;
  const shown = decimal(given).toDecimalPlaces(4).toFixed();
  if (able.length === 0)
    return refusal(`A discount of ${shown} is more than anybody may approve.`, 'Raise the price, or give a waiver.');
  return refusal(
    `${subject.approver?.name ?? 'The approver'} may not approve a discount of ${shown}.`,
    `Let it be approved by ${[...new Set(able)].join(' or ')}, raise the price, or give a waiver.`,
  );
}

function refusal(message: string, remedy: string): Refusal {
  return { guard: 'discount', message, remedy };
}

/** Whether a setting means them: by name, e-mail address or role, whatever the capitals. */
export function isNamed(approver: Approver | null, title: string): boolean {
  const wanted = title.trim().toLowerCase();
  return [approver?.name, approver?.email, approver?.role].some((each) => each?.trim().toLowerCase() === wanted);
}
