import { startContractProxy, type ContractProxy } from '@plumbline/emulator/contract-proxy';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { deal, openPortal, type OpenPortal } from './test-kit.ts';

const document = fileURLToPath(new URL('../../../../shared/contracts/checker/hubspot.openapi.json', import.meta.url));
const present = existsSync(document);
if (!present) console.info(`Skipped: the check against HubSpot’s contract; ${document} is not there.`);

let open: OpenPortal | undefined;
let proxy: ContractProxy | undefined;
afterEach(async () => {
  await proxy?.close();
  await open?.close();
});

const streams = ['owners', 'companies', 'deals', 'line-items'] as const;

test.runIf(present)(
  'full and incremental polls and the check keep to HubSpot’s contract, and so does the emulator',
  async () => {
    open = await openPortal({
      associationPageSize: 1,
      config: { deals: { projectKey: {} } },
      address: async (target) => {
        proxy = await startContractProxy({ document, target });
        return proxy.url;
      },
    });
    const { emulator } = open;
    emulator.load({
      records: Array.from({ length: 230 }, (_, index) => deal(index + 1, { hubspot_owner_id: '71', closedate: null })),
      associations: [
        { from: { type: 'deals', id: '1' }, to: { type: 'companies', id: '50' }, typeId: 5 },
        { from: { type: 'deals', id: '1' }, to: { type: 'companies', id: '51' }, typeId: 341 },
      ],
    });
    for (const id of ['50', '51']) emulator.create('companies', { name: `Company ${id}`, domain: 'acme.com' }, id);
    for (const id of ['90', '91']) {
      emulator.create('line_items', { name: 'Days', price: '1000', quantity: '3' }, id);
      emulator.associate({ from: { type: 'line_items', id }, to: { type: 'deals', id: '1' }, typeId: 20 });
    }
    const cursors = new Map<string, unknown>();
    for (const name of streams) cursors.set(name, (await open.read(name)).cursor);
    emulator.update('deals', '3', { dealstage: 'closedwon' });
    emulator.archive('deals', '4');
    emulator.merge('deals', { primary: '5', merged: '6' });
    emulator.archive('line_items', '90');
    for (const name of streams) await open.read(name, cursors.get(name));
    for await (const ids of open.stream('deals').census?.(open.context) ?? []) expect(ids.length).toBeGreaterThan(0);
    await open.stream('deals').confirm?.(open.context, ['1', '4', '6']);
    expect((await open.check()).every(({ ok }) => ok)).toBe(true);
    expect(proxy?.violations).toEqual([]);
  },
);

test.runIf(present)('a breach of the contract would be noticed', async () => {
  open = await openPortal({
    address: async (target) => {
      proxy = await startContractProxy({ document, target });
      return proxy.url;
    },
  });
  open.emulator.load({ records: [deal(1)] });
  open.emulator.breakRecord('deals', '1', { archived: 'perhaps' });
  await open.read('deals');
  expect(proxy?.violations.join()).toContain('archived');
});
