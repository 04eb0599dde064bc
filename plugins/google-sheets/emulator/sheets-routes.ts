import type { EmulatorApp } from '@plumbline/emulator';
import type { Context } from 'hono';
import { z } from 'zod';
import { answering, type Company } from './company.ts';
import { applyFieldMask } from './field-mask.ts';
import { notFound } from './google-error.ts';
import { bodyOf, maskOf, optionOf } from './query.ts';
import {
  dataFilterSchema,
  dateRenders,
  regionOf,
  regionOfFilter,
  spreadsheetResource,
  valueRange,
  valueRenders,
  type Region,
  type Render,
} from './reading.ts';
import type { Workbook } from './workbook.ts';
import {
  appendValues,
  applyBatchRequest,
  batchRequestSchema,
  clearValues,
  inputOptions,
  updateValues,
  valuesSchema,
} from './writing.ts';

const majorDimensions = ['ROWS', 'COLUMNS'] as const;

/** One call of the API: what it is given, and how it opens the spreadsheet. */
interface Call {
  context: Context;
  /** The last part of the path, decoded: a range, or empty. */
  range: string;
  read(): Workbook;
  /** Runs a change; when it throws, nothing of it stays, as the vendor's batches are atomic. */
  write(change: (workbook: Workbook) => object): object;
}
type Handler = (call: Call) => object | Promise<object>;

const onSpreadsheet: Record<string, Handler> = {
  'GET ': ({ context, read }) => {
    const workbook = read();
    const regions = (context.req.queries('ranges') ?? []).map((range) => regionOf(workbook, range));
    return resource(context, workbook, { regions, includeGridData: context.req.query('includeGridData') === 'true' });
  },
  'POST getByDataFilter': async ({ context, read }) => {
    const schema = z.object({
      dataFilters: z.array(dataFilterSchema).min(1),
      includeGridData: z.boolean().default(false),
    });
    const { dataFilters, includeGridData } = await bodyOf(context, schema);
    const workbook = read();
    const regions = dataFilters.map((filter) => regionOfFilter(workbook, filter));
    return resource(context, workbook, { regions, includeGridData });
  },
  'POST batchUpdate': async ({ context, write }) => {
    const { requests } = await bodyOf(context, z.object({ requests: z.array(batchRequestSchema).min(1) }));
    return write((workbook) => {
      for (const request of requests) applyBatchRequest(workbook, request);
      return { spreadsheetId: workbook.spreadsheetId, replies: requests.map(() => ({})) };
    });
  },
};

const onValues: Record<string, Handler> = {
  'GET batchGet': ({ context, read }) => {
    const workbook = read();
    const ranges = context.req.queries('ranges') ?? [];
    const valueRanges = ranges.map((range) => valueRange(workbook, regionOf(workbook, range), queryRender(context)));
    return { spreadsheetId: workbook.spreadsheetId, valueRanges };
  },
  'POST batchGetByDataFilter': async ({ context, read }) => {
    const body = await bodyOf(context, batchGetSchema);
    const workbook = read();
    const render = {
      value: body.valueRenderOption,
      dates: body.dateTimeRenderOption,
      majorDimension: body.majorDimension,
    };
    const valueRanges = body.dataFilters.map((filter) => ({
      valueRange: valueRange(workbook, regionOfFilter(workbook, filter), render),
      dataFilters: [filter],
    }));
    return { spreadsheetId: workbook.spreadsheetId, valueRanges };
  },
  'POST batchUpdate': async ({ context, write }) => {
    const body = await bodyOf(context, batchUpdateSchema);
    return write((workbook) => {
      const responses = body.data.map((values) =>
        updateValues({
          workbook,
          range: values.range,
          values,
          option: body.valueInputOption,
          echo: body.includeValuesInResponse,
        }),
      );
      return { spreadsheetId: workbook.spreadsheetId, responses };
    });
  },
};

const onRange: Record<string, Handler> = {
  'GET ': ({ context, range, read }) => {
    const workbook = read();
    return valueRange(workbook, regionOf(workbook, range), queryRender(context));
  },
  'PUT ': async ({ context, range, write }) => {
    const values = await bodyOf(context, valuesSchema);
    const options = writeOptions(context);
    return write((workbook) => updateValues({ workbook, range, values, ...options }));
  },
  'POST append': async ({ context, range, write }) => {
    const values = await bodyOf(context, valuesSchema);
    const options = writeOptions(context);
    return write((workbook) => appendValues({ workbook, range, values, ...options }));
  },
  'POST clear': ({ range, write }) => write((workbook) => clearValues(workbook, range)),
};

const batchGetSchema = z.object({
  dataFilters: z.array(dataFilterSchema).min(1),
  majorDimension: z.enum(majorDimensions).default('ROWS'),
  valueRenderOption: z.enum(valueRenders).default('FORMATTED_VALUE'),
  dateTimeRenderOption: z.enum(dateRenders).default('SERIAL_NUMBER'),
});
const batchUpdateSchema = z.object({
  valueInputOption: z.enum(inputOptions),
  includeValuesInResponse: z.boolean().default(false),
  data: z.array(valuesSchema.extend({ range: z.string() })).min(1),
});

/** Sheets v4. Method names stand behind a colon, also within the last part of the path, so they are split off here. */
export function addSheetsRoutes(app: EmulatorApp, company: Company): void {
  app.all('/v4/spreadsheets/:id', (context) =>
    handle(company, context, onSpreadsheet, splitMethod(context.req.param('id'))),
  );
  app.all('/v4/spreadsheets/:id/:values{values(:.+)?}', (context) => {
    const [, method = ''] = context.req.param('values').split(':');
    return handle(company, context, onValues, { name: context.req.param('id'), method });
  });
  app.all('/v4/spreadsheets/:id/values/:range{.+}', (context) => {
    const { name, method } = splitMethod(context.req.param('range'), Object.keys(onRange));
    return handle(company, context, onRange, { name: context.req.param('id'), method, range: name });
  });
}

/** `abc:getByDataFilter` → name and method; with `known`, only a method of those is split off a range. */
function splitMethod(text: string, known?: readonly string[]): { name: string; method: string } {
  const at = text.lastIndexOf(':');
  const method = text.slice(at + 1);
  const isMethod = at >= 0 && (known === undefined || known.includes(`POST ${method}`));
  return isMethod ? { name: text.slice(0, at), method } : { name: text, method: '' };
}

function handle(
  company: Company,
  context: Context,
  handlers: Record<string, Handler>,
  target: { name: string; method: string; range?: string },
): Promise<Response> {
  return answering(context, 'sheets', async () => {
    const handler = handlers[`${context.req.method} ${target.method}`];
    if (!handler) throw notFound(`The emulator has no ${context.req.method} ${context.req.path}`);
    const mask = maskOf(context);
    const open = (write: boolean): Workbook =>
      company.open(context, { api: 'sheets', write, spreadsheetId: target.name });
    const answer = await handler({
      context,
      range: target.range ?? '',
      read: () => open(false),
      write: (change) => {
        const workbook = open(true);
        const before = structuredClone(workbook.sheets);
        try {
          const done = change(workbook);
          company.changed(workbook);
          return done;
        } catch (error) {
          workbook.sheets = before;
          throw error;
        }
      },
    });
    return applyFieldMask(mask, answer) as object;
  });
}

function resource(
  context: Context,
  workbook: Workbook,
  wanted: { regions: readonly Region[]; includeGridData: boolean },
): object {
  return spreadsheetResource({ workbook, mask: maskOf(context), ...wanted });
}

function queryRender(context: Context): Render {
  const { req } = context;
  return {
    value: optionOf(req.query('valueRenderOption'), valueRenders, 'FORMATTED_VALUE'),
    dates: optionOf(req.query('dateTimeRenderOption'), dateRenders, 'SERIAL_NUMBER'),
    majorDimension: optionOf(req.query('majorDimension'), majorDimensions, 'ROWS'),
  };
}

function writeOptions(context: Context): { option: (typeof inputOptions)[number]; echo: boolean } {
  const given = context.req.query('valueInputOption');
  // Without the option Sheets refuses the call: there is no default to fall back to.
  const option = optionOf(given ?? 'INPUT_VALUE_OPTION_UNSPECIFIED', inputOptions, 'RAW');
  return { option, echo: context.req.query('includeValuesInResponse') === 'true' };
}
