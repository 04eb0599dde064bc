import type { Setting, Subject } from '@plumbline/conformance';
import { mustBeListed } from '@plumbline/emulator';
import { startHubSpotEmulator, type HubSpotEmulator, type HubSpotRecord } from '../emulator/index.ts';
import { operations } from './test-operations.ts';
import { accessToken, missingScopes, portal } from './test-kit.ts';

const FEW = 4;
const webhookSecret = 'known-to-hub-and-portal';

/** A portal as the kit's setting wants it, with what is done alike to records of every type. */
export async function openPortalSubject(setting: Setting, type: HubSpotRecord['type']) {
  const emulator: HubSpotEmulator = await startHubSpotEmulator({
    portal: { ...portal, timeZone: setting.zone },
    clock: setting.clock,
    shortPages: setting.pages === 'uneven',
    ...(setting.pages === 'usual' ? {} : { pageCap: FEW }),
  });
  return {
    emulator,
    config: { address: emulator.url },
    secrets: { accessToken, webhookSecret },
    pageSize: setting.pages === 'usual' ? 200 : FEW,
    remove: (id) => emulator.purge(type, id),
    archive: (id) => emulator.archive(type, id),
    restore: (id) => emulator.restore(type, id),
    revoke: () =>
      emulator.faults.add({
        kind: 'answer',
        path: `/crm/v3/objects/${type}`,
        status: 403,
        body: missingScopes(`crm.objects.${type}.read`),
      }),
    grant: () => emulator.faults.clear(),
    lag: (milliseconds) => emulator.lagIndex(milliseconds),
    repair: (id) => emulator.repairRecord(type, id),
    lay: (id, members) => emulator.breakRecord(type, id, members),
    tell(url) {
      emulator.sendWebhooks({ url, secret: webhookSecret });
      return emulator.deliveries;
    },
    forget: (id) => emulator.forget(type, id),
    async close() {
      await emulator.close();
      mustBeListed(emulator.requests, operations);
    },
  } satisfies Partial<Subject>;
}
