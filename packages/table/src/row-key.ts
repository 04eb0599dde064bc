import { isInexact, isList, isUnusable, textOfCell, type CellOrList } from './cell.ts';
import type { KeyMapping } from './columns.ts';
import { foldsCase } from './field-value.ts';

/** Keys become part of record ids, which hold 500 characters. */
const LONGEST_KEY = 400;

/** The key in a row's key column, or why there is none that can be used. */
export function readRowKey(
  cell: CellOrList,
  { column, ...fold }: Pick<KeyMapping, 'column' | 'scheme' | 'lowerCase'>,
): { key: string; problem: null } | { key: null; problem: string } {
  const refuse = (problem: string): { key: null; problem: string } => ({ key: null, problem });
  if (cell === null) return refuse(`the key column "${column}" is blank`);
  if (isList(cell)) return refuse(`the key column "${column}" holds a list`);
  if (isUnusable(cell)) return refuse(`the key column "${column}" holds ${cell}`);
  if (typeof cell === 'boolean') return refuse(`the key column "${column}" holds a checkbox`);
  if (isInexact(cell)) {
    return refuse(`the key column "${column}" holds a number of more than 15 digits; format the column as plain text`);
  }
  const key = foldsCase(fold) ? textOfCell(cell).toLowerCase() : textOfCell(cell);
  if (key.length > LONGEST_KEY) return refuse(`the key in column "${column}" is longer than ${LONGEST_KEY} characters`);
  return { key, problem: null };
}
