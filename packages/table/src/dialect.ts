/** How a connector speaks of its tables. */
export interface TableDialect {
  /** The key scheme of rows; a row's key is `scheme:NAME/KEY`. */
  rowScheme: string;
  /** The configuration's member by which a reference means a row of another table. */
  rowMember: string;
  /** What a table is called, at the beginning of a sentence. */
  table: string;
  /** What to do about a row that cannot be read. */
  remedy: string;
}
