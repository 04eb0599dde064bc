import type { Block, RowMark } from '../kernel/document.ts';

/** Rows that a document shows, and how many more there are. */
export interface Listed<Row> {
  rows: readonly Row[];
  more: number;
}

interface Table<Row> {
  heading: string;
  head: readonly string[];
  of: Listed<Row>;
  cells(row: Row): readonly string[];
  numbers?: readonly string[];
  mark?(row: Row): RowMark | null;
}

/** As many rows of a list as a document shows. */
const MOST_ROWS = 50;

/** The rows of a list that a document shows, said in words. */
export async function listed<Item, Words>(
  items: readonly Item[],
  say: (item: Item) => Promise<Words>,
): Promise<Listed<Words>> {
  return {
    rows: await Promise.all(items.slice(0, MOST_ROWS).map(say)),
    more: Math.max(0, items.length - MOST_ROWS),
  };
}

/** A heading with its table, what was left out beneath it; nothing where there is nothing. Pure. */
export function table<Row>({ heading, head, of: { rows, more }, cells, numbers, mark }: Table<Row>): Block[] {
  if (rows.length === 0) return [];
  const rest: Block[] = more > 0 ? [{ kind: 'text', text: `${more} more not shown.` }] : [];
  const shownRows = {
    head,
    rows: rows.map(cells),
    ...(numbers ? { numbers } : {}),
    ...(mark ? { marks: rows.map(mark) } : {}),
  };
  return [{ kind: 'heading', text: heading }, { kind: 'table', ...shownRows }, ...rest];
}

/** A heading with its items; nothing where there are none. Pure. */
export function list(heading: string, items: readonly string[]): Block[] {
  if (items.length === 0) return [];
  return [
    { kind: 'heading', text: heading },
    { kind: 'list', items },
  ];
}
