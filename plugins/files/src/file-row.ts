import type { CellOrList } from '@plumbline/table';
import type { FileLimits, TableConfig } from './config.ts';

/** A row as a file holds it, before it is known whether its key can be used. */
export interface FileRow {
  /** Number of its first line or, in JSON, of the item; from 1. */
  number: number;
  /** What stands in the key column. */
  key: CellOrList;
  cells: Record<string, CellOrList>;
  /** What is wrong with the row as a whole; null when nothing is. */
  problem: string | null;
}

/** What a reader of one form needs: the text of one file and what is configured for it. */
export interface RowSource {
  path: string;
  text: AsyncIterable<string>;
  table: TableConfig;
  limits: FileLimits;
}
