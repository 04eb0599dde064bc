import { checkReferences, checkTable, columnMembers, columnsOf, tableMembers } from '@plumbline/table';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { dialect } from './dialect.ts';

const forms = ['csv', 'json', 'ndjson'] as const;
export type Form = (typeof forms)[number];

const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

const columnSchema = z.strictObject({
  ...columnMembers,
  table: z
    .string()
    .min(1)
    .describe('Ref: `name` of the table whose row is meant, by its key; instead of `scheme`.')
    .optional(),
});

const tableSchema = z
  .strictObject({
    ...tableMembers,
    files: z
      .string()
      .min(1)
      .refine(staysInside, 'wants a path within the folder, with "/" and without ".."')
      .describe('The file, or a pattern such as `crm/deals-*.csv`, within the folder. All of them are one table.'),
    form: z
      .enum(forms)
      .optional()
      .describe('What the files are. Absent: by their ending: .csv, .tsv, .txt; .json; .ndjson, .jsonl.'),
    encoding: z
      .enum(encodings)
      .optional()
      .describe('How the files are written. Absent: by their byte-order mark, else UTF-8. Latin-1 is `windows-1252`.'),
    delimiter: z.string().length(1).default(',').describe('CSV: what separates values; "\\t" in a .tsv file.'),
    quote: z
      .enum(['"', "'"])
      .nullable()
      .default('"')
      .describe('CSV: what stands around values that hold delimiters or line breaks. Null: quotes have no meaning.'),
    path: z
      .string()
      .regex(/^[^.]+(\.[^.]+)*$/, 'wants names with dots between them, such as "data.items"')
      .optional()
      .describe('JSON: the member that holds the list, such as `data.items`. Absent: the file is the list.'),
    columns: columnsOf(columnSchema, (given) => given),
    decimalSeparator: z
      .enum(['.', ','])
      .optional()
      .describe('Numbers kept as text: the decimal separator of all columns that do not say otherwise.'),
    zone: z
      .string()
      .default('UTC')
      .refine(isZone, 'wants an IANA time zone such as "Europe/Berlin"')
      .describe('IANA time zone in which times without an offset are meant.'),
  })
  .superRefine((table, context) => {
    checkTable(table, dialect, (path, message) => context.addIssue({ code: 'custom', path, message }));
  });
export type TableConfig = z.infer<typeof tableSchema>;

const limitsSchema = z.strictObject({
  megabytesPerFile: z.number().positive().default(4_096).describe('A larger file is refused.'),
  kilobytesPerRow: z.number().positive().default(1_024).describe('A file with a longer row or item is refused.'),
  columnsPerRow: z.number().int().positive().default(1_000).describe('A file with more columns is refused.'),
  filesPerTable: z.number().int().positive().default(1_000).describe('A pattern that matches more is refused.'),
});
export type FileLimits = z.infer<typeof limitsSchema>;

/** What a person configures for one folder with exports of other systems. */
export const configSchema = z
  .strictObject({
    folder: z
      .string()
      .refine(isAbsolute, 'wants an absolute path')
      .describe('The folder, as an absolute path. Nothing outside is read, not even by a symbolic link.'),
    tables: z.array(tableSchema).describe('What the files hold; files that none names are not looked at.'),
    limits: limitsSchema.prefault({}).describe('What is refused as not meant, so that it cannot fill the memory.'),
  })
  .superRefine(({ tables }, context) => {
    const names = tables.map(({ name }) => name);
    for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index))) {
      context.addIssue({ code: 'custom', path: ['tables'], message: `two tables have the name "${name}"` });
    }
    tables.forEach((table, at) => {
      checkReferences(table, names, dialect, (path, message) => {
        context.addIssue({ code: 'custom', path: ['tables', at, ...path], message });
      });
    });
  });
export type FilesConfig = z.infer<typeof configSchema>;
/** The configuration as it is written, before defaults. */
export type FilesConfigInput = z.input<typeof configSchema>;

function staysInside(pattern: string): boolean {
  return !isAbsolute(pattern) && !pattern.includes('\\') && !pattern.split('/').includes('..');
}

function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}
