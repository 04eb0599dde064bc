import {
  describeIssues,
  HubError,
  parseRecord,
  type JsonValue,
  type Stream,
  type UnifiedRecord,
} from '@plumbline/connector';
import { randomUUIDv7 } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Rows } from '../kernel/database.ts';
import { together } from '../kernel/together.ts';
import { veiled } from './erasure-door.ts';
import type { Veil } from './erasure.rules.ts';
import { facetsOfRecords, type StoredFacet } from './facet-store.ts';
import { withRealm } from './realm.ts';
import type { Rejected, StreamId } from './record-store.ts';

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
