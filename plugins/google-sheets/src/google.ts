import { drive, type drive_v3 } from '@googleapis/drive';
import { sheets, type sheets_v4 } from '@googleapis/sheets';
import { describeIssues, HubError, type PollContext } from '@plumbline/connector';
import type { Cell } from '@plumbline/table';
import { JWT } from 'google-auth-library';
import { z } from 'zod';
import type { GoogleSheetsConfig } from './config.ts';
import {
  channelSchema,
  fileSchema,
  formatsSchema,
  shapeSchema,
  valuesSchema,
  type DriveFile,
  type Formats,
  type SpreadsheetShape,
} from './google-answers.ts';
import type { GoogleSheetsSecrets } from './secrets.ts';

export type GoogleContext = PollContext<GoogleSheetsConfig, GoogleSheetsSecrets>;

/** Cells of a tab by sheetId, ends excluded; open ends reach to the end of the grid. */
export interface GridRange {
  sheetId: number;
  startRowIndex?: number;
  endRowIndex?: number;
  startColumnIndex?: number;
  endColumnIndex?: number;
}

/** The calls of the two APIs the connector makes; none of them writes into a file. They throw HubError only. */
export interface Google {
  file(spreadsheetId: string): Promise<DriveFile>;
  shape(spreadsheetId: string): Promise<SpreadsheetShape>;
  /** Rows as Sheets gives them: ragged, trailing blanks left out. Dates are serial numbers. */
  values(spreadsheetId: string, range: GridRange): Promise<Cell[][]>;
  /** The same of several ranges, in their order, by one request. */
  valuesOf(spreadsheetId: string, ranges: readonly GridRange[]): Promise<Cell[][][]>;
  /** Of ranges of one tab. */
  formats(spreadsheetId: string, ranges: readonly GridRange[]): Promise<Formats>;
  /** Of ranges of several tabs, by sheetId. */
  formatsByTab(spreadsheetId: string, ranges: readonly GridRange[]): Promise<ReadonlyMap<number, Formats>>;
  /** Has Drive tell the address of changes of the file; `expiration` in epoch milliseconds, asked and granted. */
  watch(
    spreadsheetId: string,
    channel: { id: string; address: string; token: string; expiration: number },
  ): Promise<{ resourceId: string; expiration: number }>;
  unwatch(channel: { id: string; resourceId: string; fileId: string }): Promise<void>;
}

/** Read-only on purpose: the account could be shared a sheet for editing. */
const SCOPES = ['spreadsheets.readonly', 'drive.metadata.readonly'].map(
  (scope) => `https://www.googleapis.com/auth/${scope}`,
);

const FILE_FIELDS = 'name,mimeType,version,trashed';
const SHAPE_FIELDS = 'properties(title,timeZone),sheets.properties(sheetId,title,gridProperties(rowCount,columnCount))';
const VALUES_FIELDS = 'valueRanges.valueRange.values';
const FORMAT_FIELDS =
  'sheets(properties.sheetId,data(startRow,startColumn,rowData.values.effectiveFormat.numberFormat.type))';

/** The official clients, sent through the context's transport; their own retries are off. */
export function openGoogle(context: GoogleContext): Google {
  const { sheetsApi, driveApi } = clients(context);
  const reading = <Body>(spreadsheetId: string, schema: z.ZodType<Body>, call: () => Promise<{ data: unknown }>) =>
    read({ context, spreadsheetId, schema, call });
  const valuesOf: Google['valuesOf'] = (spreadsheetId, ranges) =>
    reading(spreadsheetId, valuesSchema, () =>
      sheetsApi.spreadsheets.values.batchGetByDataFilter({
        spreadsheetId,
        fields: VALUES_FIELDS,
        requestBody: {
          dataFilters: ranges.map((gridRange) => ({ gridRange })),
          majorDimension: 'ROWS',
          valueRenderOption: 'UNFORMATTED_VALUE',
          dateTimeRenderOption: 'SERIAL_NUMBER',
        },
      }),
    );
  const formatsByTab: Google['formatsByTab'] = (spreadsheetId, ranges) =>
    reading(spreadsheetId, formatsSchema, () =>
      sheetsApi.spreadsheets.getByDataFilter({
        spreadsheetId,
        fields: FORMAT_FIELDS,
        requestBody: { dataFilters: ranges.map((gridRange) => ({ gridRange })) },
      }),
    );
  return {
    file: (spreadsheetId) =>
      reading(spreadsheetId, fileSchema, () =>
        driveApi.files.get({ fileId: spreadsheetId, supportsAllDrives: true, fields: FILE_FIELDS }),
      ),
    shape: (spreadsheetId) =>
      reading(spreadsheetId, shapeSchema, () => sheetsApi.spreadsheets.get({ spreadsheetId, fields: SHAPE_FIELDS })),
    values: async (spreadsheetId, gridRange) => (await valuesOf(spreadsheetId, [gridRange]))[0] ?? [],
    valuesOf,
    formats: async (spreadsheetId, ranges) => [...(await formatsByTab(spreadsheetId, ranges)).values()][0] ?? new Map(),
    formatsByTab,
    watch: (spreadsheetId, { id, address, token, expiration }) =>
      reading(spreadsheetId, channelSchema, () =>
        driveApi.files.watch({
          fileId: spreadsheetId,
          supportsAllDrives: true,
          requestBody: { id, type: 'web_hook', address, token, expiration: String(expiration) },
        }),
      ),
    async unwatch({ id, resourceId, fileId }) {
      await reading(fileId, z.unknown(), () => driveApi.channels.stop({ requestBody: { id, resourceId } }));
    },
  };
}

function clients({ config, secrets, http }: GoogleContext): { sheetsApi: sheets_v4.Sheets; driveApi: drive_v3.Drive } {
  const auth = new JWT({
    email: secrets.clientEmail,
    key: secrets.privateKey,
    ...(secrets.privateKeyId === undefined ? {} : { keyId: secrets.privateKeyId }),
    scopes: SCOPES,
    // Its interceptors log requests and answers when an environment variable says so.
    useAuthRequestParameters: false,
    transporterOptions: {
      fetchImplementation: (input, init) => {
        const url = new URL(input instanceof Request ? input.url : input);
        const endpointClass = url.pathname.startsWith('/drive/') ? 'drive' : 'sheets';
        const { method, headers, body, signal } = init ?? {};
        const sent = { method: method ?? 'GET', headers: headers ?? {}, body: body ?? null, signal: signal ?? null };
        // A channel that was opened twice would tell everything twice; everything else reads.
        const idempotent = !url.pathname.endsWith('/watch');
        return http.fetch(url, sent, { endpointClass, idempotent });
      },
    },
  });
  // The token is signed here and sent as it is: no token endpoint to reach, nothing to refresh.
  auth.useJWTAccessWithScope = true;
  const options = { auth, retry: false, ...(config.rootUrl === undefined ? {} : { rootUrl: config.rootUrl }) };
  return { sheetsApi: sheets({ version: 'v4', ...options }), driveApi: drive({ version: 'v3', ...options }) };
}

async function read<Body>(input: {
  context: GoogleContext;
  spreadsheetId: string;
  schema: z.ZodType<Body>;
  call: () => Promise<{ data: unknown }>;
}): Promise<Body> {
  const { context, spreadsheetId } = input;
  const { data } = await input.call().catch((error: unknown) => {
    context.signal.throwIfAborted();
    throw withAccount(withinGaxios(error), spreadsheetId, context.secrets.clientEmail);
  });
  const parsed = input.schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new HubError(
    {
      code: 'BAD_RESPONSE',
      retryable: true,
      message: `Google answered something else than the API describes for spreadsheet ${spreadsheetId}: ${describeIssues(parsed.error)}`,
      remedy: 'Check `rootUrl` and proxies; the next run tries again.',
    },
    { cause: parsed.error },
  );
}

/** The transport's own error, which the client library wraps in its own. */
function withinGaxios(error: unknown): unknown {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof HubError) return at;
  return error;
}

/** "Not found" and "no permission" nearly always mean one thing: the sheet is not shared with the account. */
function withAccount(error: unknown, spreadsheetId: string, email: string): unknown {
  if (!(error instanceof HubError) || !['NOT_FOUND', 'PERMISSION_DENIED'].includes(error.code)) return error;
  return new HubError(
    {
      code: error.code,
      message: `Spreadsheet ${spreadsheetId} cannot be read by ${email}. ${error.message}`,
      remedy: `Share the spreadsheet with ${email} as a viewer, and check the id in its address.`,
    },
    { cause: error },
  );
}
