import type { Clock, Connector, JsonValue, KindName } from '@plumbline/connector';
import type { Delivery, Emulator, Fault, Sent } from '@plumbline/emulator';

/** What a subject may be able to do beyond making and changing records; each is left out only with a reason. */
export const abilities = [
  'wire',
  'times',
  'many',
  'unevenPages',
  'zone',
  'lag',
  'remove',
  'archive',
  'merge',
  'move',
  'surround',
  'hide',
  'revoke',
  'spoil',
  'lay',
  'webhooks',
  'forget',
] as const;
export type Ability = (typeof abilities)[number];

/**
 * How a request of the vendor's proves where it comes from: a signature over its bytes, or the token that the hub gave to
 * the channel, which ends and which the hub itself opens.
 */
export type Proof = 'SIGNATURE' | 'CHANNEL';

/** How the vendor is set up for a check. */
export interface Setting {
  /** The vendor's clock. */
  clock: Pick<Clock, 'now'>;
  /** IANA zone of the account. */
  zone: string;
  /** `few` records on a page, pages of `uneven` sizes with empty ones among them, or as many as is `usual`. */
  pages: 'few' | 'uneven' | 'usual';
  /** Which of two instants a local minute means that the end of daylight saving time repeats, where the vendor is asked in such. */
  ambiguousMinutes: 'earlier' | 'later';
}

/** A record to be: what its label says, and when it was made and last changed. */
export interface Draft {
  label: string;
  /** Epoch milliseconds. */
  at: number;
}

/** Where requests arrive, and where they may go wrong. */
export type Wire = Pick<Emulator, 'faults' | 'requests'>;

/** What a vendor tells of changes, and what may happen to it on the way: the toolkit's `Deliveries` are this. */
export interface Telling {
  hold(): void;
  release(choose?: <Event>(waiting: readonly Event[]) => readonly Event[]): Promise<void>;
  plan(fault: { kind: 'forge' }): void;
  replay(sent: Delivery): Promise<number>;
  readonly sent: readonly Sent[];
  settled(): Promise<void>;
}

/**
 * One vendor account in an emulator, and what people do in it. Ids are the record ids that the stream gives. What the
 * emulator cannot do is left out here and named in `leavesOut`.
 */
export interface Subject {
  /** What answers over the network; left out by what is read from a disk. */
  emulator?: Wire;
  /** With these the connector is installed. */
  config: unknown;
  secrets: unknown;
  /** Most records that the connector gives on a page in this setting. */
  pageSize: number;
  /** Takes in what has been there for long, known to every index; gives the ids in the same order. */
  make(drafts: readonly Draft[]): readonly string[];
  /** Somebody makes a record now; gives its id. */
  create(label: string): string;
  /** Somebody changes the label of a record now. */
  change(id: string, label: string): void;
  /** Deleted for good. */
  remove?(id: string): void;
  archive?(id: string): void;
  restore?(id: string): void;
  /** Makes one of two: `id` is gone and means `into` from now on. */
  merge?(id: string, into: string): void;
  /** To another project, list or owner, under the same id. */
  move?(id: string): void;
  /** Changes what is around a record, such as what it is associated with, and moves no time of the record itself. */
  surround?(id: string): Surrounding;
  /** Takes the account's permission to see a record, and gives it back. */
  hide?(id: string): void;
  show?(id: string): void;
  /** Takes the account's permission to read the stream at all, and gives it back. */
  revoke?(): void;
  grant?(): void;
  /** From now on a change shows in lists and searches only so many milliseconds after it was made. */
  lag?(milliseconds: number): void;
  /** From now on the record is answered so that it cannot be read as what it is; and as before. */
  spoil?(id: string): void;
  repair?(id: string): void;
  /** From now on the record's payload has these members besides. */
  lay?(id: string, members: Readonly<Record<string, unknown>>): void;
  /**
   * From now on the vendor tells this address of changes, signed by what the secrets of the subject hold; or it tells
   * whoever opens a channel.
   */
  tell?(address: string): Telling;
  /** Somebody has the vendor forget a record for good, and whoever is told of changes is told to forget it as well. */
  forget?(id: string): void;
  /**
   * Where channels prove requests: what somebody could send who has seen this one or has a channel of his own, such as its
   * token under another channel's id. Each would be read if it were believed.
   */
  counterfeits?(good: Delivery): readonly Counterfeit[];
  close(): Promise<void>;
}

/** What the graph has to show of a record once its surroundings are known: `{ field: 'client', value: 'crm-company:7' }`. */
export interface Surrounding {
  /** Of the kind that the stream brings. */
  field: string;
  /** As `map` gives it: a reference is a key, without a realm. */
  value: JsonValue;
}

/** A request that the vendor never sent, and what is wrong with it: `A channel that nobody opened`. */
export interface Counterfeit {
  what: string;
  request: Delivery;
}

/** One refusal for the rate of requests, with the vendor's own reason. */
export interface Refusal {
  reason: string;
  answer: Pick<Fault, 'status' | 'headers' | 'body'>;
}

/** A connector and one of its streams, as they are put to the test. */
export interface Conformance {
  /** What is tested, for people: `Jira issues`. */
  title: string;
  connector: Connector;
  stream: string;
  /** Where the graph shows a record's label: a text field of the kind that the stream brings. */
  shows: { kind: KindName; field: string };
  /** Whether a poll by itself brings what was deleted, or a census has to look for it. */
  deletionsShow: 'IN_A_POLL' | 'IN_A_CENSUS';
  /** Milliseconds that the vendor by design keeps every change back; 0 when absent. */
  heldBackMs?: number;
  /** Milliseconds after which the vendor's index shows a change, on an ordinary day at the latest. */
  ordinaryLagMs?: number;
  /** Every reason for which the vendor answers 429 and that passes within a minute or so. */
  refusals: readonly Refusal[];
  /** SIGNATURE when absent. */
  proof?: Proof;
  open(setting: Setting): Promise<Subject>;
  /** Names of the only checks to be made, for a stream that goes the same way as another one; all when absent. */
  only?: readonly string[];
  /** What the subject cannot do, and why: these checks are reported as not made. */
  leavesOut: { readonly [Name in Ability]?: string };
}
