import { fieldsOf, isFieldOf, type Field, type FieldType } from '@plumbline/connector';
import type { ColumnMapping, TableMapping } from './columns.ts';
import { formatProblem } from './dates.ts';
import type { TableDialect } from './dialect.ts';
import { headerName } from './header.ts';
import { mappedHeaders } from './mapped-headers.ts';

type Member = keyof ColumnMapping;

/** The members a field of each type takes beside `column` and `fixed`. */
const membersOfType: Readonly<Record<FieldType, readonly Member[]>> = {
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
  ref: ['scheme', 'table', 'values', 'lowerCase'],
  refs: ['scheme', 'table', 'values', 'lowerCase', 'separator'],
};

type Report = (path: string[], message: string) => void;

type Words = Pick<TableDialect, 'rowMember'>;

/** Holds a table's columns against the fields of its kind and against what it ignores; reports every mismatch. */
export function checkTable(
  table: Pick<TableMapping, 'kind' | 'key' | 'columns' | 'customFields' | 'ignoreColumns'>,
  words: Words,
  report: Report,
): void {
  for (const [name, mapping] of Object.entries(table.columns)) {
    if (!isFieldOf(table.kind, name)) {
      const known = Object.keys(fieldsOf(table.kind)).join(', ');
      report(['columns', name], `${table.kind} has no field "${name}"; it has ${known}`);
      continue;
    }
    const field = fieldsOf(table.kind)[name];
    if (field) for (const message of mismatches(field, mapping, words)) report(['columns', name], message);
  }
  const ignored = new Set(table.ignoreColumns.map(headerName));
  for (const used of mappedHeaders(table)) {
    if (ignored.has(headerName(used))) report(['ignoreColumns'], `ignores "${used}", which is mapped`);
  }
}

/** References to rows of tables that are not configured. */
export function checkReferences(
  table: Pick<TableMapping, 'columns'>,
  names: readonly string[],
  words: Pick<TableDialect, 'rowMember' | 'table'>,
  report: Report,
): void {
  for (const [field, { table: meant }] of Object.entries(table.columns)) {
    if (meant === undefined || names.includes(meant)) continue;
    const message = `no ${words.table.toLowerCase()} has the name "${meant}"; there are ${names.join(', ')}`;
    report(['columns', field, words.rowMember], message);
  }
}

function mismatches(field: Field, mapping: ColumnMapping, words: Words): string[] {
  const found: string[] = [];
  const written = (member: Member): string => (member === 'table' ? words.rowMember : member);
  if ((mapping.column === undefined) === (mapping.fixed === undefined)) found.push('wants either `column` or `fixed`');
  const allowed: readonly Member[] = ['column', 'fixed', ...membersOfType[field.type]];
  for (const member of Object.keys(mapping) as Member[]) {
    if (mapping[member] === undefined || allowed.includes(member)) continue;
    const takes = allowed.map(written).join(', ');
    found.push(`a field of type ${field.type} does not take \`${written(member)}\`; it takes ${takes}`);
  }
  return [...found, ...(typeRules[field.type]?.(mapping, { field, words }) ?? [])];
}

const typeRules: Partial<Record<FieldType, (mapping: ColumnMapping, of: { field: Field; words: Words }) => string[]>> =
  {
    money: ({ currency, currencyColumn }) =>
      (currency === undefined) === (currencyColumn === undefined)
        ? ['wants either `currency` or `currencyColumn`']
        : [],
    seconds: ({ unit, hoursPerDay }) => {
      if (unit === undefined) return ['wants `unit`: seconds, minutes, hours or days'];
      if (unit === 'days' && hoursPerDay === undefined)
        return ['wants `hoursPerDay`, since a day may mean 8 or 24 hours'];
      if (unit !== 'days' && hoursPerDay !== undefined) return ['takes `hoursPerDay` only with the unit days'];
      return [];
    },
    choice: ({ values }, { field: { options = [] } }) =>
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

function keyRule({ scheme, table }: ColumnMapping, { words }: { words: Words }): string[] {
  return (scheme === undefined) === (table === undefined) ? [`wants either \`scheme\` or \`${words.rowMember}\``] : [];
}
