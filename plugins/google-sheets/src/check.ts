import { explain, fieldsOf, HubError, type Check, type ErrorCode, type FieldType } from '@plumbline/connector';
import { findHeaders, headerName, SEARCHED_ROWS, type Headers } from '@plumbline/table';
import type { SpreadsheetConfig, TabConfig } from './config.ts';
import { fileProblem } from './drive-file.ts';
import { openGoogle, type Google, type GoogleContext } from './google.ts';
import type { Formats, SpreadsheetShape } from './google-answers.ts';
import { findTab, placeOf } from './tab-reading.ts';

/** What has nothing to do with one spreadsheet. */
const general: readonly ErrorCode[] = ['CREDENTIALS_REJECTED', 'UNREACHABLE', 'TIMEOUT', 'RATE_LIMITED'];

/** Looks at the credentials, every spreadsheet, every tab and every mapped header; reports instead of throwing. */
export async function checkSheets(context: GoogleContext): Promise<Check[]> {
  const google = openGoogle(context);
  const checks: Check[] = [];
  for (const spreadsheet of context.config.spreadsheets) {
    const found = await checkSpreadsheet(google, spreadsheet);
    checks.push(...found);
    // Every further call would say the same.
    if (found.some(({ subject, ok }) => subject === 'credentials' && !ok)) break;
  }
  return credentialsOnce(checks, context.secrets.clientEmail);
}

function credentialsOnce(checks: Check[], email: string): Check[] {
  if (checks.some(({ subject }) => subject === 'credentials')) return checks;
  const message = `Google accepts the tokens of ${email}.`;
  return [{ subject: 'credentials', ok: true, message, remedy: '' }, ...checks];
}

async function checkSpreadsheet(google: Google, spreadsheet: SpreadsheetConfig): Promise<Check[]> {
  const subject = `spreadsheets.${spreadsheet.id}`;
  try {
    const file = await google.file(spreadsheet.id);
    const problem = fileProblem(file, spreadsheet.id);
    if (problem) return [failed(problem, subject)];
    const shape = await google.shape(spreadsheet.id);
    const reachable = `"${shape.title}" can be read; its dates are in ${shape.timeZone}.`;
    const tabs: Check[] = [];
    for (const tab of spreadsheet.tabs) tabs.push(...(await checkTab({ google, spreadsheet, shape, tab })));
    return [{ subject, ok: true, message: reachable, remedy: '' }, ...tabs];
  } catch (error) {
    const concernsAll = error instanceof HubError && general.includes(error.code);
    return [failed(error, concernsAll ? 'credentials' : subject)];
  }
}

interface TabToCheck {
  google: Google;
  spreadsheet: SpreadsheetConfig;
  shape: SpreadsheetShape;
  tab: TabConfig;
}

async function checkTab({ google, spreadsheet, shape, tab }: TabToCheck): Promise<Check[]> {
  const subject = `spreadsheets.${spreadsheet.id}.tabs.${tab.name}`;
  try {
    const found = findTab(shape, { spreadsheet, tab });
    const lastRow = Math.max(SEARCHED_ROWS, tab.headerRow ?? 0) + 1;
    const rows = await google.values(spreadsheet.id, {
      sheetId: found.sheetId,
      startRowIndex: 0,
      endRowIndex: lastRow,
    });
    const headers = findHeaders(rows, tab, placeOf({ shape, spreadsheet, found }));
    const firstRow = headers.rowIndex + 1;
    const range = { sheetId: found.sheetId, startRowIndex: firstRow, endRowIndex: firstRow + 1 };
    const formats = await google.formats(spreadsheet.id, [range]);
    const message = `"${found.title}": headers in row ${firstRow}, every mapped one is there once.`;
    return [{ subject, ok: true, message, remedy: '' }, ...formatChecks({ subject, tab, headers, formats })];
  } catch (error) {
    return [failed(error, subject)];
  }
}

/** Number formats a field cannot mean: a price in a column of dates is a mapping that slipped by one. */
const impossible: Partial<Record<FieldType, readonly string[]>> = {
  localDate: ['NUMBER', 'PERCENT', 'CURRENCY', 'TIME', 'SCIENTIFIC'],
  instant: ['NUMBER', 'PERCENT', 'CURRENCY', 'TIME', 'SCIENTIFIC'],
  money: ['DATE', 'DATE_TIME', 'TIME', 'PERCENT'],
  decimal: ['DATE', 'DATE_TIME', 'TIME'],
  integer: ['DATE', 'DATE_TIME', 'TIME', 'PERCENT'],
};

function formatChecks(input: { subject: string; tab: TabConfig; headers: Headers; formats: Formats }): Check[] {
  const { tab, headers, formats } = input;
  return Object.entries(tab.columns).flatMap(([name, { column }]): Check[] => {
    const at =
      column === undefined ? null : headers.columns.find(({ header }) => headerName(header) === headerName(column));
    const type = fieldsOf(tab.kind)[name]?.type;
    const format = at ? formats.get(`${headers.rowIndex + 1}:${at.index}`) : undefined;
    if (!at || !type || format === undefined || !impossible[type]?.includes(format)) return [];
    const message = `"${at.header}" is formatted as ${format}, but ${tab.kind}.${name} is a ${type}.`;
    const remedy = 'Map the field to another column, or change the format in the sheet.';
    return [{ subject: `${input.subject}.columns.${name}`, ok: false, message, remedy }];
  });
}

function failed(error: unknown, subject: string): Check {
  if (error instanceof HubError) return { subject, ok: false, message: error.message, remedy: error.remedy };
  return { subject, ok: false, message: explain(error), remedy: 'Run `plumbline doctor` again.' };
}
