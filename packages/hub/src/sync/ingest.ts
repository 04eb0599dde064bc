import {
  HubError,
  describeIssues,
  parseRecord,
  type JsonValue,
  type Page,
  type Stream,
  type UnifiedRecord,
} from '@plumbline/connector';
import { sql } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Rows } from '../kernel/database.ts';
import { applyFacets, type Applied, type MergeRules } from './apply.ts';
import { erasedAmong, keptIds, readVeil, veiled } from './erasure-door.ts';
import type { Veil } from './erasure.rules.ts';
import { facetsOfRecords, type StoredFacet } from './facet-store.ts';
import { hashText, storable } from '../kernel/fingerprint.ts';
import { together } from '../kernel/together.ts';
import { withRealm } from './realm.ts';
import {
  findRecords,
  quarantine,
  release,
  setRecordState,
  storePayloads,
  storeRecords,
  type KnownRecord,
  type Rejected,
  type StoredRecord,
  type StreamId,
} from './record-store.ts';

const RECORDS_A_TURN = 25;

/** A stream of a source, with everything that turns its payloads into facets. */
export interface Intake extends StreamId {
  mapper: Pick<Stream, 'map'>;
  /** Fingerprint of the mapping; records remember it. */
  mapping: string;
  /** Key schemes of the connector, and the realm that tells this account's keys from another's. */
  keySchemes: readonly string[];
  realm: string | null;
}

interface PageCounts {
  read: number;
  created: number;
  changed: number;
  unchanged: number;
  deleted: number;
  quarantined: number;
  released: number;
  erased: number;
}

/** A page whose records are hashed and ready to be compared. */
export interface PreparedPage extends Pick<Page, 'deletes' | 'allIds'> {
  /** How many records the vendor sent. */
  read: number;
  /** By external id: the newest of two with one id. */
  records: ReadonlyMap<string, Candidate>;
}

type Candidate = StoredRecord & { raw: unknown };

export interface IngestOutcome {
  counts: PageCounts;
  warnings: string[];
  applied: Applied;
  /** When the oldest change among what was new or different was made, where the vendor says. */
  oldestChange: string | null;
}

/** One writer at a time: merges never lose each other's facets, and versions are numbered in the order of commits. */
export async function lockIngest(rows: Rows): Promise<void> {
  await sql`select pg_advisory_xact_lock(7236021)`.execute(rows);
}

/**
 * Takes a page in: payloads, facets, identity, entities, versions. To be called inside the transaction that also
 * writes the cursor. A record that cannot be read goes to quarantine and the rest goes on.
 */
export async function ingestPage(
  rows: Rows,
  input: {
    intake: Intake;
    rules: MergeRules;
    page: PreparedPage;
    now: string;
    /** The run it belongs to; null for what the hub says itself. */
    runId: string | null;
  },
): Promise<IngestOutcome> {
  const { intake, now } = input;
  const veil = await readVeil(rows);
  const { page, erased } = await withoutErased(rows, { veil, intake, page: input.page });
  const known = new Map(
    (await findRecords(rows, intake, [...page.records.keys()])).map((record) => [record.external_id, record]),
  );
  const counts: PageCounts = {
    read: page.read,
    created: 0,
    changed: 0,
    unchanged: 0,
    deleted: 0,
    quarantined: 0,
    released: 0,
    erased,
  };
  const taken: Candidate[] = [];
  for (const candidate of page.records.values()) {
    const before = known.get(candidate.externalId);
    if (before && !isNews(before, candidate, intake.mapping)) {
      counts.unchanged += 1;
      continue;
    }
    if (before) counts.changed += 1;
    else counts.created += 1;
    taken.push({ ...candidate, id: before?.id ?? randomUUIDv7() });
  }
  await storeRecords(rows, { ...intake, records: taken, seenAt: now, mapping: intake.mapping });
  const gone = await findGone(rows, intake, page);
  const deletedIds = await setRecordState(rows, intake, gone, 'DELETED');
  counts.deleted = deletedIds.length;

  // Payloads are most of what is stored: the records are mapped meanwhile.
  const [, { facets, rejected }] = await together([
    storePayloads(rows, taken),
    mapRecords(rows, {
      intake,
      veil,
      records: taken,
      mayHaveFacets: taken.filter((record) => known.has(record.externalId)).map((record) => record.id),
      deletedRecordIds: deletedIds,
    }),
  ]);
  await quarantine(rows, { ...intake, rejected, now });
  const bad = new Set(rejected.map((each) => each.recordId));
  const good = taken.filter((record) => known.get(record.externalId)?.quarantined && !bad.has(record.id));
  counts.released = await release(rows, [...good.map((record) => record.id), ...deletedIds]);
  counts.quarantined = rejected.length;
  const applied =
    facets.length === 0
      ? { changed: new Map(), touched: new Map() }
      : await applyFacets(rows, { rules: input.rules, facets, now, runId: input.runId });
  return {
    counts,
    warnings: rejected.map((each) => `${each.externalId} is in quarantine: ${each.error}`),
    applied,
    oldestChange: oldest(taken),
  };
}

/** What was erased stays away, whatever brings it: an older page, a late look, or reading all of it anew. */
async function withoutErased(
  rows: Rows,
  { veil, intake, page }: { veil: Veil | null; intake: Intake; page: PreparedPage },
): Promise<{ page: PreparedPage; erased: number }> {
  if (!veil) return { page, erased: 0 };
  const erased = await erasedAmong(rows, { veil, of: intake, externalIds: [...page.records.keys()] });
  const left = erased.size === 0 ? page.records : new Map([...page.records].filter(([id]) => !erased.has(id)));
  return { page: await asKept(rows, { veil, intake, page: { ...page, records: left } }), erased: erased.size };
}

/** A page with records under the ids that they are kept under, where those are no longer the vendor's. */
async function asKept(
  rows: Rows,
  { veil, intake, page }: { veil: Veil; intake: Intake; page: PreparedPage },
): Promise<PreparedPage> {
  const named = [...page.records.keys(), ...(page.deletes ?? []).map(({ id }) => id), ...(page.allIds ?? [])];
  const kept = await keptIds(rows, { veil, of: intake, externalIds: new Set(named) });
  if (kept.size === 0) return page;
  const idOf = (id: string): string => kept.get(id) ?? id;
  return {
    ...page,
    records: new Map(
      page.records.values().map((record) => {
        const externalId = idOf(record.externalId);
        return [externalId, { ...record, externalId }] as const;
      }),
    ),
    deletes: page.deletes?.map((each) => ({ ...each, id: idOf(each.id) })),
    allIds: page.allIds?.map(idOf),
  };
}

function oldest(records: readonly Pick<Candidate, 'changedAt'>[]): string | null {
  const instants = records.flatMap(({ changedAt }) => (changedAt === null ? [] : [Temporal.Instant.from(changedAt)]));
  return instants.toSorted(Temporal.Instant.compare)[0]?.toString() ?? null;
}

/** Needs no database, so that a page can be made ready while the one before is stored. */
export function preparePage(page: Pick<Page, 'records' | 'deletes' | 'allIds'>): PreparedPage {
  const records = new Map<string, Candidate>();
  for (const record of page.records) {
    const payload = storable(record.payload);
    const before = records.get(record.id);
    if (before?.changedAt && record.changedAt && before.changedAt > record.changedAt) continue;
    records.set(record.id, {
      id: '',
      externalId: record.id,
      hash: hashText(payload.text),
      changedAt: record.changedAt,
      payload: payload.text,
      raw: payload.value,
    });
  }
  return { records, read: page.records.length, deletes: page.deletes, allIds: page.allIds };
}

function isNews(before: KnownRecord, candidate: StoredRecord, mapping: string): boolean {
  if (before.state !== 'PRESENT') return !isOlder(before, candidate) || before.state !== 'DELETED';
  if (before.hash === candidate.hash) return before.mapping !== mapping;
  return !isOlder(before, candidate);
}

function isOlder(before: KnownRecord, candidate: StoredRecord): boolean {
  if (before.changed_at === null || candidate.changedAt === null) return false;
  return Temporal.Instant.compare(candidate.changedAt, before.changed_at) < 0;
}

/** Ids the vendor reports as deleted, and those that a complete list no longer has. */
async function findGone(rows: Rows, of: StreamId, page: PreparedPage): Promise<string[]> {
  const reported = (page.deletes ?? []).map((each) => each.id);
  if (!page.allIds) return reported;
  const { rows: absent } = await sql<{ external_id: string }>`
    select external_id from record
    where source_id = ${of.sourceId} and stream = ${of.stream} and state = 'PRESENT'
      and not (external_id = any(${page.allIds}::text[]))`.execute(rows);
  return [...new Set([...reported, ...absent.map((row) => row.external_id)])];
}

/** Payloads to facets, compared with those that are there: only what differs comes back. */
export async function mapRecords(
  rows: Rows,
  input: {
    intake: Intake;
    /** How keys of what was erased are known; null where nothing was. */
    veil: Veil | null;
    records: readonly { id: string; externalId: string; changedAt: string | null; raw: unknown }[];
    mayHaveFacets: readonly string[];
    deletedRecordIds: readonly string[];
  },
): Promise<{ facets: StoredFacet[]; rejected: Rejected[] }> {
  const { intake } = input;
  const [asMapped, found] = await together([
    mapAll(intake, input.records),
    facetsOfRecords(rows, [...input.mayHaveFacets, ...input.deletedRecordIds]),
  ]);
  const mapped = input.veil ? await veiled(rows, input.veil, asMapped) : asMapped;
  const standing = Map.groupBy(found, (facet) => facet.recordId);
  const facets: StoredFacet[] = [];
  const rejected: Rejected[] = [];
  for (const { record, unifieds } of mapped) {
    if (typeof unifieds === 'string') {
      rejected.push({ recordId: record.id, externalId: record.externalId, error: unifieds });
      continue;
    }
    const before = new Map((standing.get(record.id) ?? []).map((facet) => [`${facet.kind} ${facet.localId}`, facet]));
    for (const unified of unifieds) {
      const old = before.get(`${unified.kind} ${unified.id}`);
      before.delete(`${unified.kind} ${unified.id}`);
      const facet = toFacet({ intake, record, unified, old });
      if (!old || !sameFacet(old, facet)) facets.push(facet);
    }
    for (const orphan of before.values()) if (!orphan.deleted) facets.push({ ...orphan, deleted: true });
  }
  for (const id of input.deletedRecordIds) {
    for (const facet of standing.get(id) ?? []) if (!facet.deleted) facets.push({ ...facet, deleted: true });
  }
  return { facets, rejected };
}

/** Lets the event loop turn every few records, so that statements get on their way and other requests are answered. */
async function mapAll<Item extends { raw: unknown }>(
  intake: Intake,
  records: readonly Item[],
): Promise<{ record: Item; unifieds: UnifiedRecord[] | string }[]> {
  const mapped: { record: Item; unifieds: UnifiedRecord[] | string }[] = [];
  for (const [index, record] of records.entries()) {
    if (index % RECORDS_A_TURN === 0) await turn();
    mapped.push({ record, unifieds: mapOne(intake, record) });
  }
  return mapped;
}

/** What the payload says, or the sentence why it cannot be read. */
function mapOne(intake: Intake, record: { raw: unknown }): UnifiedRecord[] | string {
  try {
    return intake.mapper.map(record.raw).map((unified) => withRealm(parseRecord(unified), intake));
  } catch (error) {
    if (error instanceof z.ZodError) return describeIssues(error);
    if (error instanceof HubError || error instanceof Error) return error.message;
    return String(error);
  }
}

function toFacet(input: {
  intake: Intake;
  record: { id: string; changedAt: string | null };
  unified: UnifiedRecord;
  old: StoredFacet | undefined;
}): StoredFacet {
  const { unified, record, old } = input;
  const keys = [...new Set(unified.keys)];
  return {
    id: old?.id ?? randomUUIDv7(),
    recordId: record.id,
    sourceId: input.intake.sourceId,
    kind: unified.kind,
    localId: unified.id,
    entityId: old?.entityId ?? '',
    keys,
    settled: old !== undefined && !old.deleted && isDeepStrictEqual(old.keys, keys),
    fields: Object.fromEntries(Object.entries(unified.fields).filter(([, value]) => value !== undefined)) as Record<
      string,
      JsonValue
    >,
    customFields: unified.customFields ?? {},
    history: unified.history ?? [],
    remembered: old?.remembered ?? false,
    changedAt: record.changedAt,
    deleted: false,
  };
}

function sameFacet(a: StoredFacet, b: StoredFacet): boolean {
  return !a.deleted && isDeepStrictEqual(content(a), content(b));
}

function content(facet: StoredFacet): unknown {
  return [facet.keys.toSorted(), facet.fields, facet.customFields, facet.history];
}
