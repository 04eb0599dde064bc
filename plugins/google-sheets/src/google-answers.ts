import { z } from 'zod';
import { cellSchema } from './cell.ts';

/** What Drive says of a spreadsheet; `version` grows with every change, also with invisible ones. */
export interface DriveFile {
  name: string;
  mimeType: string;
  version: string;
  trashed: boolean;
}

export interface SpreadsheetShape {
  title: string;
  timeZone: string;
  tabs: readonly TabShape[];
}

export interface TabShape {
  sheetId: number;
  title: string;
  rowCount: number;
  columnCount: number;
}

/** Number formats by place, such as PERCENT or DATE; cells without one are not in it. */
export type Formats = ReadonlyMap<`${number}:${number}`, string>;

export const fileSchema = z.object({
  name: z.string(),
  mimeType: z.string(),
  version: z.string().regex(/^\d+$/),
  trashed: z.boolean().default(false),
});

/** How long a channel lasts is Google's to say, whatever was asked for. */
export const channelSchema = z.object({ resourceId: z.string(), expiration: z.coerce.number().int() });

export const shapeSchema = z
  .object({
    properties: z.object({ title: z.string(), timeZone: z.string() }),
    sheets: z
      .array(
        z.object({
          properties: z.object({
            sheetId: z.number().default(0),
            title: z.string(),
            // Absent for tabs that show a database's data instead of a grid.
            gridProperties: z
              .object({ rowCount: z.number().default(0), columnCount: z.number().default(0) })
              .optional(),
          }),
        }),
      )
      .default([]),
  })
  .transform(({ properties, sheets }): SpreadsheetShape => ({
    ...properties,
    tabs: sheets.map(({ properties: { sheetId, title, gridProperties } }) => ({
      sheetId,
      title,
      rowCount: gridProperties?.rowCount ?? 0,
      columnCount: gridProperties?.columnCount ?? 0,
    })),
  }));

export const valuesSchema = z
  .object({
    valueRanges: z
      .array(z.object({ valueRange: z.object({ values: z.array(z.array(cellSchema)).default([]) }).optional() }))
      .default([]),
  })
  .transform(({ valueRanges }) => valueRanges.map(({ valueRange }) => valueRange?.values ?? []));

export const formatsSchema = z
  .object({
    sheets: z
      .array(
        z.object({
          properties: z.object({ sheetId: z.number().default(0) }).prefault({}),
          data: z
            .array(
              z.object({
                startRow: z.number().default(0),
                startColumn: z.number().default(0),
                rowData: z
                  .array(
                    z.object({
                      values: z
                        .array(
                          z.object({
                            effectiveFormat: z
                              .object({ numberFormat: z.object({ type: z.string() }).optional() })
                              .optional(),
                          }),
                        )
                        .default([]),
                    }),
                  )
                  .default([]),
              }),
            )
            .default([]),
        }),
      )
      .default([]),
  })
  .transform(
    ({ sheets }): ReadonlyMap<number, Formats> =>
      new Map(sheets.map(({ properties, data }) => [properties.sheetId, formatsOf(data)])),
  );

type GridData = { startRow: number; startColumn: number; rowData: readonly { values: readonly FormattedCell[] }[] };
type FormattedCell = { effectiveFormat?: { numberFormat?: { type: string } | undefined } | undefined };

function formatsOf(data: readonly GridData[]): Formats {
  const formats = new Map<`${number}:${number}`, string>();
  for (const { startRow, startColumn, rowData } of data) {
    rowData.forEach(({ values }, down) =>
      values.forEach(({ effectiveFormat }, right) => {
        const type = effectiveFormat?.numberFormat?.type;
        if (type !== undefined) formats.set(`${startRow + down}:${startColumn + right}`, type);
      }),
    );
  }
  return formats;
}
