import type { Connector } from '@plumbline/connector';
import type { Conformance, Proof, Setting, Subject } from '../src/index.ts';
import { ledgerCounterfeits } from './ledger-channels.ts';
import { startLedger } from './ledger-emulator.ts';

const webhookSecret = 'known-to-hub-and-ledger';

/** A ledger, as the kit wants it: it can do everything that a subject may be asked for. */
async function openLedger(setting: Setting, proof: Proof): Promise<Subject> {
  const ledger = await startLedger(setting);
  const dropped = new Map<string, unknown>();
  const titles = new Map<string, string>();
  return {
    emulator: ledger,
    config: { address: ledger.url },
    secrets: { token: 'ledger-token', webhookSecret },
    pageSize: setting.pages === 'usual' ? 200 : 4,
    make(drafts) {
      const first = ledger.lastId + 1;
      const entries = drafts.map(({ label, at }, index) => ({
        id: first + index,
        title: label,
        project: 'one',
        changed: at,
        merged: [],
      }));
      ledger.load(entries);
      for (const { id, title } of entries) titles.set(String(id), title);
      return entries.map(({ id }) => String(id));
    },
    create(label) {
      const id = ledger.lastId + 1;
      ledger.put(id, { title: label });
      titles.set(String(id), label);
      return String(id);
    },
    change(id, label) {
      ledger.put(Number(id), { title: label });
      titles.set(id, label);
    },
    remove: (id) => ledger.drop(Number(id)),
    archive(id) {
      dropped.set(id, titles.get(id));
      ledger.drop(Number(id));
    },
    restore: (id) => ledger.put(Number(id), { title: dropped.get(id) }),
    merge: (id, into) => ledger.merge(Number(id), Number(into)),
    move: (id) => ledger.put(Number(id), { project: 'two' }),
    surround(id) {
      ledger.give(Number(id), 'ada');
      return { field: 'owner', value: 'ledger-user:ada' };
    },
    hide: (id) => ledger.hide(Number(id), true),
    show: (id) => ledger.hide(Number(id), false),
    revoke: () => ledger.faults.add({ kind: 'answer', status: 403 }),
    grant: () => ledger.faults.clear(),
    lag: (milliseconds) => ledger.lag(milliseconds),
    spoil: (id) => ledger.put(Number(id), { title: null }),
    repair: (id) => ledger.put(Number(id), { title: titles.get(id) }),
    lay: (id, members) => ledger.put(Number(id), members),
    ...(proof === 'SIGNATURE'
      ? { tell: (url) => ledger.tell({ url, secret: webhookSecret }), forget: (id) => ledger.forget(Number(id)) }
      : { tell: () => ledger.messages, counterfeits: (good) => ledgerCounterfeits(good, webhookSecret) }),
    close: () => ledger.close(),
  };
}

export function ledgerConformance(title: string, connector: Connector, proof: Proof = 'SIGNATURE'): Conformance {
  return {
    title,
    connector,
    stream: 'entries',
    shows: { kind: 'risk', field: 'title' },
    deletionsShow: 'IN_A_POLL',
    refusals: [{ reason: 'too many', answer: { status: 429, headers: { 'retry-after': '3' } } }],
    proof,
    open: (setting) => openLedger(setting, proof),
    leavesOut: proof === 'CHANNEL' ? { forget: 'A message says that something changed, and not what.' } : {},
  };
}
