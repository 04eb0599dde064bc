import { kindNames, type KindName } from '@plumbline/connector';
import { z } from 'zod';

/** The text of a header cell, as a person configures it. */
export const header = (description: string) =>
  z.string().trim().min(1, 'wants the text of a header').max(500).describe(description);

const scheme = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'wants a key scheme such as "email" or "jira-project-key"')
  .describe('Key scheme; the key is `scheme:value`. Values of `email` and `domain` are always put in lower case.');

/** How one field is read from a row. Which members a field takes depends on its type; `checkTable` knows them. */
export const columnMembers = {
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
  percent: z.boolean().describe('Decimal: the column shows percentages. 20 and 20 % both become 0.2.').optional(),
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
  separator: z
    .string()
    .min(1)
    .describe('Texts and refs: what separates the entries of one cell; "," when absent.')
    .optional(),
  lowerCase: z.boolean().describe('Text, texts and keys: put the value in lower case.').optional(),
};

/** `table` is the name of the table whose row a reference means, by its key; connectors call the member as they like. */
export type ColumnMapping = z.infer<z.ZodObject<typeof columnMembers>> & { table?: string | undefined };

/** Columns as they are configured: a header alone is the mapping of a column that needs no more. */
export function columnsOf<Mapping extends object>(
  schema: z.ZodType<Mapping, Mapping>,
  read: (given: Mapping) => ColumnMapping,
) {
  const column = z
    .union([header('Header of the column'), schema])
    .transform((given) => (typeof given === 'string' ? { column: given } : read(given)));
  return z.record(z.string(), column).describe('Field of the kind → header, or how it is read.');
}

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
export type KeyMapping = z.infer<typeof keySchema>;

/** What every table is configured by, beside where it is found. */
export const tableMembers = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'wants lower case, digits and dashes')
    .describe('Name of the stream; part of every row’s key, so it must stay when the table is renamed.'),
  headerRow: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Row of the headers, counted from 1. Absent: the first of the top 20 rows that has the key’s header.'),
  kind: z.enum(kindNames as [KindName, ...KindName[]]).describe('What a row is.'),
  key: keySchema.describe('What identifies a row. Rows are never told by their position.'),
  customFields: z
    .record(z.string().min(1), header('Header of the column'))
    .default({})
    .describe('Fields the kind does not have: name → header. Their values stay as the cell has them.'),
  ignoreColumns: z
    .array(header('Header of the column'))
    .default([])
    .describe('Headers of columns that are never stored, such as salaries.'),
  everyMinutes: z.number().int().positive().optional().describe('Look for changes at most this often.'),
};

/** A table as it is mapped, whichever connector reads it. */
export type TableMapping = z.infer<z.ZodObject<typeof tableMembers>> & {
  columns: Readonly<Record<string, ColumnMapping>>;
};
