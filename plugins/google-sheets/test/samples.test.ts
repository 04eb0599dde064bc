import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { CellValue } from '../emulator/index.ts';
import { JWT } from 'google-auth-library';
import { email, openDesk, privateKey, rejection, type Desk } from './desk.ts';

const folder = fileURLToPath(new URL('../../../../shared/contracts/samples/', import.meta.url));
const cells = z.array(z.array(z.union([z.string(), z.number(), z.boolean()])));

/** A recorded exchange, or null (with a line that says so) where the recordings are not at hand. */
function recorded<Body>(name: string, body: z.ZodType<Body>) {
  const path = `${folder}${name}.json`;
  if (!existsSync(path)) {
    console.info(`Skipped the recording ${name}: no ${path}`);
    return null;
  }
  const request = z.object({
    method: z.string(),
    path: z.string(),
    query: z.record(z.string(), z.string()).default({}),
    body: z.unknown().optional(),
  });
  const sample = z.object({ request, response: z.object({ body }) });
  return sample.parse(JSON.parse(readFileSync(path, 'utf8')));
}

let desk: Desk | undefined;
afterEach(() => desk?.close());

const students = { column: 'Student name' };
async function openClass(rows: readonly (readonly CellValue[])[] = []): Promise<Desk> {
  const tab = { sheetId: 0, title: 'Class Data', rows };
  desk = await openDesk({
    spreadsheets: [{ spreadsheetId: 'class', title: 'Class', locale: 'en_US', timeZone: 'Etc/GMT', tabs: [tab] }],
    config: {
      spreadsheets: [
        {
          id: 'class',
          tabs: [
            {
              name: 'students',
              sheetId: 0,
              kind: 'person',
              key: students,
              columns: { name: students, role: 'Class level', team: { column: 'Major', lowerCase: true } },
              customFields: { home: 'Home State' },
            },
          ],
        },
      ],
    },
  });
  return desk;
}

test('the recorded class list maps, row by row', async (context) => {
  const sample = recorded('sheets-values-get-whole-sheet', z.looseObject({ values: cells }));
  if (!sample) return context.skip();
  const { emulator, poll } = await openClass();
  // The whole recorded ValueRange, in the envelope the connector asks for.
  const body = { spreadsheetId: 'class', valueRanges: [{ valueRange: sample.response.body }] };
  emulator.faults.add({ kind: 'answer', path: 'batchGetByDataFilter', status: 200, body });
  const { records, quarantine } = await poll('students');
  expect(quarantine).toEqual({});
  expect(records).toHaveLength(sample.response.body.values.length - 1);
  expect(records[0]).toEqual({
    kind: 'person',
    id: 'Alexandra',
    keys: ['sheet-row:students/Alexandra'],
    fields: { name: 'Alexandra', role: '4. Senior', team: 'english' },
    customFields: { home: 'CA' },
  });
});

test('the emulator answers the recorded reads with the recorded values', async (context) => {
  const whole = recorded('sheets-values-get-whole-sheet', z.looseObject({ values: cells }));
  const batch = recorded('sheets-values-batchget', z.looseObject({ valueRanges: z.array(z.unknown()) }));
  if (!whole || !batch) return context.skip();
  const { emulator } = await openClass(whole.response.body.values);
  const again = ({ request }: Pick<typeof whole, 'request'>): Promise<unknown> => {
    const path = request.path.replace(/spreadsheets\/[^/]+/, 'spreadsheets/class');
    return ask(`${emulator.url}${path}?${new URLSearchParams(request.query)}`);
  };
  // The recorded tab has another size, which only shows in the range.
  const range = "'Class Data'!A1:Z1000";
  expect(await again(whole)).toEqual({ ...whole.response.body, range });
  expect(await again(batch)).toEqual({ ...batch.response.body, spreadsheetId: 'class' });
  return undefined;
});

test('the emulator appends as recorded', async (context) => {
  const sample = recorded('sheets-values-append', z.object({ tableRange: z.string(), updates: z.looseObject({}) }));
  if (!sample) return context.skip();
  const { values } = z
    .object({ values: z.array(z.array(z.union([z.string(), z.number()]))) })
    .parse(sample.request.body);
  const { emulator } = await openClass(values);
  emulator.renameTab({ spreadsheetId: 'class', tab: 0, title: 'Sheet1' });
  const path = sample.request.path.replace(/spreadsheets\/[^/]+/, 'spreadsheets/class');
  const address = `${emulator.url}${path}?${new URLSearchParams(sample.request.query)}`;
  const { tableRange, updates } = sample.response.body;
  expect(await ask(address, sample.request.body)).toMatchObject({
    tableRange,
    updates: { ...updates, spreadsheetId: 'class' },
  });
});

test('a recorded new spreadsheet is understood: its zone, and a tab without anything in it', async (context) => {
  const sample = recorded(
    'sheets-spreadsheet-create',
    z.looseObject({ properties: z.looseObject({ title: z.string() }) }),
  );
  if (!sample) return context.skip();
  const { emulator, poll } = await openClass();
  emulator.faults.add({ kind: 'answer', path: '^/v4/spreadsheets/class\\?', status: 200, body: sample.response.body });
  const error = await rejection(poll('students'));
  expect(error.message).toContain(`"${sample.response.body.properties.title}"`);
  expect(error.message).toContain('tab "Sheet1" has no header "Student name" in its first 20 rows. The row is blank.');
});

test('recorded files of Drive that are no spreadsheets are told apart', async (context) => {
  const sample = recorded('drive-files-list', z.object({ files: z.array(z.looseObject({ mimeType: z.string() })) }));
  if (!sample) return context.skip();
  const { emulator, check } = await openClass();
  for (const file of sample.response.body.files) {
    // The list was asked without the version, which every file has.
    emulator.faults.add({ kind: 'answer', path: '^/drive', times: 1, status: 200, body: { ...file, version: '12' } });
    expect((await check()).at(-1)?.message).toBe(
      `"${String(file.name)}" (class) is no Google spreadsheet but a file of the type ${file.mimeType}.`,
    );
  }
});

async function ask(address: string, body?: unknown): Promise<unknown> {
  const jwt = new JWT({ email, key: privateKey, scopes: ['https://www.googleapis.com/auth/spreadsheets'] });
  jwt.useJWTAccessWithScope = true;
  const headers = await jwt.getRequestHeaders();
  const init = body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) };
  const answer: unknown = await (await fetch(address, init)).json();
  // Not the connector's.
  desk?.emulator.forgetRequests();
  return answer;
}
