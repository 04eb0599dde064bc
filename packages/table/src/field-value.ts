import type { Field, FieldType, JsonValue, Key } from '@plumbline/connector';
import { isInexact, isList, normalCell, textOfCell, type Cell, type CellOrList } from './cell.ts';
import type { ColumnMapping } from './columns.ts';
import { dateTimeOfSerial, dateTimeOfText, instantIn, instantOfText } from './dates.ts';
import { decimalOfNumber, decimalOfText, multiply, nearestInteger } from './decimal.ts';

/** What a value is read from: what the column holds, how it is mapped, and what the row knows beside it. */
export interface Reading {
  cell: Exclude<CellOrList, null>;
  mapping: ColumnMapping;
  field: Field;
  /** The zone in which local times, and serial numbers of dates, are meant. */
  timeZone: string;
  /** Whether the cell is formatted as a percentage, so that its number is a ratio already. */
  isPercent: boolean;
  /** What `currencyColumn` holds. */
  currencyCell: CellOrList;
  /** The key scheme of rows. */
  rowScheme: string;
}

/** A reading of one cell that is not blank. */
type CellReading = Reading & { cell: Exclude<Cell, null> };

/** Reads a cell as its field's type wants it. Throws a RangeError that says what the cell holds and what is wanted. */
export function readFieldValue(reading: Reading): JsonValue {
  const { cell, field } = reading;
  if (isInexact(cell)) {
    throw new RangeError('holds a number of more than 15 digits, the rest of which is lost; format it as plain text');
  }
  if (!isList(cell)) return readers[field.type]({ ...reading, cell });
  if (field.type === 'texts') return entriesOf(cell, reading.mapping);
  if (field.type === 'refs') return entriesOf(cell, reading.mapping).map((entry) => keyOf(entry, reading));
  throw new RangeError('holds a list, where one value is wanted');
}

const readers: Readonly<Record<FieldType, (reading: CellReading) => JsonValue>> = {
  text: (reading) => cased(translated(reading), reading.mapping),
  texts: ({ cell, mapping }) => entriesOf(parts(cell, mapping), mapping),
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
  ref: (reading) => keyOf(cased(translated(reading), reading.mapping), reading),
  refs: (reading) =>
    entriesOf(parts(reading.cell, reading.mapping), reading.mapping).map((entry) => keyOf(entry, reading)),
};

/** A key of the mapping's scheme, or of the row of another table. */
export function keyOf(
  value: string,
  { mapping, rowScheme }: { mapping: Pick<ColumnMapping, 'scheme' | 'table' | 'lowerCase'>; rowScheme: string },
): Key {
  if (mapping.table !== undefined) return rowKey(rowScheme, mapping.table, value);
  return `${mapping.scheme ?? rowScheme}:${foldsCase(mapping) ? value.toLowerCase() : value}`;
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

/** The key every row has: the table's configured name, not its title, and the value in the key column. */
export function rowKey(rowScheme: string, table: string, value: string): Key {
  return `${rowScheme}:${table}/${value}`;
}

function translated({ cell, mapping }: CellReading): string {
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

function parts(cell: Exclude<Cell, null>, { separator = ',' }: ColumnMapping): string[] {
  return textOfCell(cell).split(separator);
}

function entriesOf(cells: readonly Cell[], mapping: ColumnMapping): string[] {
  const texts = cells.map(normalCell).flatMap((cell) => (cell === null ? [] : [textOfCell(cell)]));
  return [...new Set(texts.map((text) => cased(mapped(mapping.values, text) ?? text, mapping)))];
}

function readDecimal({ cell, mapping, isPercent }: CellReading): string {
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

function readCurrency({ mapping, currencyCell }: Pick<Reading, 'mapping' | 'currencyCell'>): string {
  if (mapping.currency !== undefined) return mapping.currency;
  if (currencyCell === null) throw new RangeError(`has an amount, but "${mapping.currencyColumn}" is blank`);
  if (isList(currencyCell)) throw new RangeError(`has an amount, but "${mapping.currencyColumn}" holds a list`);
  const code = textOfCell(currencyCell).toUpperCase();
  if (/^[A-Z]{3}$/.test(code)) return code;
  throw new RangeError(`"${mapping.currencyColumn}" holds "${shortened(code)}", where an ISO 4217 code is wanted`);
}

function secondsPerUnit({ unit, hoursPerDay = 24 }: ColumnMapping): string {
  const fixed = { seconds: '1', minutes: '60', hours: '3600' };
  return unit === undefined || unit === 'days' ? multiply(decimalOfNumber(hoursPerDay), '3600') : fixed[unit];
}

function readDateTime({ cell, mapping }: CellReading): Temporal.PlainDateTime {
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

function readFlag({ cell, mapping }: CellReading): boolean {
  if (typeof cell === 'boolean') return cell;
  const text = textOfCell(cell).toLowerCase();
  const means = (words: readonly string[]): boolean => words.some((word) => word.trim().toLowerCase() === text);
  const yes = ['TRUE', ...(mapping.trueWords ?? [])];
  const no = ['FALSE', ...(mapping.falseWords ?? [])];
  if (means(yes)) return true;
  if (means(no)) return false;
  throw new RangeError(`holds "${shortened(text)}", where one of ${[...yes, ...no].join(', ')} is wanted`);
}

function readChoice({ cell, mapping, field }: CellReading): string {
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
