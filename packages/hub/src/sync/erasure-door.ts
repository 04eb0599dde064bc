import type { Key, KindName, UnifiedRecord } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import { keysIn, veilBy, withKeys, withoutAddresses, type Veil } from './erasure.rules.ts';
import type { StreamId } from './record-store.ts';

/** How ids of what was erased are known again; null where nothing was ever erased, which is all that it costs then. */
export async function readVeil(rows: Rows): Promise<Veil | null> {
  const { rows: found } = await sql<{ secret: string }>`select secret from erasure_secret`.execute(rows);
  return found[0] ? veilBy(found[0].secret) : null;
}

/** Those of a stream's records that were erased: they are not taken again, whoever brings them, and whenever. */
export async function erasedAmong(
  rows: Rows,
  input: { veil: Veil; of: StreamId; externalIds: readonly string[] },
): Promise<Set<string>> {
  const { veil, of, externalIds } = input;
  if (externalIds.length === 0) return new Set();
  const asked = unnest('asked', externalIds, [
    { name: 'external_id', type: 'text', value: (id) => id },
    { name: 'veiled', type: 'text', value: (id) => veil.record(of, id) },
  ]);
  const { rows: found } = await sql<{ external_id: string }>`
    select asked.external_id from ${asked} cross join lateral (
      select from record where record.source_id = ${of.sourceId} and record.stream = ${of.stream}
        and record.external_id = asked.veiled and record.state = 'ERASED' offset 0
    ) as known`.execute(rows);
  return new Set(found.map((row) => row.external_id));
}

/** Under which ids records are kept whose own ids hold an address of somebody who was erased; only those. */
export async function keptIds(
  rows: Rows,
  input: { veil: Veil; of: StreamId; externalIds: Iterable<string> },
): Promise<Map<string, string>> {
  const { veil, of } = input;
  const pairs = [...input.externalIds]
    .map((id) => ({ id, kept: veil.addresses(id) }))
    .filter((each) => each.id !== each.kept);
  if (pairs.length === 0) return new Map();
  const asked = unnest('asked', pairs, [
    { name: 'external_id', type: 'text', value: ({ id }) => id },
    { name: 'kept', type: 'text', value: ({ kept }) => kept },
  ]);
  const { rows: found } = await sql<{ external_id: string; kept: string }>`
    select asked.external_id, kept from ${asked} cross join lateral (
      select from record where record.source_id = ${of.sourceId} and record.stream = ${of.stream}
        and record.external_id = asked.kept and record.state <> 'ERASED' offset 0
    ) as known`.execute(rows);
  return new Map(found.map((row) => [row.external_id, row.kept]));
}

/** Records as they came, but for keys of what was erased: those that mean it go on meaning it, without saying who it is. */
export async function veiled<Of extends { unifieds: UnifiedRecord[] | string }>(
  rows: Rows,
  veil: Veil,
  mapped: readonly Of[],
): Promise<Of[]> {
  const unifieds = mapped.flatMap((each) => (typeof each.unifieds === 'string' ? [] : each.unifieds));
  const known = await erasedKeys(
    rows,
    veil,
    unifieds.flatMap((unified) => keysIn(unified.kind, unified)),
  );
  if (known.size === 0) return [...mapped];
  const replace = (kind: KindName, key: Key): Key => known.get(`${kind} ${key}`) ?? key;
  return mapped.map((each) =>
    typeof each.unifieds === 'string'
      ? each
      : { ...each, unifieds: each.unifieds.map((unified) => withKeys(unified.kind, unified, replace)) },
  );
}

/** By kind and key, under which key what was erased is known. */
async function erasedKeys(
  rows: Rows,
  veil: Veil,
  keys: readonly { kind: KindName; key: Key }[],
): Promise<Map<string, Key>> {
  const distinct = [...new Map(keys.map((each) => [`${each.kind} ${each.key}`, each])).values()];
  // A key is veiled as a whole where it was a person's, and in its addresses where it is another record's.
  const forms = distinct.flatMap(({ kind, key }) =>
    [withoutAddresses(key, veil), veil.key(key)].filter((form) => form !== key).map((form) => ({ kind, key, form })),
  );
  if (forms.length === 0) return new Map();
  const asked = unnest('asked', forms, [
    { name: 'kind', type: 'text', value: ({ kind }) => kind },
    { name: 'key', type: 'text', value: ({ key }) => key },
    { name: 'veiled', type: 'text', value: ({ form }) => form },
  ]);
  const { rows: found } = await sql<{ kind: string; key: string; veiled: Key }>`
    select asked.kind, asked.key, asked.veiled from ${asked} cross join lateral (
      select from identity where identity.kind = asked.kind and identity.key = asked.veiled offset 0
    ) as known`.execute(rows);
  return new Map(found.map(({ kind, key, veiled: known }) => [`${kind} ${key}`, known]));
}
