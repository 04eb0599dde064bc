import type { CellValue } from './seed.ts';

export const numberFormats = ['DATE', 'DATE_TIME', 'PERCENT', 'CURRENCY', 'NUMBER', 'TEXT'] as const;
export type NumberFormat = (typeof numberFormats)[number];
export type ValueRender = 'FORMATTED_VALUE' | 'UNFORMATTED_VALUE' | 'FORMULA';
export type DateRender = 'SERIAL_NUMBER' | 'FORMATTED_STRING';

/** One cell. `value` is what is computed; formulas are kept as they were given and not computed again. */
export interface Cell {
  value: CellValue;
  formula?: string;
  /** Wins over the format of the column. */
  format?: NumberFormat;
}

const EPOCH = Temporal.PlainDateTime.from('1899-12-30T00:00');
const ERROR = /^#(REF!|N\/A|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|ERROR!)$/;

export function isBlank(cell: Cell | undefined): boolean {
  return cell === undefined || cell.value === null || (cell.value === '' && cell.formula === undefined);
}

/** A cell as `values.get` answers it; an empty one within a row is "". */
export function renderCell(input: {
  cell: Cell | undefined;
  format: NumberFormat | undefined;
  locale: string;
  value: ValueRender;
  dates: DateRender;
}): string | number | boolean {
  const { cell, format } = input;
  if (!cell || cell.value === null) return '';
  if (input.value === 'FORMULA' && cell.formula !== undefined) return cell.formula;
  const isDate = typeof cell.value === 'number' && (format === 'DATE' || format === 'DATE_TIME');
  if (input.value === 'FORMATTED_VALUE') return formatted(cell.value, format, input.locale);
  return isDate && input.dates === 'FORMATTED_STRING' ? formatted(cell.value, format, input.locale) : cell.value;
}

function formatted(value: string | number | boolean, format: NumberFormat | undefined, locale: string): string {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'string') return value;
  const language = locale.replace('_', '-');
  if (format === 'DATE') return fromSerial(value).toPlainDate().toLocaleString(language);
  if (format === 'DATE_TIME') return fromSerial(value).toLocaleString(language);
  if (format === 'PERCENT') return value.toLocaleString(language, { style: 'percent', maximumFractionDigits: 2 });
  const digits = format === 'CURRENCY' ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : {};
  return value.toLocaleString(language, { useGrouping: format === 'CURRENCY', maximumFractionDigits: 10, ...digits });
}

/** The local date and time of a serial number: days since 1899-12-30. */
function fromSerial(serial: number): Temporal.PlainDateTime {
  return EPOCH.add({ milliseconds: Math.round(serial * 86_400_000) });
}

/** A local date, or date and time, as the serial number a cell holds. */
function toSerial(text: string): number {
  const duration = EPOCH.until(Temporal.PlainDateTime.from(text), { largestUnit: 'milliseconds' });
  return duration.milliseconds / 86_400_000;
}

/** A cell from what `values.update` brings, or null to leave the cell alone. */
export function enterCell(input: {
  given: unknown;
  option: 'RAW' | 'USER_ENTERED';
  old: Cell | undefined;
}): Cell | null {
  const { given, old } = input;
  if (given === null || given === undefined) return null;
  const format = old?.format ? { format: old.format } : {};
  if (typeof given === 'number' || typeof given === 'boolean') return { value: given, ...format };
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  if (text === '') return { value: null, ...format };
  return input.option === 'RAW' ? { value: text, ...format } : { ...format, ...typed(text) };
}

/** What typing the text into a cell makes of it, as far as it is the same in every locale. */
function typed(text: string): Cell {
  if (text.startsWith("'")) return { value: text.slice(1) };
  if (text.startsWith('=')) return { value: '#ERROR!', formula: text };
  if (/^(true|false)$/i.test(text)) return { value: text.toLowerCase() === 'true' };
  if (/^[+-]?\d+(\.\d+)?%$/.test(text)) return { value: Number(text.slice(0, -1)) / 100, format: 'PERCENT' };
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return { value: Number(text) };
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return { value: toSerial(text), format: 'DATE' };
  return { value: text };
}

/** `effectiveValue` of grid data, which tells errors from texts. */
export function effectiveValue(cell: Cell | undefined): object | undefined {
  if (!cell || cell.value === null) return undefined;
  if (typeof cell.value === 'number') return { numberValue: cell.value };
  if (typeof cell.value === 'boolean') return { boolValue: cell.value };
  if (!ERROR.test(cell.value)) return { stringValue: cell.value };
  const type = { '#N/A': 'N_A', '#DIV/0!': 'DIVIDE_BY_ZERO' }[cell.value] ?? cell.value.replace(/[#!?]/g, '');
  return { errorValue: { type, message: `The cell holds ${cell.value}` } };
}
