import type { Setting, Subject } from '@plumbline/conformance';
import { openPortalSubject } from './portal.subject.ts';
import { deal } from './test-kit.ts';

/** The type of the association of a deal with its primary company. */
const PRIMARY = 5;

/** A portal with deals, as the conformance kit wants it. */
export async function openDeals(setting: Setting): Promise<Subject> {
  const portal = await openPortalSubject(setting, 'deals');
  const { emulator } = portal;
  let made = 0;
  return {
    ...portal,
    make(drafts) {
      const records = drafts.map(({ label, at }) => deal((made += 1), { dealname: label }, new Date(at).toISOString()));
      emulator.load({ records });
      return records.map(({ id }) => id);
    },
    create: (label) =>
      emulator.create('deals', { dealname: label, pipeline: 'default', dealstage: 'lead', amount: '1000' }),
    change: (id, label) => emulator.update('deals', id, { dealname: label }),
    merge: (id, into) => emulator.merge('deals', { primary: into, merged: id }),
    move: (id) => emulator.update('deals', id, { pipeline: 'renewals', dealstage: '9001' }),
    surround(id) {
      const company = emulator.create('companies', { name: 'Who buys it now' });
      emulator.associate({ from: { type: 'deals', id }, to: { type: 'companies', id: company }, typeId: PRIMARY });
      return { field: 'client', value: `hubspot-company:${company}` };
    },
    spoil: (id) => emulator.breakRecord('deals', id, { properties: { amount: 'lots' } }),
  };
}
