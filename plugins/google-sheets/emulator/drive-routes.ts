import type { EmulatorApp } from '@plumbline/emulator';
import { channelSchema, stopSchema, type Channel, type Channels } from './channels.ts';
import { applyFieldMask } from './field-mask.ts';
import { answering, type Company } from './company.ts';
import { invalidArgument } from './google-error.ts';
import { maskOf } from './query.ts';
import type { Workbook } from './workbook.ts';

/** `files.get`, as far as it concerns a native spreadsheet: no md5, no head revision; and channels that tell of changes. */
export function addDriveRoutes(app: EmulatorApp, company: Company, channels: Channels): void {
  app.get('/drive/v3/files/:fileId', (context) =>
    answering(context, 'drive', () => {
      const spreadsheetId = context.req.param('fileId');
      const workbook = company.open(context, { api: 'drive', write: false, spreadsheetId });
      const mask = maskOf(context, 'kind,id,name,mimeType');
      return applyFieldMask(mask, fileResource(workbook)) as object;
    }),
  );
  app.post('/drive/v3/files/:fileId/watch', (context) =>
    answering(context, 'drive', async () => {
      const fileId = context.req.param('fileId');
      company.open(context, { api: 'drive', write: false, spreadsheetId: fileId });
      const asked = channelSchema.safeParse(await context.req.json());
      if (!asked.success) throw invalidArgument('Invalid channel.');
      return channelResource(channels.watch(fileId, asked.data));
    }),
  );
  app.post('/drive/v3/channels/stop', async (context) => {
    const answer = await answering(context, 'drive', async () => {
      const asked = stopSchema.safeParse(await context.req.json());
      if (!asked.success) throw invalidArgument('Invalid channel.');
      const fileId = channels.open().find(({ id }) => id === asked.data.id)?.fileId ?? '';
      company.open(context, { api: 'drive', write: false, spreadsheetId: fileId });
      channels.stop(asked.data);
      return {};
    });
    return answer.ok ? context.body(null, 204) : answer;
  });
}

function channelResource({ id, resourceId, fileId, token, expiration }: Channel): object {
  const resourceUri = `https://www.googleapis.com/drive/v3/files/${fileId}?alt=json`;
  return { kind: 'api#channel', id, resourceId, resourceUri, token, expiration: String(expiration) };
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
