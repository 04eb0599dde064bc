import type { JsonValue } from '@plumbline/connector';
import { decimal, type Decimal } from './decimal.ts';
import { spokenName } from './names.ts';

/** A figure, or the reason why there is none. Never 0 for unknown, never NaN. */
export type Figure = { value: string; reason: null } | { value: null; reason: string };

const RATIO_DIGITS = 20;
const MONEY_PLACES = 18;

/** There is no figure; the reason is a sentence that names the input. */
export function none(reason: string): Figure {
  return { value: null, reason };
}

/** All digits, as plain decimal text. */
export function exact(value: Decimal): Figure {
  return { value: value.toFixed(), reason: null };
}

/** What came out of a division, to 20 significant digits. */
export function rounded(value: Decimal): Figure {
  return exact(value.toSignificantDigits(RATIO_DIGITS));
}

/** An amount that came out of a division, to 18 decimal places: as many as an amount has. */
export function roundedAmount(value: Decimal): Figure {
  return exact(value.toDecimalPlaces(MONEY_PLACES));
}

/** A part of a whole, to 20 significant digits; none for a whole of 0. */
export function ratio(part: Decimal, whole: { of: Decimal; called: string }): Figure {
  return whole.of.isZero() ? none(`${whole.called} is 0.`) : rounded(part.div(whole.of));
}

type Present<Input> = Exclude<Input, null | undefined>;

/** Inputs that are all there: texts and numbers as decimals, lists as they are. */
type Known<Inputs> = {
  [Name in keyof Inputs]: Present<Inputs[Name]> extends string | number ? Decimal : Present<Inputs[Name]>;
};

/** Computes when every input is there; otherwise says which is missing, in its own words or in those of `missing`. */
export function whenKnown<Inputs extends Record<string, JsonValue>>(
  calculate: (known: Known<Inputs>) => Figure,
  missing: Readonly<Record<string, string>> = {},
): (inputs: Inputs) => Figure {
  return (inputs) => {
    const entries = Object.entries(inputs);
    const absent = entries.find(([, value]) => value === null)?.[0];
    if (absent !== undefined) return none(missing[absent] ?? `The ${spokenName(absent)} is not known.`);
    const known = entries.map(([name, value]) => [
      name,
      typeof value === 'string' || typeof value === 'number' ? decimal(value) : value,
    ]);
    return calculate(Object.fromEntries(known) as Known<Inputs>);
  };
}
