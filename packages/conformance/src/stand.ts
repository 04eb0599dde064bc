import { manualClock, type Clock, type JsonValue, type ManualClock } from '@plumbline/connector';
import type { Hub, RunReport } from '@plumbline/hub';
import { tablesWith } from '@plumbline/hub/test-search';
import type { Crasher } from './crash.ts';
import {
  forgetMappings,
  readCursorText,
  readField,
  readQuarantine,
  readShown,
  type Place,
  type Shown,
} from './graph.ts';
import type { BetweenPages, Steering } from './steering.ts';
import type { Door } from './door.ts';
import type { Conformance, Subject, Telling, Wire } from './subject.ts';
import { demand } from './violation.ts';

const DAY_MS = 86_400_000;
const MOST_NAMED = 5;

/** The vendor's clock, and the hub's, which may be wrong by a skew. Sleeping moves both. */
export interface Clocks {
  vendor: ManualClock;
  hub: Clock;
  /** Milliseconds the hub's clock is ahead. */
  skew(milliseconds: number): void;
}

export function createClocks(): Clocks {
  const vendor = manualClock('2026-01-01T00:00:00Z');
  let ahead = 0;
  return {
    vendor,
    hub: { ...vendor, now: () => vendor.now().add({ milliseconds: ahead }) },
    skew(milliseconds) {
      ahead = milliseconds;
    },
  };
}

/** One vendor account as a source of the hub: where it stands in the graph, and how its reading is steered. */
export interface Reader {
  place: Place;
  steering: Steering;
}

/** Where one check is made: a vendor account that nobody else uses, and the sources of a hub that read it. */
export interface Stand {
  readonly conformance: Conformance;
  readonly subject: Subject;
  readonly clocks: Clocks;
  readonly crasher: Crasher;
  /** For checks that want it: where requests arrive. */
  readonly wire: Wire;
  /** What the graph has to show: the label of each record there is, by its id. */
  readonly truth: Map<string, string>;
  /** Makes records as they would have been made one `stepMs` after the other, the last of them `endMs` ago. */
  make(count: number, how?: { stepMs?: number; endMs?: number }): string[];
  create(): string;
  change(id: string): void;
  /** Lets the vendor's time pass until what was changed may be seen. */
  settle(moreMs?: number): void;
  /** Reads the stream from its cursor to its end, or to what stops it. */
  poll(how?: { reader?: Reader | undefined; between?: BetweenPages; signal?: AbortSignal }): Promise<RunReport>;
  /** A poll and a census; the reports of both. */
  census(): Promise<RunReport[]>;
  /** Reads the stream from its beginning, whatever the cursor. */
  again(): Promise<RunReport>;
  /** Sends everything that is stored through the mapping anew. */
  remap(): Promise<void>;
  /** Has the hub forget a record that is there, as somebody who may does. */
  erase(id: string): Promise<void>;
  /** Tables of the hub's database that hold a text anywhere. */
  tablesWith(text: string): Promise<string[]>;
  /** From now on the vendor tells the hub of changes; channels are open. */
  listen(): Promise<Telling>;
  /** Reads what was told, as the hub's queue does by itself; no report when nothing was. */
  look(): Promise<RunReport[]>;
  /**
   * Lets go of events whose requests would no longer be taken, and opens channels where old ones end, as the hub does by
   * itself every few minutes.
   */
  renew(): Promise<void>;
  /** A poll that has to succeed, and the graph with it. */
  read(reader?: Reader): Promise<RunReport>;
  /** Sources that read the same account, each from its own beginning. */
  readonly readers: readonly Reader[];
  shown(reader?: Reader): Promise<Map<string, Shown>>;
  /** What a field of a record says: its value, and for a reference each key of what it means. */
  said(id: string, field: string): Promise<readonly JsonValue[]>;
  quarantined(): Promise<Set<string>>;
  cursor(): Promise<string | null>;
  /** Demands that the graph shows the truth and nothing else; `except` names records that it may show as it likes. */
  mustShow(when: string, how?: { reader?: Reader | undefined; except?: readonly string[] }): Promise<void>;
  /** Demands that nothing is shown that never was, and nothing as deleted that is there. */
  mustNotLie(when: string, reader?: Reader): Promise<void>;
}

export function createStand(input: {
  hub: Hub;
  conformance: Conformance;
  subject: Subject;
  clocks: Clocks;
  crasher: Crasher;
  readers: readonly [Reader, ...Reader[]];
  door: Door;
}): Stand {
  const { hub, conformance, subject, clocks, readers, door } = input;
  const truth = new Map<string, string>();
  const [first] = readers;
  let made = 0;
  const nextLabel = (): string => `Record ${(made += 1)}`;

  const sync = async (
    reader: Reader,
    how: { census?: boolean; again?: boolean; between?: BetweenPages; signal?: AbortSignal },
  ) => {
    reader.steering.betweenPages = how.between ?? null;
    const { sourceId, stream } = reader.place;
    const { signal, census = false, again = false } = how;
    return hub.sync({ sourceId, stream, census, again, ...(signal ? { signal } : {}) });
  };
  const stand: Stand = {
    ...input,
    truth,
    get wire() {
      demand(subject.emulator !== undefined, `The subject of ${conformance.title} has no emulator.`);
      return subject.emulator;
    },
    make(count, { stepMs = 60_000, endMs = DAY_MS } = {}) {
      const end = clocks.vendor.now().epochMilliseconds - endMs;
      const drafts = Array.from({ length: count }, (_, index) => ({
        label: nextLabel(),
        at: end - (count - 1 - index) * stepMs,
      }));
      const ids = [...subject.make(drafts)];
      ids.forEach((id, index) => truth.set(id, drafts[index]?.label ?? ''));
      return ids;
    },
    create() {
      const label = nextLabel();
      const id = subject.create(label);
      truth.set(id, label);
      return id;
    },
    change(id) {
      const label = nextLabel();
      subject.change(id, label);
      truth.set(id, label);
    },
    settle: (moreMs = 0) => clocks.vendor.advance((conformance.heldBackMs ?? 0) + 1_000 + moreMs),
    async poll({ reader = first, ...how } = {}) {
      const [report] = await sync(reader, how);
      demand(report !== undefined, 'The hub gave no report of the poll.');
      return report;
    },
    census: () => sync(first, { census: true }),
    async again() {
      const [report] = await sync(first, { again: true });
      demand(report !== undefined, 'The hub gave no report of a read from the beginning.');
      return report;
    },
    async remap() {
      const { sourceId, stream } = first.place;
      await forgetMappings(hub.database, first.place);
      await hub.remap({ sourceId, stream });
    },
    async erase(externalId) {
      const { sourceId, stream } = first.place;
      await hub.erase({ target: { record: { sourceId, stream, externalId } }, askedBy: 'check', reason: 'a check' });
      truth.delete(externalId);
    },
    tablesWith: (text) => tablesWith(hub.database, [text]),
    async listen() {
      const telling = subject.tell?.(`${door.url}/webhooks/${first.place.sourceId}`);
      demand(telling !== undefined, `The subject of ${conformance.title} does not tell of changes.`);
      if (conformance.proof === 'CHANNEL') await stand.renew();
      await telling.settled();
      return telling;
    },
    look: () => hub.look(first.place.sourceId),
    renew: () => hub.webhooks.renew(new AbortController().signal, first.place.sourceId),
    async read(reader = first) {
      const report = await stand.poll({ reader });
      mustSucceed(report);
      await stand.mustShow('after a poll that succeeded', { reader });
      return report;
    },
    shown: (reader = first) => readShown(hub.database, reader.place),
    said: (id, field) => readField(hub.database, first.place, { id, field }),
    quarantined: () => readQuarantine(hub.database, first.place),
    cursor: () => readCursorText(hub.database, first.place),
    async mustShow(when, { reader = first, except = [] } = {}) {
      const shown = await stand.shown(reader);
      const lacking = [...truth].flatMap(([id, label]) => {
        const found = shown.get(id);
        if (found?.alive && found.label === label) return [];
        if (!found) return [`${id} ("${label}") is missing`];
        return [found.alive ? `${id} is still "${found.label}", not "${label}"` : `${id} ("${label}") is deleted`];
      });
      const extra = [...shown].flatMap(([id, { alive }]) => (alive && !truth.has(id) ? [`${id} is still there`] : []));
      const ignored = new Set(except);
      const wrong = [...lacking, ...extra].filter((each) => !ignored.has(each.split(' ')[0] ?? ''));
      demand(wrong.length === 0, `The graph is wrong ${when}: ${listed(wrong)}.`);
    },
    async mustNotLie(when, reader = first) {
      const shown = await stand.shown(reader);
      const wrong = [...shown].flatMap(([id, { alive }]) =>
        alive === truth.has(id) ? [] : [`${id} is ${alive ? 'shown but was never there' : 'deleted but is there'}`],
      );
      demand(wrong.length === 0, `The graph is wrong ${when}: ${listed(wrong)}.`);
    },
  };
  return stand;
}

export function mustSucceed(report: RunReport): void {
  const said = [report.error, ...report.warnings].filter((text) => text !== null).join(' ');
  demand(report.status === 'SUCCEEDED', `A poll that nothing stood in the way of ended ${report.status}: ${said}`);
}

/** A run that did not come to its end has to say so, and why. */
export function mustFail(report: RunReport, why: string): void {
  demand(report.status === 'FAILED', `A poll ended ${report.status} although ${why}.`);
  demand((report.error ?? '') !== '', `A poll failed because ${why}, and does not say so.`);
}

function listed(sentences: readonly string[]): string {
  const more = sentences.length - MOST_NAMED;
  return sentences.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
