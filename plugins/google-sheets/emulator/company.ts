import type { Clock } from '@plumbline/connector';
import { createQuota, type Quota } from '@plumbline/emulator';
import type { Context } from 'hono';
import { authenticate, scopes, type ServiceAccount } from './auth.ts';
import { errorBody, exhausted, forbidden, GoogleError, notFound } from './google-error.ts';
import type { Workbook } from './workbook.ts';

export type Api = 'sheets' | 'drive';

/** What the vendor's routes need: spreadsheets, and who may see them. */
export interface Company {
  /** The spreadsheet, once the caller may see it and has quota left; throws GoogleError. */
  open(context: Context, call: { api: Api; write: boolean; spreadsheetId: string }): Workbook;
  /** Says that a spreadsheet was changed. */
  changed(workbook: Workbook): void;
}

export interface GateOptions {
  serviceAccounts: readonly ServiceAccount[];
  clock: Pick<Clock, 'now'>;
  tokenClock?: Pick<Clock, 'now'>;
  limits?: { reads?: number; writes?: number };
}

/** Checks token, scope, quota and sharing, in the order the vendor does. */
export function gatekeeper(options: GateOptions, workbooks: ReadonlyMap<string, Workbook>): Company['open'] {
  const quotas = new Map<string, Quota>();
  const quota = (email: string, what: 'reads' | 'writes'): Quota => {
    const name = `${what} ${email}`;
    const calls = options.limits?.[what] ?? 60;
    const known = quotas.get(name) ?? createQuota({ calls, perMs: 60_000 }, options.clock);
    quotas.set(name, known);
    return known;
  };
  return (context, { api, write, spreadsheetId }) => {
    const email = authenticate({
      authorization: context.req.header('authorization'),
      accounts: options.serviceAccounts,
      now: (options.tokenClock ?? options.clock).now(),
      anyOf: api === 'drive' ? scopes.readDrive : write ? scopes.writeSheets : scopes.readSheets,
    });
    if (!quota(email, write ? 'writes' : 'reads').spend().allowed) throw exhausted(api, write ? 'Write' : 'Read');
    const workbook = workbooks.get(spreadsheetId);
    const hidden = !workbook || workbook.hiddenFrom.has(email);
    if (hidden && api === 'drive') throw notFound(`File not found: ${spreadsheetId}.`);
    if (!workbook) throw notFound('Requested entity was not found.');
    if (hidden) throw forbidden('The caller does not have permission');
    return workbook;
  };
}

/** Answers a GoogleError the way the API does; anything else is a fault of the emulator and stays one. */
export async function answering(context: Context, api: Api, answer: () => object | Promise<object>): Promise<Response> {
  try {
    return context.json(await answer());
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    return context.json(errorBody(error, api), error.code as 400 | 401 | 403 | 404 | 429);
  }
}
