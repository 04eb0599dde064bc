import type { Day } from './days.ts';
import type { Leakage, Worth } from './figure-types.ts';
import type { Currency } from './money.ts';
import { rateOn } from './people.ts';
import type { Person } from './plan.ts';

/** Some work, by what its price hangs on. */
interface Worked {
  person: Pick<Person, 'rates'> & { region: Pick<Person['region'], 'currency'> };
  day: Day;
  seconds: number;
}

export interface WorthTally {
  add(worked: Worked): void;
  worth(): Worth;
}

/** Adds up what time is worth at the rates of its day. */
export function createWorthTally(): WorthTally {
  // Hourly rates times seconds, which are whole numbers: they are divided once, at the end.
  const worth = new Map<Currency, { bill: bigint; cost: bigint }>();
  const unpricedSeconds = { bill: 0, cost: 0 };
  return {
    add({ person, day, seconds }) {
      const rate = rateOn(person, day);
      const { currency } = person.region;
      for (const kind of ['bill', 'cost'] as const) {
        const hourly = rate?.[kind] ?? null;
        if (hourly === null) {
          unpricedSeconds[kind] += seconds;
          continue;
        }
        const sum = worth.get(currency) ?? { bill: 0n, cost: 0n };
        sum[kind] += BigInt(hourly) * BigInt(seconds);
        worth.set(currency, sum);
      }
    },
    worth: () => ({
      byCurrency: [...worth]
        .map(([currency, { bill, cost }]) => ({ currency, price: hourlyText(bill), cost: hourlyText(cost) }))
        .sort((one, other) => (one.currency < other.currency ? -1 : 1)),
      unpricedSeconds: { ...unpricedSeconds },
    }),
  };
}

/** The same of time that nobody agreed to pay for. */
export function leakageOf({ byCurrency, unpricedSeconds }: Worth): Leakage {
  return {
    byCurrency: byCurrency.map(({ currency, price, cost }) => ({ currency, atRisk: price, costLeak: cost })),
    unpricedSeconds,
  };
}

/** Decimal text of an hourly rate times seconds. Time is logged in quarters of an hour; throws RangeError for less than a hundredth. */
function hourlyText(rateSeconds: bigint): string {
  if (rateSeconds % 36n !== 0n) throw new RangeError(`${rateSeconds} / 3600 has more than two decimals`);
  const hundredths = String(rateSeconds / 36n).padStart(3, '0');
  return `${hundredths.slice(0, -2)}.${hundredths.slice(-2)}`.replace(/\.?0+$/, '');
}
