import type { Clock } from '@plumbline/connector';
import { addDeliveryRoutes, startEmulator, type Deliveries, type Emulator } from '@plumbline/emulator';
import type { ServiceAccount } from './auth.ts';
import { createChannels, type Channel, type ChannelMessage } from './channels.ts';
import { gatekeeper, type Company } from './company.ts';
import { addControlRoutes } from './control-routes.ts';
import { addDriveRoutes } from './drive-routes.ts';
import { applyEdit, editSchema, type Edit, type Edits } from './edits.ts';
import type { CellValue, Spreadsheet } from './seed.ts';
import { addSheetsRoutes } from './sheets-routes.ts';
import { openWorkbook, type Workbook } from './workbook.ts';

export interface GoogleEmulatorOptions {
  spreadsheets: readonly Spreadsheet[];
  serviceAccounts: readonly ServiceAccount[];
  /** Times of changes, the quota's minute, and the validity of tokens go by it. */
  clock: Pick<Clock, 'now'>;
  /**
   * The clock tokens are checked against; `clock` when absent. google-auth-library signs by the machine's time, so a
   * company that lives in another time gives the system's clock here.
   */
  tokenClock?: Pick<Clock, 'now'>;
  /** 0 (the default) takes a free port; always on loopback. */
  port?: number;
  /** Per minute and account; 60 each when absent. Reads of Sheets and Drive are counted together. */
  limits?: { reads?: number; writes?: number };
}

/** Google Sheets v4 and Drive v3 on one origin. Every edit raises Drive's version, as writing by the vendor's API does. */
export interface GoogleEmulator extends Emulator, Edits {
  /** Adds a spreadsheet, or replaces the one of the same id; its version goes on. */
  load(spreadsheet: Spreadsheet): void;
  /** What Drive says of it now; undefined for an id nobody has. */
  revision(spreadsheetId: string): { version: string; modifiedTime: string } | undefined;
  /** What stands in a tab, row by row; undefined where there is no such tab. */
  values(spreadsheetId: string, tab: string): CellValue[][] | undefined;
  /** Channels that have not ended: where changes are told. */
  channels(): readonly Channel[];
  readonly deliveries: Deliveries<ChannelMessage>;
}

/** Starts the emulator; it listens when the promise resolves. */
export async function startGoogleEmulator(options: GoogleEmulatorOptions): Promise<GoogleEmulator> {
  const workbooks = new Map<string, Workbook>();
  const channels = createChannels(options.clock);
  const changed = (workbook: Workbook): void => {
    workbook.version += 1;
    workbook.modified = options.clock.now();
    channels.changed(workbook.spreadsheetId);
  };
  const load = (spreadsheet: Spreadsheet): void => {
    const opened = openWorkbook(spreadsheet, options.clock.now());
    opened.version += workbooks.get(opened.spreadsheetId)?.version ?? 0;
    workbooks.set(opened.spreadsheetId, opened);
  };
  const edit = (change: Edit): void => {
    const workbook = workbooks.get(change.spreadsheetId);
    if (!workbook) throw new RangeError(`no spreadsheet ${change.spreadsheetId}`);
    applyEdit(workbook, change);
    changed(workbook);
  };
  options.spreadsheets.forEach(load);
  const company: Company = { open: gatekeeper(options, workbooks), changed };
  const emulator = await startEmulator({
    name: 'google',
    clock: options.clock,
    ...(options.port === undefined ? {} : { port: options.port }),
    routes: (app) => {
      addControlRoutes(app, { load, edit });
      addSheetsRoutes(app, company);
      addDriveRoutes(app, company, channels);
      addDeliveryRoutes(app, channels.deliveries);
    },
  });
  const revision = (spreadsheetId: string): ReturnType<GoogleEmulator['revision']> => {
    const workbook = workbooks.get(spreadsheetId);
    return workbook && { version: String(workbook.version), modifiedTime: workbook.modified.toString() };
  };
  const values = (spreadsheetId: string, tab: string): CellValue[][] | undefined =>
    workbooks
      .get(spreadsheetId)
      ?.sheets.find(({ title }) => title === tab)
      ?.rows.map((row) => row.map(({ value }) => value));
  // Defined, not assigned: `requests` is a getter and must stay one.
  return Object.defineProperties(
    { ...editsBy(edit), load, revision, values, channels: channels.open, deliveries: channels.deliveries },
    Object.getOwnPropertyDescriptors(emulator),
  ) as GoogleEmulator;
}

function editsBy(edit: (change: Edit) => void): Edits {
  const named = editSchema.options.map(({ shape }) => {
    const [op] = shape.op.values;
    return [op, (rest: object) => edit({ op, ...rest } as Edit)];
  });
  return Object.fromEntries(named) as Edits;
}
