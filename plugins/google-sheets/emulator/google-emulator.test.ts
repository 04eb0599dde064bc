import { manualClock, systemClock } from '@plumbline/connector';
import { JWT } from 'google-auth-library';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { email, privateKey, publicKeyPem } from '../test/desk.ts';
import { startGoogleEmulator, type GoogleEmulator, type Spreadsheet } from './index.ts';

const book: Spreadsheet = {
  spreadsheetId: 'book',
  title: 'Class data',
  locale: 'de_DE',
  timeZone: 'Europe/Berlin',
  tabs: [
    {
      sheetId: 5,
      title: 'Class Data',
      rows: [['Name', 'Due', 'Share', 'Sum'], ['Ada', 46023, 0.25, 7, ''], [], ['', null, 3], [null, '']],
      formats: { 1: 'DATE', 2: 'PERCENT' },
      formulas: { D2: '=3+4' },
    },
    { sheetId: 6, title: 'Empty', rows: [] },
  ],
};

let google: GoogleEmulator;
const clock = manualClock('2026-03-02T09:00:00Z');
beforeEach(async () => {
  const serviceAccounts = [{ email, publicKeyPem }];
  google = await startGoogleEmulator({ spreadsheets: [book], serviceAccounts, clock, tokenClock: systemClock });
});
afterEach(() => google.close());

async function token(scope: string): Promise<string> {
  const jwt = new JWT({ email, key: privateKey, scopes: [`https://www.googleapis.com/auth/${scope}`] });
  jwt.useJWTAccessWithScope = true;
  return (await jwt.getRequestHeaders()).get('authorization') ?? '';
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  scope = 'drive',
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(google.url + path, {
    method,
    headers: { authorization: await token(scope), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const values = (range: string, query = '') => `/v4/spreadsheets/book/values/${encodeURIComponent(range)}${query}`;

test('rows are ragged: trailing empties are left out, inner ones are "", and an empty tab has no values', async () => {
  const filled = await call('GET', values("'Class Data'", '?valueRenderOption=UNFORMATTED_VALUE'));
  expect(filled.body).toEqual({
    range: "'Class Data'!A1:Z1000",
    majorDimension: 'ROWS',
    values: [['Name', 'Due', 'Share', 'Sum'], ['Ada', 46023, 0.25, 7], [], ['', '', 3]],
  });
  expect((await call('GET', values('Empty!A1:B2'))).body).toEqual({ range: 'Empty!A1:B2', majorDimension: 'ROWS' });
});

test('without options values are texts in the spreadsheet’s locale, and formulas show on demand', async () => {
  const formatted = await call('GET', values('Class Data!A2:D2'));
  expect(formatted.body.values).toEqual([['Ada', '1.1.2026', '25\u00a0%', '7']]);
  const formulas = await call('GET', values('D2', '?valueRenderOption=FORMULA'));
  expect(formulas.body).toEqual({ range: "'Class Data'!D2", majorDimension: 'ROWS', values: [['=3+4']] });
});

test('batchGet takes several ranges, by columns too', async () => {
  const path =
    '/v4/spreadsheets/book/values:batchGet?ranges=A1:B2&ranges=Empty&majorDimension=COLUMNS&fields=valueRanges(values,range)';
  expect((await call('GET', path)).body).toEqual({
    valueRanges: [
      {
        range: "'Class Data'!A1:B2",
        values: [
          ['Name', 'Ada'],
          ['Due', '1.1.2026'],
        ],
      },
      { range: 'Empty!A1:Z1000' },
    ],
  });
});

test('grid data comes for the ranges asked for, under the mask, with formats and errors', async () => {
  google.setCell({ spreadsheetId: 'book', tab: 5, row: 1, column: 3, value: '#DIV/0!' });
  const fields =
    'sheets.data(startRow,startColumn,rowData.values(effectiveValue.errorValue.type,effectiveFormat/numberFormat/type))';
  const gridRange = { sheetId: 5, startRowIndex: 1, endRowIndex: 2, startColumnIndex: 1, endColumnIndex: 4 };
  const { body } = await call('POST', `/v4/spreadsheets/book:getByDataFilter?fields=${encodeURIComponent(fields)}`, {
    dataFilters: [{ gridRange }],
  });
  const format = (type: string) => ({ effectiveFormat: { numberFormat: { type } } });
  expect(body).toEqual({
    sheets: [
      {
        data: [
          {
            startRow: 1,
            startColumn: 1,
            rowData: [
              {
                values: [
                  { effectiveValue: {}, ...format('DATE') },
                  { effectiveValue: {}, ...format('PERCENT') },
                  { effectiveValue: { errorValue: { type: 'DIVIDE_BY_ZERO' } } },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
});

test('a spreadsheet shows its tabs without grid data unless that is asked for', async () => {
  const { body } = await call(
    'GET',
    '/v4/spreadsheets/book?fields=properties(locale,timeZone),sheets.properties.title',
  );
  expect(body).toEqual({
    properties: { locale: 'de_DE', timeZone: 'Europe/Berlin' },
    sheets: [{ properties: { title: 'Class Data' } }, { properties: { title: 'Empty' } }],
  });
  expect(JSON.stringify((await call('GET', '/v4/spreadsheets/book')).body)).not.toContain('rowData');
  expect(JSON.stringify((await call('GET', '/v4/spreadsheets/book?includeGridData=true')).body)).toContain('rowData');
});

test('RAW stores texts as they are, USER_ENTERED reads them as typed; null leaves alone and "" clears', async () => {
  const given = [['=1+1', '25%', '2026-03-01', 'TRUE', '-5.5', "'007"]];
  await call('PUT', values('Empty!A1', '?valueInputOption=RAW'), { values: given });
  const read = async () => (await call('GET', values('Empty', '?valueRenderOption=UNFORMATTED_VALUE'))).body.values;
  expect(await read()).toEqual(given);
  await call('PUT', values('Empty!A1', '?valueInputOption=USER_ENTERED'), { values: given });
  expect(await read()).toEqual([['#ERROR!', 0.25, 46082, true, -5.5, '007']]);
  await call('PUT', values('Empty!A1', '?valueInputOption=RAW'), { values: [[null, '', 3]] });
  expect(await read()).toEqual([['#ERROR!', '', 3, true, -5.5, '007']]);
  expect((await call('PUT', values('Empty!A1'), { values: given })).body).toMatchObject({
    error: { status: 'INVALID_ARGUMENT' },
  });
});

test('append goes behind the last row that holds anything and says where', async () => {
  const query = ':append?valueInputOption=RAW&includeValuesInResponse=true';
  const { body } = await call('POST', `/v4/spreadsheets/book/values/Class%20Data${query}`, {
    values: [['Bob'], ['Cy', 'late']],
  });
  expect(body).toMatchObject({
    tableRange: "'Class Data'!A1:D4",
    updates: {
      updatedRange: "'Class Data'!A5:B6",
      updatedRows: 2,
      updatedCells: 4,
      updatedData: { values: [['Bob'], ['Cy', 'late']] },
    },
  });
});

test('a batch is atomic: one invalid part and nothing is written, and the version stands', async () => {
  const before = google.revision('book');
  const data = [
    { range: 'Empty!A1', values: [['x']] },
    { range: 'Gone!A1', values: [['y']] },
  ];
  const { status, body } = await call('POST', '/v4/spreadsheets/book/values:batchUpdate', {
    valueInputOption: 'RAW',
    data,
  });
  expect([status, body]).toMatchObject([400, { error: { message: 'Unable to parse range: Gone!A1' } }]);
  expect((await call('GET', values('Empty'))).body.values).toBeUndefined();
  expect(google.revision('book')).toEqual(before);
});

test('every change raises Drive’s version and its time, by the API, the functions and the control API alike', async () => {
  const version = async () => (await call('GET', '/drive/v3/files/book?fields=version,modifiedTime,trashed')).body;
  expect(await version()).toEqual({ version: '1', modifiedTime: '2026-03-02T09:00:00.000Z', trashed: false });
  clock.advance(60_000);
  await call('PUT', values('Empty!A1', '?valueInputOption=RAW'), { values: [['x']] });
  google.renameTab({ spreadsheetId: 'book', tab: 'Empty', title: 'Full' });
  const edit = { op: 'deleteRow', spreadsheetId: 'book', tab: 'Full', row: 0 };
  const post = (path: string, body: unknown) =>
    fetch(google.url + path, { method: 'POST', body: JSON.stringify(body) });
  expect((await post('/__control/edits', edit)).status).toBe(201);
  expect((await post('/__control/edits', { ...edit, tab: 'Empty' })).status).toBe(404);
  expect((await post('/__control/edits', { op: 'explode' })).status).toBe(400);
  expect(await version()).toEqual({ version: '4', modifiedTime: '2026-03-02T09:01:00.000Z', trashed: false });
  expect((await post('/__control/spreadsheets', book)).status).toBe(201);
  expect(await version()).toMatchObject({ version: '5' });
});

test('rows and columns are inserted, deleted and sorted, tabs renamed and deleted, through batchUpdate', async () => {
  const range = (dimension: string, startIndex: number, endIndex: number) => ({
    sheetId: 5,
    dimension,
    startIndex,
    endIndex,
  });
  const requests = [
    { deleteDimension: { range: range('ROWS', 2, 3) } },
    { insertDimension: { range: range('COLUMNS', 1, 2) } },
    {
      sortRange: {
        range: { sheetId: 5, startRowIndex: 1 },
        sortSpecs: [{ dimensionIndex: 0, sortOrder: 'DESCENDING' }],
      },
    },
    { updateSheetProperties: { properties: { sheetId: 5, title: 'Data' }, fields: 'title' } },
    { deleteSheet: { sheetId: 6 } },
  ];
  expect((await call('POST', '/v4/spreadsheets/book:batchUpdate', { requests })).body).toMatchObject({
    replies: [{}, {}, {}, {}, {}],
  });
  expect((await call('GET', values('Data', '?valueRenderOption=UNFORMATTED_VALUE'))).body.values).toEqual([
    ['Name', '', 'Due', 'Share', 'Sum'],
    ['Ada', '', 46023, 0.25, 7],
    ['', '', '', 3],
  ]);
  expect((await call('GET', values('Empty'))).status).toBe(400);
});

test('sorting puts numbers before texts and blanks last, in either direction', async () => {
  const rows = [['b'], [2], [null], ['a'], [true], [10]];
  const at = { spreadsheetId: 'book', tab: 'Empty' };
  const read = async () => (await call('GET', values('Empty', '?valueRenderOption=UNFORMATTED_VALUE'))).body.values;
  google.setRows({ ...at, rows });
  google.sortRange({ ...at, column: 0, from: 0 });
  expect(await read()).toEqual([[2], [10], ['a'], ['b'], [true]]);
  google.sortRange({ ...at, column: 0, from: 0, descending: true });
  expect(await read()).toEqual([[true], ['b'], ['a'], [10], [2]]);
});

test('tokens are checked: signature, account, time and scope', async () => {
  const path = '/drive/v3/files/book';
  expect((await fetch(google.url + path)).status).toBe(401);
  const [head = '', claims = '', signature = ''] = (await token('drive')).split('.');
  const forged = Buffer.from(Buffer.from(claims, 'base64url').toString().replace('plumbline', 'attacker')).toString(
    'base64url',
  );
  const authorization = [head, forged, signature].join('.');
  expect((await fetch(google.url + path, { headers: { authorization } })).status).toBe(401);
  expect((await call('GET', path, undefined, 'spreadsheets')).status).toBe(403);
  expect(
    (await call('PUT', values('Empty!A1', '?valueInputOption=RAW'), { values: [[1]] }, 'spreadsheets.readonly')).status,
  ).toBe(403);
});

test('the sixty-first read within a minute is refused, writes are counted apart', async () => {
  for (let read = 0; read < 60; read += 1) await call('GET', '/drive/v3/files/book');
  const refused = await call('GET', values('Empty'));
  expect(refused).toMatchObject({ status: 429, body: { error: { status: 'RESOURCE_EXHAUSTED' } } });
  expect((await call('PUT', values('Empty!A1', '?valueInputOption=RAW'), { values: [[1]] })).status).toBe(200);
  clock.advance(60_000);
  expect((await call('GET', values('Empty'))).status).toBe(200);
});

test('what is not there, not shared or not understood is answered as Google does', async () => {
  expect(await call('GET', '/v4/spreadsheets/nothing')).toMatchObject({
    status: 404,
    body: { error: { status: 'NOT_FOUND' } },
  });
  google.unshare({ spreadsheetId: 'book', email });
  expect(await call('GET', '/v4/spreadsheets/book')).toMatchObject({
    status: 403,
    body: { error: { status: 'PERMISSION_DENIED' } },
  });
  expect(await call('GET', '/drive/v3/files/book')).toMatchObject({
    status: 404,
    body: { error: { errors: [{ reason: 'notFound' }] } },
  });
  google.share({ spreadsheetId: 'book', email });
  expect((await call('GET', '/v4/spreadsheets/book?fields=sheets(')).status).toBe(400);
  const gone = { dataFilters: [{ gridRange: { sheetId: 99 } }] };
  expect(await call('POST', '/v4/spreadsheets/book/values:batchGetByDataFilter', gone)).toMatchObject({
    status: 400,
    body: { error: { message: 'No grid with id: 99' } },
  });
});
