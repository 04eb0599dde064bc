import type { JsonValue, NamedItem } from '@plumbline/connector';
import type { TableMapping } from './columns.ts';
import { headerName } from './header.ts';

/** How an inventory calls a header of a table: two tables may have one of the same text. */
export function headerId({ name }: Pick<TableMapping, 'name'>, header: string): string {
  return `${headerName(header)} of ${name}`;
}

/** Every header that a table's configuration names, with the place where it does, as things of the inventory's list. */
export function namedHeaders(table: TableMapping, of: { path: string; list: string }): NamedItem[] {
  const one = (place: string, column: string | undefined, means: JsonValue = null): NamedItem[] =>
    column === undefined
      ? []
      : [{ path: `${of.path}.${place}`, list: of.list, id: headerId(table, column), stream: table.name, means }];
  return [
    ...one('key.column', table.key.column),
    ...table.key.keys.flatMap(({ column }, index) => one(`key.keys.${index}.column`, column)),
    ...Object.entries(table.columns).flatMap(([field, mapping]) => [
      ...one(`columns.${field}`, mapping.column, mapping as JsonValue),
      ...one(`columns.${field}.currencyColumn`, mapping.currencyColumn),
    ]),
    ...Object.entries(table.customFields).flatMap(([field, column]) => one(`customFields.${field}`, column)),
  ];
}
