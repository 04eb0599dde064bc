import { startContractProxy, type ContractProxy } from '@plumbline/emulator/contract-proxy';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { JWT } from 'google-auth-library';
import { expect, test } from 'vitest';
import { email, openDesk, privateKey } from './desk.ts';
import { operations } from './operations.ts';
import { ratesConfig, ratesSpreadsheet } from './rates.ts';

const document = fileURLToPath(new URL('../../../../shared/contracts/checker/google.openapi.json', import.meta.url));

test('a full and an incremental poll, census and check keep Google’s contract on both sides', async (context) => {
  if (!existsSync(document)) {
    console.info(`Skipped the contract of Google: no ${document}`);
    return context.skip();
  }
  let proxy: ContractProxy | undefined;
  const desk = await openDesk({
    spreadsheets: [ratesSpreadsheet()],
    config: ratesConfig({ kind: 'risk', columns: { probability: { column: 'Bill rate', percent: true } } }),
    through: async (target) => {
      proxy = await startContractProxy({ document, target });
      return proxy.url;
    },
  });
  try {
    const first = await desk.poll('rates');
    desk.emulator.setCell({ spreadsheetId: 'rates-2026', tab: 77, row: 1, column: 3, value: 155 });
    const second = await desk.poll('rates', first.cursor);
    await desk.poll('rates', second.cursor);
    await desk.census('rates');
    await desk.check();
    expect(second.allIds).toHaveLength(3);
    const { inventory, webhooks } = desk.connector;
    for (const list of inventory?.lists ?? []) await inventory?.read(list, desk.context);
    const open = { address: 'http://127.0.0.1:9/webhooks/sheets-acme', standing: [], afresh: true };
    const standing = (await webhooks?.subscribe?.(desk.context, open))?.subscriptions ?? [];
    // Opened anew, so the first one is stopped.
    await webhooks?.subscribe?.(desk.context, { ...open, standing });
    expect(proxy?.violations).toEqual([]);
    // Every operation that the connector ever calls.
    expect([...(proxy?.operations ?? [])].toSorted()).toEqual(operations.toSorted());
  } finally {
    await desk.close();
    await proxy?.close();
  }
});

test('what the emulator answers beyond what the connector reads keeps the contract too', async (context) => {
  if (!existsSync(document)) {
    console.info(`Skipped the contract of Google: no ${document}`);
    return context.skip();
  }
  const desk = await openDesk({ spreadsheets: [ratesSpreadsheet()], config: ratesConfig() });
  const proxy = await startContractProxy({ document, target: desk.emulator.url });
  const jwt = new JWT({ email, key: privateKey, scopes: ['https://www.googleapis.com/auth/drive'] });
  jwt.useJWTAccessWithScope = true;
  const headers = { ...Object.fromEntries(await jwt.getRequestHeaders()), 'content-type': 'application/json' };
  const statuses: number[] = [];
  const call = async (method: string, path: string, body?: object): Promise<void> => {
    const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    statuses.push((await fetch(`${proxy.url}/v4/spreadsheets/rates-2026${path}`, init)).status);
  };
  const values = [['a', 1, true]];
  await call('GET', '?includeGridData=true');
  await call('GET', '/values:batchGet?ranges=A1:C2&majorDimension=COLUMNS');
  await call('GET', "/values/'It''s%20the%20rates'!A1:C2?valueRenderOption=FORMULA");
  await call('PUT', '/values/A5?valueInputOption=RAW&includeValuesInResponse=true', { values });
  await call('POST', '/values/A1:append?valueInputOption=USER_ENTERED', { values });
  await call('POST', '/values:batchUpdate', { valueInputOption: 'RAW', data: [{ range: 'A9', values }] });
  await call('POST', '/values/A9:C9:clear', {});
  await call('POST', ':batchUpdate', { requests: [{ deleteSheet: { sheetId: 77 } }] });
  await call('GET', '/values/Gone!A1');
  // Not the connector's.
  desk.emulator.forgetRequests();
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 400]);
  expect(proxy.violations).toEqual([]);
  await desk.close();
  await proxy.close();
});

test('a call that is not on the list of checked operations fails the test that made it', async () => {
  const desk = await openDesk({ spreadsheets: [ratesSpreadsheet()], config: ratesConfig() });
  await fetch(`${desk.emulator.url}/drive/v3/about`);
  await expect(desk.close()).rejects.toThrow('called, but not checked against the contract: GET /drive/v3/about');
});

test('what the emulator tells of changes has the headers of a notification of Drive’s', async (context) => {
  const described = new URL('../../../../shared/contracts/google/drive-push.derived.json', import.meta.url);
  if (!existsSync(described)) return context.skip('the contracts beside the project are not here');
  const { headers } = JSON.parse(readFileSync(described, 'utf8')) as {
    headers: Record<string, unknown> & { 'X-Goog-Resource-State': string[] };
  };
  const desk = await openDesk({ spreadsheets: [ratesSpreadsheet()], config: ratesConfig() });
  const address = 'http://127.0.0.1:9/webhooks/sheets-acme';
  await desk.connector.webhooks?.subscribe?.(desk.context, { address, standing: [], afresh: true });
  desk.emulator.setCell({ spreadsheetId: 'rates-2026', tab: 77, row: 1, column: 3, value: 155 });
  await desk.emulator.deliveries.settled();
  const { sent } = desk.emulator.deliveries;
  const known = Object.keys(headers).map((name) => name.toLowerCase());
  expect(sent.map((each) => each.headers['x-goog-resource-state'])).toEqual(['sync', 'update']);
  for (const each of sent) {
    expect(Object.keys(each.headers).filter((name) => !known.includes(name))).toEqual([]);
    expect(headers['X-Goog-Resource-State']).toContain(each.headers['x-goog-resource-state']);
  }
  await desk.close();
});
