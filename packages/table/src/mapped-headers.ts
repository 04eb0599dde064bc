import type { TableMapping } from './columns.ts';
import { headerName } from './header.ts';

/** Every header the table's configuration speaks of, each once, as it was written first. */
export function mappedHeaders(table: Pick<TableMapping, 'key' | 'columns' | 'customFields'>): string[] {
  const written = [
    table.key.column,
    ...table.key.keys.map(({ column }) => column),
    ...Object.values(table.columns).flatMap(({ column, currencyColumn }) => [column, currencyColumn]),
    ...Object.values(table.customFields),
  ].filter((each) => each !== undefined);
  return [...new Map(written.map((each) => [headerName(each), each])).values()];
}
