/** An exact decimal: `units` × 10^−`scale`. */
interface Exact {
  units: bigint;
  scale: number;
}

/** Digits of a double that are sure; what stands behind them is dust such as 0.30000000000000004. */
const SURE_DIGITS = 15;
/** What the hub's decimals hold behind the point. */
const MOST_DECIMALS = 18;

/** A cell's double as plain decimal text: its shortest form, without an exponent, to 15 significant digits. */
export function decimalOfNumber(value: number): string {
  return render(parse(String(withoutDust(value))));
}

/** The double nearest to what a person sees in the cell. */
export function withoutDust(value: number): number {
  return Number(value.toPrecision(SURE_DIGITS));
}

/** Exact product of two decimal texts. */
export function multiply(left: string, right: string): string {
  const [a, b] = [parse(left), parse(right)];
  return render({ units: a.units * b.units, scale: a.scale + b.scale });
}

/** The nearest whole number; halves go away from zero. Throws a RangeError beyond what a double counts exactly. */
export function nearestInteger(text: string): number {
  const whole = Number(rounded(parse(text), 0).units);
  if (!Number.isSafeInteger(whole)) throw new RangeError(`${text} is too large`);
  return whole;
}

/**
 * A number a person typed as text. Without a separator only "1250.5" and the like are read; with one, blanks,
 * apostrophes and the other separator may group the thousands. Null for what is no number.
 */
export function decimalOfText(text: string, separator?: '.' | ','): string | null {
  const typed = text.trim().replace(/^−/, '-');
  if (separator === undefined) return /^[+-]?\d+(\.\d+)?$/.test(typed) ? render(parse(typed)) : null;
  const group = separator === ',' ? '.' : ',';
  const joined = typed.replace(/(?<=\d)[\s'’](?=\d)/g, group);
  const [whole = '', fraction, ...more] = joined.split(separator);
  const grouped = new RegExp(`^[+-]?(\\d+|\\d{1,3}(\\${group}\\d{3})+)$`);
  if (!grouped.test(whole) || more.length > 0 || (fraction !== undefined && !/^\d+$/.test(fraction))) return null;
  const digits = whole.replaceAll(group, '');
  return render(parse(fraction === undefined ? digits : `${digits}.${fraction}`));
}

function parse(text: string): Exact {
  const [, sign, whole = '0', fraction = '', exponent = '0'] =
    /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(text) ?? [];
  if (sign === undefined) throw new RangeError(`"${text}" is not a decimal`);
  const units = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

function rounded({ units, scale }: Exact, to: number): Exact {
  if (scale <= to) return { units, scale };
  const step = 10n ** BigInt(scale - to);
  const half = (units < 0n ? -step : step) / 2n;
  return { units: (units + half) / step, scale: to };
}

function render(value: Exact): string {
  const { units, scale } = rounded(value, MOST_DECIMALS);
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const split = digits.length - scale;
  const fraction = digits.slice(split).replace(/0+$/, '');
  const text = fraction === '' ? digits.slice(0, split) : `${digits.slice(0, split)}.${fraction}`;
  return units < 0n ? `-${text}` : text;
}
