import {
  checkReferences,
  checkTable,
  columnMembers,
  columnsOf,
  tableMembers,
  type ColumnMapping,
} from '@plumbline/table';
import { z } from 'zod';
import { dialect } from './dialect.ts';

/** In a sheet the table whose row a reference means is a tab. */
const columnSchema = z.strictObject({
  ...columnMembers,
  tab: z
    .string()
    .min(1)
    .describe('Ref: `name` of the tab whose row is meant, by its key; instead of `scheme`.')
    .optional(),
});

function mappingOf({ tab, ...mapping }: z.infer<typeof columnSchema>): ColumnMapping {
  return tab === undefined ? mapping : { ...mapping, table: tab };
}

const tabSchema = z
  .strictObject({
    ...tableMembers,
    columns: columnsOf(columnSchema, mappingOf),
    tab: z.string().min(1).optional().describe('Title of the tab. Either this or `sheetId`.'),
    sheetId: z
      .number()
      .int()
      .nonnegative()
      .optional()
      .describe('The number behind `#gid=` in the address; survives renaming the tab.'),
    alwaysRead: z
      .boolean()
      .default(false)
      .describe('Read at every poll: for formulas such as IMPORTRANGE or TODAY, whose changes Drive does not count.'),
  })
  .superRefine((tab, context) => {
    if ((tab.tab === undefined) === (tab.sheetId === undefined)) {
      context.addIssue({ code: 'custom', path: ['tab'], message: 'wants either `tab` or `sheetId`' });
    }
    checkTable(tab, dialect, (path, message) => context.addIssue({ code: 'custom', path, message }));
  });
export type TabConfig = z.infer<typeof tabSchema>;

const spreadsheetSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[\w-]+$/, 'wants the part of the address between /d/ and /edit')
    .describe('The part of the spreadsheet’s address between `/d/` and `/edit`.'),
  tabs: z.array(tabSchema).describe('The tabs to read; others are not looked at.'),
});

/** What a person configures for one service account and the spreadsheets that are shared with it. */
export const configSchema = z
  .strictObject({
    rootUrl: z
      .url()
      .optional()
      .describe('Another origin for both Google APIs, for tests and proxies; a path in it is not used.'),
    requestsPerMinute: z
      .number()
      .int()
      .min(5)
      .default(60)
      .describe('Read requests a minute Google grants this service account.'),
    spreadsheets: z.array(spreadsheetSchema).min(1).describe('The spreadsheets shared with the service account.'),
  })
  .superRefine((config, context) => {
    const names = config.spreadsheets.flatMap(({ tabs }) => tabs.map(({ name }) => name));
    for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index))) {
      context.addIssue({ code: 'custom', path: ['spreadsheets'], message: `two tabs have the name "${name}"` });
    }
    config.spreadsheets.forEach(({ tabs }, at) => {
      tabs.forEach((tab, tabAt) => {
        checkReferences(tab, names, dialect, (path, message) => {
          context.addIssue({ code: 'custom', path: ['spreadsheets', at, 'tabs', tabAt, ...path], message });
        });
      });
    });
  });
export type GoogleSheetsConfig = z.infer<typeof configSchema>;
/** The configuration as it is written, before defaults. */
export type GoogleSheetsConfigInput = z.input<typeof configSchema>;
export type SpreadsheetConfig = GoogleSheetsConfig['spreadsheets'][number];
