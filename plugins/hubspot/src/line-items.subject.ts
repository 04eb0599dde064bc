import type { Setting, Subject } from '@plumbline/conformance';
import { openPortalSubject } from './portal.subject.ts';
import { deal } from './test-kit.ts';

/** The type of the association of a line item with its deal. */
const OF_DEAL = 20;
const PRICE = '10';

/** A portal with line items, each on a deal of its own, as the conformance kit wants it. */
export async function openLineItems(setting: Setting): Promise<Subject> {
  const portal = await openPortalSubject(setting, 'line_items');
  const { emulator } = portal;
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
    ...portal,
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
    move: put,
    surround(id) {
      emulator.update('deals', dealOf.get(id) ?? '', { deal_currency_code: 'JPY' });
      return { field: 'amount', value: { amount: PRICE, currency: 'JPY' } };
    },
    spoil: (id) => emulator.breakRecord('line_items', id, { properties: { quantity: 'lots' } }),
  };
}
