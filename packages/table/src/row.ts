import {
  fieldsOf,
  HubError,
  type FieldValues,
  type JsonValue,
  type Key,
  type UnifiedRecord,
} from '@plumbline/connector';
import { isList, isUnusable, normalCell, type CellOrList } from './cell.ts';
import type { ColumnMapping, TableMapping } from './columns.ts';
import { withoutDust } from './decimal.ts';
import type { TableDialect } from './dialect.ts';
import { keyOf, readFieldValue, rowKey } from './field-value.ts';
import { headerName } from './header.ts';
import { readRowKey } from './row-key.ts';

/** A row as it is stored: what its cells hold, by header, and not where it stands. */
export interface TableRow {
  /** What identifies it; null for a row without a usable key. */
  key: string | null;
  cells: Readonly<Record<string, CellOrList>>;
  /** Headers of cells that are formatted as percentages, among the columns where that matters. */
  percent?: readonly string[] | undefined;
  /** Why the row cannot be used; such a row goes to quarantine. */
  problem?: string | undefined;
}

/** What a row's meaning depends on beside its cells. */
export interface RowReading {
  table: TableMapping;
  dialect: TableDialect;
  /** The zone in which local times are meant. */
  timeZone: string;
  /** What a mapped column means that the row does not have: a mistake, or a field about which nothing is known. */
  absent: 'mistake' | 'unknown';
}

/** The record a row means. Throws HubError BAD_RECORD that names table, row and column. */
export function mapRow(row: TableRow, reading: RowReading): UnifiedRecord {
  const { table } = reading;
  if (row.problem !== undefined || row.key === null) throw unusable(reading, row.problem ?? 'the row has no key');
  const cells = new Map(Object.entries(row.cells).map(([header, cell]) => [headerName(header), cell]));
  const percent = new Set(row.percent?.map(headerName));
  const within: Within = { ...reading, key: row.key, cellOf: cellReader(cells, { ...reading, key: row.key }), percent };
  const fields = Object.entries(table.columns).map(([name, mapping]) => [name, fieldValue(within, name, mapping)]);
  const customFields = Object.entries(table.customFields).flatMap(([name, column]) => {
    const cell = within.cellOf(column);
    return cell === undefined ? [] : [[name, customValue(cell)]];
  });
  return {
    kind: table.kind,
    id: row.key,
    keys: keysOf(within),
    fields: Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as FieldValues<typeof table.kind>,
    ...(customFields.length === 0
      ? {}
      : { customFields: Object.fromEntries(customFields) as Record<string, JsonValue> }),
  };
}

interface Within extends RowReading {
  key: string;
  /** The cell under a header; undefined where the row may lack the column. Throws for an error cell. */
  cellOf(column: string): CellOrList | undefined;
  percent: ReadonlySet<string>;
}

function cellReader(cells: ReadonlyMap<string, CellOrList>, reading: RowReading & { key: string }): Within['cellOf'] {
  const { key } = reading;
  return (column) => {
    const cell = cells.get(headerName(column));
    if (cell === undefined) {
      if (reading.absent === 'unknown') return undefined;
      throw unusable(reading, `row "${key}" was read without a column "${column}"`);
    }
    if (isUnusable(cell)) throw unusable(reading, `row "${key}", column "${column}" holds ${cell} instead of a value`);
    return isList(cell) ? cell : normalCell(cell);
  };
}

function fieldValue(within: Within, name: string, mapping: ColumnMapping): JsonValue | undefined {
  const { table, timeZone, dialect } = within;
  const field = fieldsOf(table.kind)[name];
  if (!field) throw unusable(within, `the kind ${table.kind} has no field "${name}"`);
  const cell = mapping.fixed ?? (mapping.column === undefined ? null : within.cellOf(mapping.column));
  if (cell === null || cell === undefined) return cell;
  const isPercent = mapping.column !== undefined && within.percent.has(headerName(mapping.column));
  const currencyCell = mapping.currencyColumn === undefined ? null : (within.cellOf(mapping.currencyColumn) ?? null);
  try {
    const { rowScheme } = dialect;
    return readFieldValue({ cell, mapping, field, timeZone, isPercent, currencyCell, rowScheme });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const column = mapping.column === undefined ? 'the fixed value' : `column "${mapping.column}"`;
    throw unusable(within, `row "${within.key}", ${column} (${name}) ${error.message}`, error);
  }
}

/** A custom field's value stays as the cell has it, but for the dust of doubles. */
function customValue(cell: CellOrList): JsonValue {
  if (isList(cell)) return cell.map(customValue);
  return typeof cell === 'number' ? withoutDust(cell) : cell;
}

function keysOf(within: Within): Key[] {
  const { table, key, dialect } = within;
  const { rowScheme } = dialect;
  const { scheme } = table.key;
  const own = [
    rowKey(rowScheme, table.name, key),
    ...(scheme === undefined ? [] : [keyOf(key, { mapping: { scheme }, rowScheme })]),
  ];
  const further = table.key.keys.flatMap((mapping) => {
    const cell = within.cellOf(mapping.column) ?? null;
    if (cell === null) return [];
    const read = readRowKey(cell, mapping);
    if (read.key === null) throw unusable(within, `row "${key}", ${read.problem}`);
    return [keyOf(read.key, { mapping, rowScheme })];
  });
  return [...new Set([...own, ...further])];
}

function unusable({ table, dialect }: RowReading, problem: string, cause?: unknown): HubError {
  return new HubError(
    { code: 'BAD_RECORD', message: `${dialect.table} ${table.name}: ${problem}.`, remedy: dialect.remedy },
    { cause },
  );
}
