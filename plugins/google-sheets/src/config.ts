import { kindNames, type KindName } from '@plumbline/connector';
import { z } from 'zod';
import { checkColumns } from './config-columns.ts';
import { headerName } from './header.ts';

const header = (description: string) =>
  z.string().trim().min(1, 'wants the text of a header cell').max(500).describe(description);

const scheme = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'wants a key scheme such as "email" or "jira-project-key"')
  .describe('Key scheme; the key is `scheme:value`. Values of `email` and `domain` are always put in lower case.');

/** How one field is read from a row. Which members a field takes depends on its type; `checkColumns` knows them. */
const columnMappingSchema = z.strictObject({
  column: header('Header of the column the value is in.').optional(),
  fixed: z
    .union([z.string(), z.number(), z.boolean()])
    .describe('One value for every row, read as if it stood in a cell; instead of `column`.')
    .optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'wants an ISO 4217 code such as "EUR"')
    .describe('Money: the currency of every row. Either this or `currencyColumn`.')
    .optional(),
  currencyColumn: header('Money: header of the column with the ISO 4217 code.').optional(),
  unit: z
    .enum(['seconds', 'minutes', 'hours', 'days'])
    .describe('Seconds: what one unit of the cell is. Cells formatted as durations hold days of 24 hours.')
    .optional(),
  hoursPerDay: z
    .number()
    .positive()
    .max(24)
    .describe('Seconds in `days`: hours of one day; 8 for working days, 24 for cells formatted as durations.')
    .optional(),
  percent: z
    .boolean()
    .describe('Decimal: the column shows percentages. 20 and a cell formatted as 20 % both become 0.2.')
    .optional(),
  decimalSeparator: z
    .enum(['.', ','])
    .describe('Numbers kept as text: their decimal separator. Without it only plain text such as "1250.50" is read.')
    .optional(),
  format: z
    .string()
    .min(2)
    .describe('Dates kept as text: their form, such as "dd.MM.yyyy" or "d/M/yyyy HH:mm". ISO 8601 needs none.')
    .optional(),
  values: z
    .record(z.string(), z.string())
    .describe('Choice, text, ref: what stands in the cell → what it means. Case and outer blanks do not count.')
    .optional(),
  trueWords: z.array(z.string().min(1)).min(1).describe('Flag: texts that mean yes, beside TRUE.').optional(),
  falseWords: z.array(z.string().min(1)).min(1).describe('Flag: texts that mean no, beside FALSE.').optional(),
  scheme: scheme.optional(),
  tab: z
    .string()
    .min(1)
    .describe('Ref: `name` of the tab whose row is meant, by its key; instead of `scheme`.')
    .optional(),
  separator: z
    .string()
    .min(1)
    .describe('Texts and refs: what separates the entries of one cell; "," when absent.')
    .optional(),
  lowerCase: z.boolean().describe('Text, texts and keys: put the value in lower case.').optional(),
});
export type ColumnMapping = z.infer<typeof columnMappingSchema>;

const columnSchema = z
  .union([header('Header of the column'), columnMappingSchema])
  .transform((given): ColumnMapping => (typeof given === 'string' ? { column: given } : given));

const keySchema = z.strictObject({
  column: header('Header of the column that identifies a row: never blank, never twice, never reused.'),
  scheme: scheme.optional().describe('A further key scheme for the same value, such as `jira-project-key`.'),
  lowerCase: z
    .boolean()
    .optional()
    .describe('Rows whose keys differ in case only are one; always so for the schemes `email` and `domain`.'),
  keys: z
    .array(
      z.strictObject({
        scheme,
        column: header('Header of the column with the value; a blank cell gives no key.'),
        lowerCase: z.boolean().optional().describe('Put the value in lower case.'),
      }),
    )
    .default([])
    .describe('Further keys by which the row’s entity is known to other sources.'),
});

const tabSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'wants lower case, digits and dashes')
      .describe('Name of the stream; part of every row’s key, so it must stay when the tab is renamed.'),
    tab: z.string().min(1).optional().describe('Title of the tab. Either this or `sheetId`.'),
    sheetId: z
      .number()
      .int()
      .nonnegative()
      .optional()
      .describe('The number behind `#gid=` in the address; survives renaming the tab.'),
    headerRow: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('Row of the headers, counted from 1. Absent: the first of the top 20 rows that has the key’s header.'),
    kind: z.enum(kindNames as [KindName, ...KindName[]]).describe('What a row is.'),
    key: keySchema.describe('What identifies a row. Rows are never told by their position.'),
    columns: z.record(z.string(), columnSchema).describe('Field of the kind → header, or how it is read.'),
    customFields: z
      .record(z.string().min(1), header('Header of the column'))
      .default({})
      .describe('Fields the kind does not have: name → header. Their values stay as the cell has them.'),
    ignoreColumns: z
      .array(header('Header of the column'))
      .default([])
      .describe('Headers of columns that are never stored, such as salaries.'),
    everyMinutes: z.number().int().positive().optional().describe('Look for changes at most this often.'),
    alwaysRead: z
      .boolean()
      .default(false)
      .describe('Read at every poll: for formulas such as IMPORTRANGE or TODAY, whose changes Drive does not count.'),
  })
  .superRefine((tab, context) => {
    if ((tab.tab === undefined) === (tab.sheetId === undefined)) {
      context.addIssue({ code: 'custom', path: ['tab'], message: 'wants either `tab` or `sheetId`' });
    }
    checkColumns(tab, (path, message) => context.addIssue({ code: 'custom', path, message }));
    const ignored = new Set(tab.ignoreColumns.map(headerName));
    for (const used of mappedHeaders(tab)) {
      if (!ignored.has(headerName(used))) continue;
      context.addIssue({ code: 'custom', path: ['ignoreColumns'], message: `ignores "${used}", which is mapped` });
    }
  });
export type TabConfig = z.infer<typeof tabSchema>;

const spreadsheetSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[\w-]+$/, 'wants the part of the address between /d/ and /edit')
    .describe('The part of the spreadsheet’s address between `/d/` and `/edit`.'),
  tabs: z.array(tabSchema).min(1).describe('The tabs to read; others are not looked at.'),
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
        for (const [field, mapping] of Object.entries(tab.columns)) {
          if (mapping.tab === undefined || names.includes(mapping.tab)) continue;
          context.addIssue({
            code: 'custom',
            path: ['spreadsheets', at, 'tabs', tabAt, 'columns', field, 'tab'],
            message: `no tab has the name "${mapping.tab}"; there are ${names.join(', ')}`,
          });
        }
      });
    });
  });
export type GoogleSheetsConfig = z.infer<typeof configSchema>;
/** The configuration as it is written, before defaults. */
export type GoogleSheetsConfigInput = z.input<typeof configSchema>;
export type SpreadsheetConfig = GoogleSheetsConfig['spreadsheets'][number];

/** Every header the tab's configuration speaks of, each once, as it was written first. */
export function mappedHeaders(tab: Pick<TabConfig, 'key' | 'columns' | 'customFields'>): string[] {
  const written = [
    tab.key.column,
    ...tab.key.keys.map(({ column }) => column),
    ...Object.values(tab.columns).flatMap(({ column, currencyColumn }) => [column, currencyColumn]),
    ...Object.values(tab.customFields),
  ].filter((each) => each !== undefined);
  return [...new Map(written.map((each) => [headerName(each), each])).values()];
}
