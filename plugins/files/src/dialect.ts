import type { TableDialect } from '@plumbline/table';

export const dialect: TableDialect = {
  rowScheme: 'file-row',
  rowMember: 'table',
  table: 'Table',
  remedy: 'Correct the file, or the mapping of its column; the next poll reads it again.',
};
