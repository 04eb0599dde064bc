import { sql } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import type { Rows } from '../kernel/database.ts';
import { together } from '../kernel/together.ts';
import { applyFacets, type Applied, type MergeRules } from './apply.ts';
import { erasedAmong, keptIds, readVeil } from './erasure-door.ts';
import type { Veil } from './erasure.rules.ts';
import { mapRecords, type Intake } from './map-records.ts';
import type { Candidate, PreparedPage } from './prepared-page.ts';
import {
  findRecords,
  quarantine,
  release,
  setRecordState,
  storePayloads,
  storeRecords,
  type KnownRecord,
  type StoredRecord,
  type StreamId,
} from './record-store.ts';

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
