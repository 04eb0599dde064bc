import type { Clock } from '@plumbline/connector';
import { startEmulator, type Emulator } from '@plumbline/emulator';

/** A risk as the vendor sends it. */
export interface EmulatedRisk {
  id: number;
  title: string;
  status: 'open' | 'closed';
  /** 0 to 1. */
  probability: number | null;
  /** A decimal number. */
  cost: string | null;
  project: string | null;
}

export interface TemplateVendorEmulator extends Emulator {
  /** Adds a risk, or replaces the one of its id; it changed now. */
  put(risk: EmulatedRisk): void;
}

export interface TemplateVendorEmulatorOptions {
  clock: Pick<Clock, 'now'>;
  /** The only token that is accepted. */
  token: string;
  /** Risks of one page; 100 when absent. */
  pageSize?: number;
}

/** The vendor on loopback: one list, in the order of changes. */
export async function startTemplateVendorEmulator(
  options: TemplateVendorEmulatorOptions,
): Promise<TemplateVendorEmulator> {
  const { clock, token, pageSize = 100 } = options;
  const risks = new Map<number, EmulatedRisk & { changed_at: string }>();
  const emulator = await startEmulator({
    name: 'template-vendor',
    clock,
    routes: (app) =>
      app.get('/risks', (context) => {
        if (context.req.header('authorization') !== `Bearer ${token}`) return context.json({ error: 'no' }, 401);
        const since = Temporal.Instant.from(context.req.query('changed_since') ?? '1970-01-01T00:00:00Z');
        const from = (Number(context.req.query('page') ?? 1) - 1) * pageSize;
        const changed = [...risks.values()].filter((risk) => Temporal.Instant.compare(risk.changed_at, since) >= 0);
        return context.json({ risks: changed.slice(from, from + pageSize), more: changed.length > from + pageSize });
      }),
  });
  return Object.assign(emulator, {
    put(risk: EmulatedRisk): void {
      risks.delete(risk.id);
      risks.set(risk.id, { ...risk, changed_at: clock.now().toString() });
    },
  });
}
