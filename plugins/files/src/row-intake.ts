import type { RawRecord } from '@plumbline/connector';
import { readRowKey } from '@plumbline/table';
import type { Form, TableConfig } from './config.ts';
import type { FileRow } from './file-row.ts';
import type { Row } from './row.ts';

/** Of rows that cannot be used so many go to quarantine; the others are counted. */
const MOST_BROKEN = 1_000;
/** Tells the files of rows apart, which are remembered by one number each. */
const LINES_PER_FILE = 2 ** 32;

interface Broken {
  /** What its key column holds, where that can be read. */
  key: string | null;
  place: string;
  row: Row;
}

/**
 * Which keys of a table were seen, over all its files. Holds the keys and, of rows that cannot be used, no more than a
 * thousand, so that memory does not grow with what rows hold.
 */
export interface RowIntake {
  /** The rows that come next are of this file. */
  begin(path: string, form: Form): void;
  /** The record of a row; null for one that cannot be used, or whose key stands above already. */
  take(row: FileRow): RawRecord | null;
  /** Whether a row of the present file has a key that stands in an earlier one. */
  readonly sharesKeys: boolean;
  /** Records of the rows that cannot be used; they never take the place of a good one. To be called once, at the end. */
  broken(): RawRecord[];
  /** How many more there are, and one of them; null when there are none. */
  uncounted(): { count: number; example: string } | null;
  /** Every id there is. */
  ids(): string[];
}

export function createRowIntake(table: TableConfig): RowIntake {
  const places = new Map<string, number>();
  const files: { path: string; word: string }[] = [];
  const held: Broken[] = [];
  let uncounted: { count: number; example: string } | null = null;
  let sharesKeys = false;

  const placeOf = (number: number): string => {
    const file = files[Math.floor(number / LINES_PER_FILE)];
    return `${file?.word ?? 'line'} ${number % LINES_PER_FILE} of ${file?.path ?? ''}`;
  };
  const refuse = (row: FileRow, of: { key: string | null; place: string; problem: string }): null => {
    const problem = `${of.place}: ${of.problem}`;
    if (held.length < MOST_BROKEN) {
      held.push({ key: of.key, place: of.place, row: { key: of.key, cells: row.cells, problem } });
    } else uncounted = { count: (uncounted?.count ?? 0) + 1, example: problem };
    return null;
  };
  return {
    get sharesKeys() {
      return sharesKeys;
    },
    begin(path, form) {
      files.push({ path, word: form === 'json' ? 'item' : 'line' });
      sharesKeys = false;
    },
    take(row) {
      const at = (files.length - 1) * LINES_PER_FILE + row.number;
      const place = placeOf(at);
      const { key, problem } = readRowKey(row.key, table.key);
      if (row.problem !== null) return refuse(row, { key, place, problem: row.problem });
      if (key === null) return refuse(row, { key, place, problem });
      const first = places.get(key);
      if (first !== undefined) {
        if (Math.floor(first / LINES_PER_FILE) < files.length - 1) sharesKeys = true;
        const says = `duplicate key "${key}" in column "${table.key.column}", also in ${placeOf(first)}`;
        return refuse(row, { key: null, place, problem: says });
      }
      places.set(key, at);
      return { id: key, changedAt: null, payload: { key, cells: row.cells } satisfies Row };
    },
    broken() {
      return held.map(({ key, place, row }) => {
        // A row that is told by its key keeps what is known of it; others get an id of their own.
        let id = key !== null && !places.has(key) ? key : place;
        while (places.has(id)) id += '*';
        places.set(id, 0);
        return { id, changedAt: null, payload: row };
      });
    },
    uncounted: () => uncounted,
    ids: () => [...places.keys()],
  };
}
