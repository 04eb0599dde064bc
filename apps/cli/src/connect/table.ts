import { fieldsOf, type AnyRecord, type JsonValue } from '@plumbline/connector';

const MOST_COLUMNS = 6;
const WIDEST = 26;

/** Records as tables that people read, one for each kind. */
export function tablesOf(records: readonly AnyRecord[]): string[] {
  const kinds = [...new Set(records.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => ['', kind, ...tableOf(records.filter((record) => record.kind === kind))]);
}

function tableOf(records: readonly AnyRecord[]): string[] {
  const [first] = records;
  if (!first) return [];
  const filled = Object.keys(fieldsOf(first.kind)).filter((name) =>
    records.some((record) => valueOf(record, name) !== ''),
  );
  const names = filled.slice(0, MOST_COLUMNS);
  const rows = [names, ...records.map((record) => names.map((name) => valueOf(record, name)))];
  const widths = names.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = rows;
  return [
    `  ${line(head)}`,
    `  ${widths.map((width) => '─'.repeat(width)).join('  ')}`,
    ...body.map((row) => `  ${line(row)}`),
  ];
}

function valueOf({ fields }: AnyRecord, name: string): string {
  const text = shown((fields as Readonly<Record<string, JsonValue | undefined>>)[name] ?? null);
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}

function shown(value: JsonValue): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value !== 'object') return String(value).replace(/\s+/g, ' ');
  return 'amount' in value && 'currency' in value
    ? `${String(value.amount)} ${String(value.currency)}`
    : JSON.stringify(value);
}
