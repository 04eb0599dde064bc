import type { Setting, Subject } from '@plumbline/conformance';
import { mustBeListed } from '@plumbline/emulator';
import { startHubSpotEmulator } from '../emulator/index.ts';
import { operations } from './test-operations.ts';
import { accessToken, deal, missingScopes, portal } from './test-kit.ts';

const FEW = 4;
const webhookSecret = 'known-to-hub-and-portal';
/** The type of the association of a line item with its deal. */
const OF_DEAL = 20;
const PRICE = '10';

/** A portal with line items, each on a deal of its own, as the conformance kit wants it. */
export async function openLineItems(setting: Setting): Promise<Subject> {
  const emulator = await startHubSpotEmulator({
    portal: { ...portal, timeZone: setting.zone },
    clock: setting.clock,
    shortPages: setting.pages === 'uneven',
    ...(setting.pages === 'usual' ? {} : { pageCap: FEW }),
  });
  const dealOf = new Map<string, string>();
  const put = (id: string): void => {
    const from = { type: 'line_items', id } as const;
    const before = dealOf.get(id);
    if (before !== undefined) emulator.dissociate({ from, to: { type: 'deals', id: before } });
    const after = emulator.create('deals', deal('new').properties);
    emulator.associate({ from, to: { type: 'deals', id: after }, typeId: OF_DEAL });
    dealOf.set(id, after);
  };
  let made = 0;
  return {
    emulator,
    config: { address: emulator.url },
    secrets: { accessToken, webhookSecret },
    pageSize: setting.pages === 'usual' ? 200 : FEW,
    make(drafts) {
      const records = drafts.map(({ label, at }) => ({
        type: 'line_items' as const,
        id: String((made += 1)),
        properties: { name: label, quantity: '1', price: PRICE },
        created: at,
        updated: at,
      }));
      emulator.load({ records });
      for (const { id } of records) put(id);
      return records.map(({ id }) => id);
    },
    create(label) {
      const id = emulator.create('line_items', { name: label, quantity: '1', price: PRICE });
      put(id);
      return id;
    },
    change: (id, label) => emulator.update('line_items', id, { name: label }),
    remove: (id) => emulator.purge('line_items', id),
    archive: (id) => emulator.archive('line_items', id),
    restore: (id) => emulator.restore('line_items', id),
    move: put,
    surround(id) {
      emulator.update('deals', dealOf.get(id) ?? '', { deal_currency_code: 'JPY' });
      return { field: 'amount', value: { amount: PRICE, currency: 'JPY' } };
    },
    revoke: () =>
      emulator.faults.add({
        kind: 'answer',
        path: '/crm/v3/objects/line_items',
        status: 403,
        body: missingScopes('crm.objects.line_items.read'),
      }),
    grant: () => emulator.faults.clear(),
    lag: (milliseconds) => emulator.lagIndex(milliseconds),
    spoil: (id) => emulator.breakRecord('line_items', id, { properties: { quantity: 'lots' } }),
    repair: (id) => emulator.repairRecord('line_items', id),
    lay: (id, members) => emulator.breakRecord('line_items', id, members),
    tell(url) {
      emulator.sendWebhooks({ url, secret: webhookSecret });
      return emulator.deliveries;
    },
    forget: (id) => emulator.forget('line_items', id),
    async close() {
      await emulator.close();
      mustBeListed(emulator.requests, operations);
    },
  };
}
