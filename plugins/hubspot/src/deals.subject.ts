import type { Setting, Subject } from '@plumbline/conformance';
import { mustBeListed } from '@plumbline/emulator';
import { startHubSpotEmulator } from '../emulator/index.ts';
import { operations } from './test-operations.ts';
import { accessToken, deal, missingScopes, portal } from './test-kit.ts';

const FEW = 4;
/** The type of the association of a deal with its primary company. */
const PRIMARY = 5;
const webhookSecret = 'known-to-hub-and-portal';

/** A portal with deals, as the conformance kit wants it. */
export async function openDeals(setting: Setting): Promise<Subject> {
  const emulator = await startHubSpotEmulator({
    portal: { ...portal, timeZone: setting.zone },
    clock: setting.clock,
    shortPages: setting.pages === 'uneven',
    ...(setting.pages === 'usual' ? {} : { pageCap: FEW }),
  });
  let made = 0;
  return {
    emulator,
    config: { address: emulator.url },
    secrets: { accessToken, webhookSecret },
    pageSize: setting.pages === 'usual' ? 200 : FEW,
    make(drafts) {
      const records = drafts.map(({ label, at }) => deal((made += 1), { dealname: label }, new Date(at).toISOString()));
      emulator.load({ records });
      return records.map(({ id }) => id);
    },
    create: (label) =>
      emulator.create('deals', { dealname: label, pipeline: 'default', dealstage: 'lead', amount: '1000' }),
    change: (id, label) => emulator.update('deals', id, { dealname: label }),
    remove: (id) => emulator.purge('deals', id),
    archive: (id) => emulator.archive('deals', id),
    restore: (id) => emulator.restore('deals', id),
    merge: (id, into) => emulator.merge('deals', { primary: into, merged: id }),
    move: (id) => emulator.update('deals', id, { pipeline: 'renewals', dealstage: '9001' }),
    surround(id) {
      const company = emulator.create('companies', { name: 'Who buys it now' });
      emulator.associate({ from: { type: 'deals', id }, to: { type: 'companies', id: company }, typeId: PRIMARY });
      return { field: 'client', value: `hubspot-company:${company}` };
    },
    revoke: () =>
      emulator.faults.add({
        kind: 'answer',
        path: '/crm/v3/objects/deals',
        status: 403,
        body: missingScopes('crm.objects.deals.read'),
      }),
    grant: () => emulator.faults.clear(),
    lag: (milliseconds) => emulator.lagIndex(milliseconds),
    spoil: (id) => emulator.breakRecord('deals', id, { properties: { amount: 'lots' } }),
    repair: (id) => emulator.repairRecord('deals', id),
    lay: (id, members) => emulator.breakRecord('deals', id, members),
    tell(url) {
      emulator.sendWebhooks({ url, secret: webhookSecret });
      return emulator.deliveries;
    },
    forget: (id) => emulator.forget('deals', id),
    async close() {
      await emulator.close();
      mustBeListed(emulator.requests, operations);
    },
  };
}
