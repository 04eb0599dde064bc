export const currencies = ['EUR', 'USD', 'GBP', 'CHF', 'JPY'] as const;
export type Currency = (typeof currencies)[number];

/** Euros that one unit bought in the middle of the year; the monthly rates swing around it. */
export const eurosPerUnit: Readonly<Record<Currency, number>> = { EUR: 1, USD: 0.9, GBP: 1.16, CHF: 1.05, JPY: 0.0061 };

const stepOfPrices: Readonly<Record<Currency, number>> = { EUR: 500, USD: 500, GBP: 500, CHF: 500, JPY: 50_000 };

/** A price as people quote it: a round number of the currency, near an amount in euros. */
export function quoted(euros: number, currency: Currency): number {
  return inStepsOf(stepOfPrices[currency], euros / eurosPerUnit[currency]);
}

/** A small price, such as of one hour or of a change request: whole units, and in yen whole hundreds. */
export function quotedSmall(euros: number, currency: Currency): number {
  return inStepsOf(currency === 'JPY' ? 100 : 1, euros / eurosPerUnit[currency]);
}

/** Decimal digits as HubSpot and the truth file keep them; never an exponent, never binary dust. */
export function amountText(amount: number, currency: Currency): string {
  return currency === 'JPY' ? String(Math.round(amount)) : amount.toFixed(2).replace(/\.00$/, '');
}

/** Shares of a total by weight, in whole steps, that add up to the total exactly; the total is a multiple of the step. */
export function apportion(total: number, weights: readonly number[], step: number): number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let weightSoFar = 0;
  let given = 0;
  return weights.map((weight) => {
    weightSoFar += weight;
    const upTo = inStepsOf(step, (total * weightSoFar) / whole);
    const share = upTo - given;
    given = upTo;
    return share;
  });
}

function inStepsOf(step: number, amount: number): number {
  return Math.round(amount / step) * step;
}
