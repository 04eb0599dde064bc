import type { Setting, Subject } from '@plumbline/conformance';
import { mustBeListed } from '@plumbline/emulator';
import { startHubSpotEmulator } from '../emulator/index.ts';
import { operations } from './test-operations.ts';
import { accessToken, portal } from './test-kit.ts';

/** A portal with companies, which are read as deals are, in fewer requests: for checks of very many. */
export async function openCompanies(setting: Setting): Promise<Subject> {
  const emulator = await startHubSpotEmulator({ portal: { ...portal, timeZone: setting.zone }, clock: setting.clock });
  let made = 0;
  return {
    emulator,
    config: { address: emulator.url },
    secrets: { accessToken },
    pageSize: 200,
    make(drafts) {
      const records = drafts.map(({ label, at }) => ({
        type: 'companies' as const,
        id: String((made += 1)),
        properties: { name: label },
        created: at,
        updated: at,
      }));
      emulator.load({ records });
      return records.map(({ id }) => id);
    },
    create: (label) => emulator.create('companies', { name: label }),
    change: (id, label) => emulator.update('companies', id, { name: label }),
    async close() {
      await emulator.close();
      mustBeListed(emulator.requests, operations);
    },
  };
}
