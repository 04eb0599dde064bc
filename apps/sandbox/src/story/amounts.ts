import type { MoneyText } from './cast.ts';

/** So many hundredths of an amount, in whole units of its currency. */
export function shareOf({ amount, currency }: MoneyText, hundredths: number): MoneyText {
  return { amount: String(Math.round((Number(amount) * hundredths) / 100)), currency };
}

export function daysFrom(today: string, days: number): string {
  return Temporal.PlainDate.from(today).add({ days }).toString();
}
