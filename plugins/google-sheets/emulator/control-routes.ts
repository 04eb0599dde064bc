import type { EmulatorApp } from '@plumbline/emulator';
import { z } from 'zod';
import { numberFormats } from './cells.ts';
import { cellValueSchema, editSchema, type Edit } from './edits.ts';
import type { Spreadsheet } from './seed.ts';

const spreadsheetSchema = z.object({
  spreadsheetId: z.string().min(1),
  title: z.string(),
  locale: z.string(),
  timeZone: z.string(),
  tabs: z.array(
    z.object({
      sheetId: z.number().int(),
      title: z.string(),
      rows: z.array(z.array(cellValueSchema)),
      formats: z.record(z.string(), z.enum(numberFormats)).optional(),
      formulas: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

export interface Control {
  load(spreadsheet: Spreadsheet): void;
  /** Throws a RangeError for a spreadsheet or tab that is not there. */
  edit(edit: Edit): void;
}

/** `POST /__control/edits` with `{ op, … }`, and `POST /__control/spreadsheets` with a whole spreadsheet. */
export function addControlRoutes(app: EmulatorApp, control: Control): void {
  app.post('/__control/edits', async (context) => {
    const parsed = editSchema.safeParse(await context.req.json());
    if (!parsed.success) return context.json({ error: parsed.error.issues }, 400);
    try {
      control.edit(parsed.data);
    } catch (error) {
      if (error instanceof RangeError) return context.json({ error: error.message }, 404);
      throw error;
    }
    return context.json({ done: parsed.data.op }, 201);
  });
  app.post('/__control/spreadsheets', async (context) => {
    const parsed = spreadsheetSchema.safeParse(await context.req.json());
    if (!parsed.success) return context.json({ error: parsed.error.issues }, 400);
    control.load(parsed.data as Spreadsheet);
    return context.json({ loaded: parsed.data.spreadsheetId }, 201);
  });
}
