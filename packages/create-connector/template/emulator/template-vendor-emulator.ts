import type { Clock } from '@plumbline/connector';
import { startEmulator, type Emulator } from '@plumbline/emulator';

/** A risk as the vendor sends it, with members nobody knows yet. */
export interface EmulatedRisk {
  id: number;
  title: string;
  /** `open` or `closed`. */
  status: string;
  /** 0 to 1. */
  probability: number | null;
  /** A decimal number. */
  cost: string | null;
  project: string | null;
  [member: string]: unknown;
}

export interface TemplateVendorEmulator extends Emulator {
  /** Takes in a risk that changed at this time and has been known for long. */
  load(risk: EmulatedRisk, changedAt: Temporal.Instant): void;
  /** Adds a risk, or replaces the one of its id; it changed now. */
  put(risk: EmulatedRisk): void;
  /** Deletes a risk for good; nothing reports it. */
  remove(id: number): void;
  /** From now on the list of changes shows a change only so many milliseconds after it was made. */
  lag(milliseconds: number): void;
}

export interface TemplateVendorEmulatorOptions {
  clock: Pick<Clock, 'now'>;
  /** The only token that is accepted. */
  token: string;
  /** Risks of the first page, of the second and so on, in turn; 100 when absent. */
  pageSizes?: readonly number[];
}

type Stored = EmulatedRisk & { changed_at: string };

/** The vendor on loopback: a list by change, a list by id, and risks by their ids. */
export async function startTemplateVendorEmulator(
  options: TemplateVendorEmulatorOptions,
): Promise<TemplateVendorEmulator> {
  const { clock, token, pageSizes = [100] } = options;
  const risks = new Map<number, Stored>();
  const index = new Map<number, Stored>();
  let late: { dueAt: number; id: number; risk: Stored | undefined }[] = [];
  let lagMs = 0;
  let pages = 0;

  const now = (): number => clock.now().epochMilliseconds;
  const listed = (): readonly Stored[] => {
    for (const { dueAt, id, risk } of late) {
      if (dueAt > now()) continue;
      if (risk) index.set(id, risk);
      else index.delete(id);
    }
    late = late.filter(({ dueAt }) => dueAt > now());
    return [...index.values()];
  };
  const store = (id: number, risk: Stored | undefined): void => {
    if (risk) risks.set(id, risk);
    else risks.delete(id);
    late.push({ dueAt: now() + lagMs, id, risk });
  };
  /** What stands behind a place in the order of places, however the risks before it have moved. */
  const pageOf = (from: readonly Stored[], place: (risk: Stored) => string, after: string) => {
    const rest = from.filter((risk) => place(risk) > after).sort((a, b) => (place(a) < place(b) ? -1 : 1));
    const size = pageSizes[pages % pageSizes.length] ?? 0;
    pages += 1;
    const found = rest.slice(0, size);
    const last = found.at(-1);
    return { found, next: rest.length > size ? (last ? place(last) : after) : null };
  };

  const emulator = await startEmulator({
    name: 'template-vendor',
    clock,
    routes(app) {
      app.use('/risks/*', async (context, next) =>
        context.req.header('authorization') === `Bearer ${token}` ? next() : context.json({ error: 'no' }, 401),
      );
      app.get('/risks', (context) => {
        const { changed_since: since = '1970-01-01T00:00:00Z', after = '' } = context.req.query();
        const from = textOf(Temporal.Instant.from(since));
        const changed = listed().filter((risk) => risk.changed_at >= from);
        const { found, next } = pageOf(changed, ({ changed_at, id }) => `${changed_at} ${sortable(id)}`, after);
        return context.json({ risks: found, next });
      });
      app.get('/risks/ids', (context) => {
        const { found, next } = pageOf([...risks.values()], ({ id }) => sortable(id), context.req.query('after') ?? '');
        return context.json({ risks: found.map(({ id, changed_at }) => ({ id, changed_at })), next });
      });
      app.get('/risks/some', (context) => {
        const asked = (context.req.query('ids') ?? '').split(',').map(Number);
        return context.json({ risks: asked.flatMap((id) => risks.get(id) ?? []), next: null });
      });
    },
  });
  const controls: Omit<TemplateVendorEmulator, keyof Emulator> = {
    load(risk, changedAt) {
      const stored = { ...risk, changed_at: textOf(changedAt) };
      risks.set(risk.id, stored);
      index.set(risk.id, stored);
    },
    put: (risk) => store(risk.id, { ...risk, changed_at: textOf(clock.now()) }),
    remove: (id) => store(id, undefined),
    lag(milliseconds) {
      lagMs = milliseconds;
    },
  };
  return Object.defineProperties(controls, Object.getOwnPropertyDescriptors(emulator)) as TemplateVendorEmulator;
}

/** Always of the same length, so that texts compare as the times do. */
function textOf(instant: Temporal.Instant): string {
  return instant.toString({ fractionalSecondDigits: 3 });
}

function sortable(id: number): string {
  return String(id).padStart(12, '0');
}
