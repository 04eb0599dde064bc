import { fieldsOf, isFieldOf, type Field, type FieldType, type KindName } from '@plumbline/connector';
import type { ColumnMapping } from './config.ts';
import { formatProblem } from './dates.ts';

type Member = keyof ColumnMapping;

/** The members a field of each type takes beside `column` and `fixed`. */
const columnMembers: Readonly<Record<FieldType, readonly Member[]>> = {
  text: ['values', 'lowerCase'],
  texts: ['separator', 'values', 'lowerCase'],
  money: ['currency', 'currencyColumn', 'decimalSeparator'],
  decimal: ['percent', 'decimalSeparator'],
  integer: ['decimalSeparator'],
  seconds: ['unit', 'hoursPerDay', 'decimalSeparator'],
  instant: ['format'],
  localDate: ['format'],
  flag: ['trueWords', 'falseWords'],
  choice: ['values'],
  ref: ['scheme', 'tab', 'values', 'lowerCase'],
  refs: ['scheme', 'tab', 'values', 'lowerCase', 'separator'],
};

type Report = (path: string[], message: string) => void;

/** Holds a tab's columns against the fields of its kind; reports every mismatch. */
export function checkColumns(
  tab: { kind: KindName; columns: Readonly<Record<string, ColumnMapping>> },
  report: Report,
): void {
  for (const [name, mapping] of Object.entries(tab.columns)) {
    if (!isFieldOf(tab.kind, name)) {
      const known = Object.keys(fieldsOf(tab.kind)).join(', ');
      report(['columns', name], `${tab.kind} has no field "${name}"; it has ${known}`);
      continue;
    }
    const field = fieldsOf(tab.kind)[name];
    if (field) for (const message of mismatches(field, mapping)) report(['columns', name], message);
  }
}

function mismatches(field: Field, mapping: ColumnMapping): string[] {
  const found: string[] = [];
  if ((mapping.column === undefined) === (mapping.fixed === undefined)) found.push('wants either `column` or `fixed`');
  const allowed: readonly string[] = ['column', 'fixed', ...columnMembers[field.type]];
  for (const [member, value] of Object.entries(mapping)) {
    if (value === undefined || allowed.includes(member)) continue;
    found.push(`a field of type ${field.type} does not take \`${member}\`; it takes ${allowed.join(', ')}`);
  }
  return [...found, ...(typeRules[field.type]?.(mapping, field) ?? [])];
}

const typeRules: Partial<Record<FieldType, (mapping: ColumnMapping, field: Field) => string[]>> = {
  money: ({ currency, currencyColumn }) =>
    (currency === undefined) === (currencyColumn === undefined) ? ['wants either `currency` or `currencyColumn`'] : [],
  seconds: ({ unit, hoursPerDay }) => {
    if (unit === undefined) return ['wants `unit`: seconds, minutes, hours or days'];
    if (unit === 'days' && hoursPerDay === undefined)
      return ['wants `hoursPerDay`, since a day may mean 8 or 24 hours'];
    if (unit !== 'days' && hoursPerDay !== undefined) return ['takes `hoursPerDay` only with the unit days'];
    return [];
  },
  choice: ({ values }, { options = [] }) =>
    Object.values(values ?? {})
      .filter((value) => !options.includes(value))
      .map((value) => `\`values\` gives "${value}"; allowed are ${options.join(', ')}`),
  localDate: formatRule,
  instant: formatRule,
  ref: keyRule,
  refs: keyRule,
};

function formatRule({ format }: ColumnMapping): string[] {
  const problem = format === undefined ? null : formatProblem(format);
  return problem === null ? [] : [`\`format\` ${problem}`];
}

function keyRule({ scheme, tab }: ColumnMapping): string[] {
  return (scheme === undefined) === (tab === undefined) ? ['wants either `scheme` or `tab`'] : [];
}
