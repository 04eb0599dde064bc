import { HubError } from '@plumbline/connector';
import type { DriveFile } from './google-answers.ts';

const SPREADSHEET = 'application/vnd.google-apps.spreadsheet';

/** Why a file cannot be read as a spreadsheet though Drive shows it; null when it can. */
export function fileProblem(file: DriveFile, spreadsheetId: string): HubError | null {
  const who = `"${file.name}" (${spreadsheetId})`;
  if (file.trashed) {
    return new HubError({
      code: 'NOT_FOUND',
      message: `Spreadsheet ${who} is in the bin.`,
      remedy: 'Restore it in Drive, or take it out of the configuration.',
    });
  }
  if (file.mimeType === SPREADSHEET) return null;
  return new HubError({
    code: 'BAD_CONFIG',
    message: `${who} is no Google spreadsheet but a file of the type ${file.mimeType}.`,
    remedy: 'Name the id of a spreadsheet; Excel files must be saved as Google Sheets first.',
  });
}
