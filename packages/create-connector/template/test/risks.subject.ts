import type { Setting, Subject } from '@plumbline/conformance';
import { startTemplateVendorEmulator, type EmulatedRisk } from '../emulator/index.ts';

const token = 'a-secret-token';
const FEW = 4;
const pageSizes = { few: [FEW], uneven: [FEW, 1, 0], usual: [100] };

/** An account with risks, as the conformance kit wants it. */
export async function openRisks({ clock, pages }: Setting): Promise<Subject> {
  const emulator = await startTemplateVendorEmulator({ clock, token, pageSizes: pageSizes[pages] });
  const risks: EmulatedRisk[] = [];
  const add = (title: string): EmulatedRisk => {
    const risk = { id: risks.length, title, status: 'open', probability: null, cost: null, project: null };
    risks.push(risk);
    return risk;
  };
  /** Puts the risk anew; what is given stays. */
  const change = (id: string, members: Partial<EmulatedRisk>): void => {
    const risk = risks[Number(id)];
    if (risk) emulator.put(Object.assign(risk, members));
  };
  return {
    emulator,
    config: { address: emulator.url, currency: 'EUR' },
    secrets: { token },
    pageSize: Math.max(...pageSizes[pages]),
    make: (drafts) =>
      drafts.map(({ label, at }) => {
        const risk = add(label);
        emulator.load(risk, Temporal.Instant.fromEpochMilliseconds(at));
        return String(risk.id);
      }),
    create(label) {
      const risk = add(label);
      emulator.put(risk);
      return String(risk.id);
    },
    change: (id, title) => change(id, { title }),
    remove: (id) => emulator.remove(Number(id)),
    move: (id) => change(id, { project: 'ABC' }),
    revoke: () => emulator.faults.add({ kind: 'answer', status: 403 }),
    grant: () => emulator.faults.clear(),
    lag: (milliseconds) => emulator.lag(milliseconds),
    spoil: (id) => change(id, { status: 'unheard-of' }),
    repair: (id) => change(id, { status: 'open' }),
    lay: (id, members) => change(id, members),
    close: () => emulator.close(),
  };
}
