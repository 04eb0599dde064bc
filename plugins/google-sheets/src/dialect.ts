import type { TableDialect } from '@plumbline/table';

export const dialect: TableDialect = {
  rowScheme: 'sheet-row',
  rowMember: 'tab',
  table: 'Tab',
  remedy: 'Correct the sheet, or the mapping of its column; the next poll reads it again.',
};
