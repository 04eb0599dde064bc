import type { Field, FieldType, JsonValue, Key } from '@plumbline/connector';
import { textOfCell, type Cell } from './cell.ts';
import type { ColumnMapping } from './config.ts';
import { dateTimeOfSerial, dateTimeOfText, instantIn, instantOfText } from './dates.ts';
import { decimalOfNumber, decimalOfText, multiply, nearestInteger } from './decimal.ts';

/** What a value is read from: a cell that is not blank, how it is mapped, and what the row knows beside it. */
export interface Reading {
  cell: Exclude<Cell, null>;
  mapping: ColumnMapping;
  field: Field;
  /** The spreadsheet's zone, in which serial numbers and local times are meant. */
  timeZone: string;
  /** Whether the cell is formatted as a percentage, so that its number is a ratio already. */
  isPercent: boolean;
  /** The cell of `currencyColumn`. */
  currencyCell: Cell;
}

/** Reads a cell as its field's type wants it. Throws a RangeError that says what the cell holds and what is wanted. */
export function readFieldValue(reading: Reading): JsonValue {
  return readers[reading.field.type](reading);
}

const readers: Readonly<Record<FieldType, (reading: Reading) => JsonValue>> = {
  text: (reading) => cased(translated(reading), reading.mapping),
  texts: (reading) => entries(reading),
  money: (reading) => ({ amount: readDecimal(reading), currency: readCurrency(reading) }),
  decimal: readDecimal,
  integer: (reading) => {
    const text = readDecimal(reading);
    if (text.includes('.')) throw new RangeError(`holds ${text}, where a whole number is wanted`);
    return nearestInteger(text);
  },
  seconds: (reading) => nearestInteger(multiply(readDecimal(reading), secondsPerUnit(reading.mapping))),
  localDate: (reading) => readDateTime(reading).toPlainDate().toString(),
  instant: (reading) => {
    const absolute = typeof reading.cell === 'string' ? instantOfText(reading.cell) : null;
    return (absolute ?? instantIn(readDateTime(reading), reading.timeZone)).toString();
  },
  flag: readFlag,
  choice: readChoice,
  ref: (reading) => keyOf(cased(translated(reading), reading.mapping), reading.mapping),
  refs: (reading) => entries(reading).map((entry) => keyOf(entry, reading.mapping)),
};

/** A key of the mapping's scheme, or of the row of another tab. */
export function keyOf(value: string, mapping: Pick<ColumnMapping, 'scheme' | 'tab' | 'lowerCase'>): Key {
  if (mapping.tab !== undefined) return rowKey(mapping.tab, value);
  return `${mapping.scheme ?? 'sheet-row'}:${foldsCase(mapping) ? value.toLowerCase() : value}`;
}

/** Whether values of a key are the same in upper and lower case: addresses and domains always are. */
export function foldsCase({
  scheme,
  lowerCase,
}: {
  scheme?: string | undefined;
  lowerCase?: boolean | undefined;
}): boolean {
  return lowerCase === true || scheme === 'email' || scheme === 'domain';
}

/** The key every row has: the tab's configured name, not its title, and the value in the key column. */
export function rowKey(tab: string, value: string): Key {
  return `sheet-row:${tab}/${value}`;
}

function translated({ cell, mapping }: Reading): string {
  const text = textOfCell(cell);
  return mapped(mapping.values, text) ?? text;
}

/** What the configuration says a text means; case and outer blanks do not count. */
function mapped(values: Readonly<Record<string, string>> | undefined, text: string): string | undefined {
  const wanted = text.toLowerCase();
  return Object.entries(values ?? {}).find(([from]) => from.trim().toLowerCase() === wanted)?.[1];
}

function cased(text: string, { lowerCase }: ColumnMapping): string {
  return lowerCase ? text.toLowerCase() : text;
}

function entries({ cell, mapping }: Reading): string[] {
  const parts = textOfCell(cell).split(mapping.separator ?? ',');
  const kept = parts.map((part) => part.trim()).filter((part) => part !== '');
  return [...new Set(kept.map((part) => cased(mapped(mapping.values, part) ?? part, mapping)))];
}

function readDecimal({ cell, mapping, isPercent }: Reading): string {
  if (typeof cell === 'boolean') throw new RangeError(`holds ${textOfCell(cell)}, where a number is wanted`);
  if (typeof cell === 'number') {
    const text = decimalOfNumber(cell);
    return mapping.percent && !isPercent ? hundredth(text) : text;
  }
  const isPercentText = /%\s*$/.test(cell);
  const bare = withoutCurrency(cell.replace(/%\s*$/, ''), mapping);
  const text = decimalOfText(bare, mapping.decimalSeparator);
  if (text === null) {
    const hint = mapping.decimalSeparator === undefined ? '; numbers kept as text may need `decimalSeparator`' : '';
    throw new RangeError(`holds the text "${shortened(cell)}", where a number is wanted${hint}`);
  }
  return isPercentText || mapping.percent ? hundredth(text) : text;
}

function hundredth(text: string): string {
  return multiply(text, '0.01');
}

/** Currency signs around an amount are taken off where the configuration says how numbers are written. */
function withoutCurrency(text: string, { decimalSeparator, currency }: ColumnMapping): string {
  if (decimalSeparator === undefined) return text;
  const signs = currency === undefined ? '\\p{Sc}|[A-Z]{3}' : `\\p{Sc}|${currency}`;
  return text.replace(new RegExp(`^\\s*(${signs})\\s*|\\s*(${signs})\\s*$`, 'gu'), '');
}

function readCurrency({ mapping, currencyCell }: Reading): string {
  if (mapping.currency !== undefined) return mapping.currency;
  if (currencyCell === null) throw new RangeError(`has an amount, but "${mapping.currencyColumn}" is blank`);
  const code = textOfCell(currencyCell).toUpperCase();
  if (/^[A-Z]{3}$/.test(code)) return code;
  throw new RangeError(`"${mapping.currencyColumn}" holds "${shortened(code)}", where an ISO 4217 code is wanted`);
}

function secondsPerUnit({ unit, hoursPerDay = 24 }: ColumnMapping): string {
  const fixed = { seconds: '1', minutes: '60', hours: '3600' };
  return unit === undefined || unit === 'days' ? multiply(decimalOfNumber(hoursPerDay), '3600') : fixed[unit];
}

function readDateTime({ cell, mapping }: Reading): Temporal.PlainDateTime {
  const read =
    typeof cell === 'number'
      ? dateTimeOfSerial(cell)
      : typeof cell === 'string'
        ? dateTimeOfText(cell, mapping.format)
        : null;
  if (read) return read;
  if (typeof cell === 'number') throw new RangeError(`holds the number ${textOfCell(cell)}, which is no date`);
  const wanted = mapping.format === undefined ? 'an ISO date; other forms need `format`' : `"${mapping.format}"`;
  throw new RangeError(`holds "${shortened(textOfCell(cell))}", where a date is wanted: a date cell, or ${wanted}`);
}

function readFlag({ cell, mapping }: Reading): boolean {
  if (typeof cell === 'boolean') return cell;
  const text = textOfCell(cell).toLowerCase();
  const means = (words: readonly string[]): boolean => words.some((word) => word.trim().toLowerCase() === text);
  const yes = ['TRUE', ...(mapping.trueWords ?? [])];
  const no = ['FALSE', ...(mapping.falseWords ?? [])];
  if (means(yes)) return true;
  if (means(no)) return false;
  throw new RangeError(`holds "${shortened(text)}", where one of ${[...yes, ...no].join(', ')} is wanted`);
}

function readChoice({ cell, mapping, field }: Reading): string {
  const text = textOfCell(cell);
  const { options = [] } = field;
  const option =
    mapped(mapping.values, text) ?? options.find((each) => each === text.toUpperCase().replace(/[\s-]+/g, '_'));
  if (option !== undefined) return option;
  const known = [...Object.keys(mapping.values ?? {}), ...options].join(', ');
  throw new RangeError(`holds "${shortened(text)}", where one of ${known} is wanted`);
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
