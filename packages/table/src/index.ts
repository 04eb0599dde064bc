export { isUnusable, normalCell, textOfCell, type Cell, type CellOrList } from './cell.ts';
export { checkReferences, checkTable } from './column-rules.ts';
export {
  columnMembers,
  columnsOf,
  header,
  tableMembers,
  type ColumnMapping,
  type KeyMapping,
  type TableMapping,
} from './columns.ts';
export type { TableDialect } from './dialect.ts';
export { freeName } from './free-name.ts';
export { foldsCase } from './field-value.ts';
export { headerName } from './header.ts';
export { findHeaders, lookForHeaders, SEARCHED_ROWS, type Headers, type TablePlace } from './headers.ts';
export { headerTexts, likelyHeaderRow } from './likely-headers.ts';
export { mappedHeaders } from './mapped-headers.ts';
export { headerId, namedHeaders } from './named-headers.ts';
export { mapRow, type TableRow } from './row.ts';
export { readRowKey } from './row-key.ts';
export { configureTable, type MappedTable } from './setup-config.ts';
export { kindOf, namesOf, tableQuestions, type SurveyedTable } from './setup-questions.ts';
