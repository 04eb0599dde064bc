import { startEmulator, type Deliveries, type Emulator } from '@plumbline/emulator';
import type { Setting } from '../src/index.ts';
import { channelSchema, createLedgerChannels, type LedgerMessage } from './ledger-channels.ts';
import { createLedgerDeliveries, type LedgerEvent } from './ledger-webhooks.ts';

/** An entry as the ledger answers it. */
export interface Entry {
  id: number;
  title: unknown;
  project: string;
  /** Epoch milliseconds of the last change; entries come in the order of it, then of their ids. */
  changed: number;
  /** Ids of entries that were merged into this one. */
  merged: readonly number[];
  /** Who it belongs to; another owner moves no time. */
  owner?: string;
  [member: string]: unknown;
}

export interface Ledger extends Emulator {
  load(entries: readonly Entry[]): void;
  /** Changes an entry now, or makes it; members of undefined are taken away. */
  put(id: number, members: Partial<Entry>): void;
  /** Reported as gone, until it is put again. */
  drop(id: number): void;
  /** Nothing reports it as gone; who listens is told to forget it. */
  forget(id: number): void;
  merge(id: number, into: number): void;
  /** Gives an entry to somebody. */
  give(id: number, owner: string): void;
  hide(id: number, hidden: boolean): void;
  lag(milliseconds: number): void;
  /** From now on this address is told of changes. */
  tell(target: { url: string; secret: string }): Deliveries<LedgerEvent>;
  /** What is told to channels. */
  readonly messages: Deliveries<LedgerMessage>;
  readonly lastId: number;
}

const MOST_RESULTS = 10_000;
const FEW = 4;

/**
 * A vendor that does a little of everything vendors do: a list of changes by time, to the minute and in the account's
 * zone, paged by token or by offset; a feed of what is gone; reading by id; an index that may lag.
 */
export async function startLedger(setting: Setting): Promise<Ledger> {
  const { clock } = setting;
  const entries = new Map<number, Entry>();
  const indexed = new Map<number, Entry>();
  const gone = new Map<number, number>();
  const survivors = new Map<number, number>();
  const hidden = new Set<number>();
  let pending: { dueAt: number; id: number; entry: Entry | null }[] = [];
  let order: readonly Entry[] | null = null;
  let lagMs = 0;
  let pages = 0;
  let lastId = 0;
  let told = 0;
  let target: { url: string; secret: string } | null = null;
  const deliveries = createLedgerDeliveries(clock, () => target);
  const channels = createLedgerChannels(clock);

  const now = (): number => clock.now().epochMilliseconds;
  const index = (id: number, entry: Entry | null, forgotten = false): void => {
    deliveries.announce({ event: `event-${(told += 1)}`, id, title: entry?.title ?? null, at: now(), forgotten });
    channels.changed();
    pending.push({ dueAt: now() + lagMs, id, entry });
  };
  const listed = (): readonly Entry[] => {
    const due = pending.filter(({ dueAt }) => dueAt <= now());
    pending = pending.filter(({ dueAt }) => dueAt > now());
    for (const { id, entry } of due) {
      if (entry) indexed.set(id, entry);
      else indexed.delete(id);
    }
    if (due.length > 0) order = null;
    order ??= [...indexed.values()].sort((a, b) => a.changed - b.changed || a.id - b.id);
    return hidden.size === 0 ? order : order.filter(({ id }) => !hidden.has(id));
  };
  const put = (id: number, members: Partial<Entry>): void => {
    const before = entries.get(id) ?? { id, title: '', project: 'one', changed: 0, merged: [] };
    const entry: Entry = { ...before, ...members, changed: now() };
    lastId = Math.max(lastId, id);
    gone.delete(id);
    entries.set(id, entry);
    index(id, entry);
  };
  const pageSize = (asked: number): number => {
    if (setting.pages === 'usual') return asked;
    pages += 1;
    return setting.pages === 'few' ? FEW : ([FEW, Math.ceil(FEW / 3), 0][pages % 3] ?? FEW);
  };

  const emulator = await startEmulator({
    name: 'ledger',
    clock,
    routes(app) {
      app.use('*', async (context, next) => {
        if (context.req.header('authorization') === 'Bearer ledger-token') return next();
        return context.json({ error: 'unknown token' }, 401);
      });
      app.get('/me', (context) => context.json({ zone: setting.zone }));
      app.get('/entries', (context) => {
        const { from, after, offset = '0', limit = '200' } = context.req.query();
        const fromMs = from === undefined ? 0 : minuteOf(from, setting);
        const [afterMs = -1, afterId = 0] = (after ?? '').split(',').filter(Boolean).map(Number);
        const found = listed().filter(
          ({ changed, id }) => changed >= fromMs && (changed > afterMs || (changed === afterMs && id > afterId)),
        );
        const start = Number(offset);
        const size = pageSize(Number(limit));
        if (start + size > MOST_RESULTS) return context.json({ error: 'at most 10,000 results' }, 400);
        const shown = found.slice(start, start + size);
        const last = shown.at(-1);
        const next = found.length > start + size ? (last ? `${last.changed},${last.id}` : (after ?? '-1,0')) : null;
        return context.json({ entries: shown, next, total: found.length });
      });
      app.get('/gone', (context) => {
        const since = Number(context.req.query('since') ?? 0);
        return context.json([...gone].filter(([, at]) => at >= since).map(([id, at]) => ({ id, at })));
      });
      app.post('/channels', async (context) =>
        context.json(channels.open(channelSchema.parse(await context.req.json()))),
      );
      app.get('/ids', (context) => context.json([...entries.keys()].filter((id) => !hidden.has(id))));
      app.get('/owners', (context) =>
        context.json([...entries.values()].map(({ id, owner = null }) => ({ id, owner }))),
      );
      app.post('/read', async (context) => {
        const { ids } = (await context.req.json()) as { ids: number[] };
        const found = ids.map((id) => entries.get(survivors.get(id) ?? id));
        return context.json(found.filter((entry) => entry !== undefined && !hidden.has(entry.id)));
      });
    },
  });
  const drop = (id: number): void => {
    entries.delete(id);
    gone.set(id, now());
    index(id, null);
  };
  const controls: Omit<Ledger, keyof Emulator> = {
    load(given) {
      for (const entry of given) {
        entries.set(entry.id, entry);
        indexed.set(entry.id, entry);
        lastId = Math.max(lastId, entry.id);
      }
      order = null;
    },
    put,
    drop,
    forget(id) {
      entries.delete(id);
      index(id, null, true);
    },
    merge(id, into) {
      drop(id);
      survivors.set(id, into);
      put(into, { merged: [...(entries.get(into)?.merged ?? []), id] });
    },
    give(id, owner) {
      for (const table of [entries, indexed]) {
        const entry = table.get(id);
        if (entry) table.set(id, { ...entry, owner });
      }
      order = null;
    },
    hide(id, isHidden) {
      if (isHidden) hidden.add(id);
      else hidden.delete(id);
    },
    lag(milliseconds) {
      lagMs = milliseconds;
    },
    tell(to) {
      target = to;
      return deliveries;
    },
    messages: channels.deliveries,
    get lastId() {
      return lastId;
    },
  };
  return Object.defineProperties(controls, Object.getOwnPropertyDescriptors(emulator)) as Ledger;
}

function minuteOf(text: string, { zone, ambiguousMinutes }: Pick<Setting, 'zone' | 'ambiguousMinutes'>): number {
  const local = Temporal.PlainDateTime.from(text.replace(' ', 'T'));
  return local.toZonedDateTime(zone, { disambiguation: ambiguousMinutes }).epochMilliseconds;
}
