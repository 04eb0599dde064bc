import type { EmulatorApp } from '@plumbline/emulator';
import { applyFieldMask } from './field-mask.ts';
import { answering, type Company } from './company.ts';
import { maskOf } from './query.ts';
import type { Workbook } from './workbook.ts';

/** `files.get`, as far as it concerns a native spreadsheet: no md5, no head revision. */
export function addDriveRoutes(app: EmulatorApp, company: Company): void {
  app.get('/drive/v3/files/:fileId', (context) =>
    answering(context, 'drive', () => {
      const spreadsheetId = context.req.param('fileId');
      const workbook = company.open(context, { api: 'drive', write: false, spreadsheetId });
      const mask = maskOf(context, 'kind,id,name,mimeType');
      return applyFieldMask(mask, fileResource(workbook)) as object;
    }),
  );
}

function fileResource(workbook: Workbook): object {
  return {
    kind: 'drive#file',
    id: workbook.spreadsheetId,
    name: workbook.title,
    mimeType: 'application/vnd.google-apps.spreadsheet',
    trashed: workbook.trashed,
    version: String(workbook.version),
    modifiedTime: workbook.modified.toString({ fractionalSecondDigits: 3 }),
    webViewLink: `https://docs.google.com/spreadsheets/d/${workbook.spreadsheetId}/edit?usp=drivesdk`,
  };
}
