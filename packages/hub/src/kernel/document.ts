/** How a row stands, shown as a colour beside what its cells say in words. */
export type RowMark = 'good' | 'watch' | 'bad';

/** Rows under heads. The first cell names its row. */
export interface Rows {
  head: readonly string[];
  rows: readonly (readonly string[])[];
  /** Those of the heads beneath which numbers stand. */
  numbers?: readonly string[];
  /** One for each row. */
  marks?: readonly (RowMark | null)[];
}

/** A part of a document; texts as they are, to be escaped by whoever writes them. */
export type Block =
  /** How the whole stands, in a sentence. */
  | { kind: 'status'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  /** What somebody said, line by line. */
  | { kind: 'quote'; lines: readonly string[] }
  | { kind: 'list'; items: readonly string[] }
  /** Labels with their values; an empty value leaves room to write. */
  | { kind: 'pairs'; rows: readonly (readonly [label: string, value: string])[] }
  | ({ kind: 'table' } & Rows)
  /** Room to write, for each label under each head. */
  | { kind: 'form'; head: readonly string[]; labels: readonly string[] };

/** A document before it has a form. */
export interface Document {
  title: string;
  blocks: readonly Block[];
}

export const documentForms = ['MARKDOWN', 'HTML'] as const;
export type DocumentForm = (typeof documentForms)[number];
