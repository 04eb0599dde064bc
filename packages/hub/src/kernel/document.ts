/** A part of a document; texts as they are, to be escaped by whoever writes them. */
export type Block =
  /** How the whole stands, in a sentence. */
  | { kind: 'status'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: readonly string[] }
  /** Labels with their values; an empty value leaves room to write. */
  | { kind: 'pairs'; rows: readonly (readonly [label: string, value: string])[] }
  | { kind: 'table'; head: readonly string[]; rows: readonly (readonly string[])[] };

/** A document before it has a form. */
export interface Document {
  title: string;
  blocks: readonly Block[];
}

export const documentForms = ['MARKDOWN', 'HTML'] as const;
export type DocumentForm = (typeof documentForms)[number];
