import type { JsonValue, Key, KindName, PastValue, UnifiedRecord } from '@plumbline/connector';
import { sql, type RawBuilder } from 'kysely';
import { HUB_SOURCE } from '../kernel/hub-source.ts';
import type { FieldPast, PastFields } from '../kernel/history.ts';
import type { Rows } from '../kernel/database.ts';
import type { Kind } from '../kernel/kind.ts';
import { unnest } from '../kernel/unnest.ts';
import { settleRows } from './erasure-history.store.ts';
import {
  addressesAmong,
  sayingWithout,
  withKeys,
  withoutWords,
  type Snapshot,
  type VeiledKey,
  type Word,
} from './erasure.rules.ts';

/** What is to be found and replaced in what other records say. */
export interface Traces {
  keys: readonly VeiledKey[];
  words: readonly Word[];
}

const BATCH = 500;

/** Whether a text, or a document's as JSON has it, holds any of these; without regard to case. */
export function mentions(text: RawBuilder<unknown>, wanted: readonly string[]): RawBuilder<unknown> {
  const forms = new Set(wanted.flatMap((each) => [each, JSON.stringify(each).slice(1, -1)]));
  const patterns = [...forms].map((each) => `%${each.replaceAll(/[\\%_]/g, '\\$&')}%`);
  // Not `ilike`, which puts a text into lower case once more for every pattern.
  return sql`lower(${text}) like any(array(select lower(pattern) from unnest(${patterns}::text[]) as pattern))`;
}

/** Keys and words in all that is left of facets. What people wrote here keeps its words, and means nobody by name. */
export async function veilFacets(rows: Rows, traces: Traces): Promise<number> {
  const wanted = [...traces.keys.map(({ key }) => key), ...traces.words.map(({ text }) => text)];
  if (wanted.length === 0) return 0;
  const replace = replacing(traces);
  return inBatches(async (after) => {
    const { rows: found } = await sql<FacetDocuments>`
      select id, kind, source_id, local_id, keys, fields, custom_fields, history from facet
      where id > ${after}::uuid and ${mentions(sql`(keys::text || fields::text || custom_fields::text || history::text || local_id)`, wanted)}
      order by id limit ${BATCH}`.execute(rows);
    const changed = found
      .map((row) => {
        const veiled = withKeys(row.kind, row, replace);
        return row.source_id === HUB_SOURCE ? veiled : sayingWithout(veiled, traces.words);
      })
      .filter((row, index) => differs(row, found[index]));
    const given = unnest('given', changed, [
      { name: 'id', type: 'uuid', value: (row) => row.id },
      { name: 'local_id', type: 'text', value: (row) => row.local_id },
      { name: 'keys', type: 'json', value: (row) => JSON.stringify(row.keys) },
      { name: 'fields', type: 'json', value: (row) => JSON.stringify(row.fields) },
      { name: 'custom_fields', type: 'json', value: (row) => JSON.stringify(row.custom_fields) },
      { name: 'history', type: 'json', value: (row) => JSON.stringify(row.history) },
    ]);
    if (changed.length > 0)
      await sql`
        update facet set local_id = given.local_id, keys = given.keys, fields = given.fields,
          custom_fields = given.custom_fields, history = given.history
        from ${given} where facet.id = given.id`.execute(rows);
    return { found, changed: changed.length };
  });
}

interface FacetDocuments {
  id: string;
  kind: KindName;
  source_id: string;
  local_id: string;
  keys: Key[];
  fields: Record<string, JsonValue>;
  custom_fields: Record<string, JsonValue>;
  history: PastValue[];
}

/** Keys of the hub's own payloads, and words in those of vendors. */
export async function veilPayloads(rows: Rows, traces: Traces): Promise<number> {
  const wanted = [...traces.keys.map(({ key }) => key), ...traces.words.map(({ text }) => text)];
  if (wanted.length === 0) return 0;
  const replace = replacing(traces);
  const whose = traces.words.length > 0 ? sql`true` : sql`source_id = ${HUB_SOURCE}`;
  return inBatches(async (after) => {
    const { rows: found } = await sql<{ id: string; source_id: string; payload: JsonValue }>`
      select record_id as id, source_id, payload from record_payload join record on record.id = record_id
      where record_id > ${after}::uuid and ${whose} and ${mentions(sql`payload::text`, wanted)}
      order by record_id limit ${BATCH}`.execute(rows);
    const changed = found
      .map((row) => {
        const own = row.payload as unknown as UnifiedRecord;
        const payload =
          row.source_id === HUB_SOURCE ? withKeys(own.kind, own, replace) : withoutWords(row.payload, traces.words);
        return { id: row.id, payload };
      })
      .filter(({ payload }, index) => differs(payload, found[index]?.payload));
    const given = unnest('given', changed, [
      { name: 'id', type: 'uuid', value: ({ id }) => id },
      { name: 'payload', type: 'json', value: ({ payload }) => JSON.stringify(payload) },
    ]);
    if (changed.length > 0)
      await sql`update record_payload set payload = given.payload from ${given} where record_id = given.id`.execute(
        rows,
      );
    return { found, changed: changed.length };
  });
}

/** Words in versions, and so in the rows that stand for the latest of them; what the hub itself says of an entity stays. */
export async function veilVersions(
  rows: Rows,
  kinds: Readonly<Record<KindName, Kind>>,
  words: readonly Word[],
): Promise<number> {
  if (words.length === 0) return 0;
  const touched = new Map<KindName, Set<string>>();
  const texts = words.map(({ text }) => text);
  let last = '0';
  let count = 0;
  for (;;) {
    const { rows: found } = await sql<{
      seq: string;
      kind: KindName;
      entity_id: string;
      snapshot: Snapshot;
      own: Snapshot | null;
    }>`
      select seq, kind, entity_id, snapshot, (
        select jsonb_object_agg(said.name, said.value) from facet, json_each(fields) as said(name, value)
        where facet.entity_id = version.entity_id and source_id = ${HUB_SOURCE}
      ) as own
      from version where seq > ${last}::bigint and ${mentions(sql`snapshot::text`, texts)} order by seq limit ${BATCH}`.execute(
      rows,
    );
    const changed = found
      .map(({ seq, snapshot, own }) => ({ seq, snapshot: withoutWordsOfVendors(snapshot, own, words) }))
      .filter(({ snapshot }, index) => differs(snapshot, found[index]?.snapshot));
    if (changed.length > 0) {
      const given = unnest('given', changed, [
        { name: 'seq', type: 'bigint', value: ({ seq }) => seq },
        { name: 'snapshot', type: 'jsonb', value: ({ snapshot }) => JSON.stringify(snapshot) },
      ]);
      await sql`update version set snapshot = given.snapshot from ${given} where version.seq = given.seq`.execute(rows);
    }
    for (const { kind, entity_id } of found)
      (touched.get(kind) ?? touched.set(kind, new Set()).get(kind))?.add(entity_id);
    count += changed.length;
    if (found.length < BATCH) break;
    last = found.at(-1)?.seq ?? last;
  }
  for (const [kind, ids] of touched) await settleRows(rows, kinds[kind], { ids: [...ids], only: 'TEXTS' });
  return count;
}

function withoutWordsOfVendors(snapshot: Snapshot, own: Snapshot | null, words: readonly Word[]): Snapshot {
  return Object.fromEntries(
    Object.entries(snapshot).map(([name, value]) => {
      const isOurs = own !== null && JSON.stringify(own[name]) === JSON.stringify(value);
      return [name, isOurs ? value : withoutWords(value, words)];
    }),
  );
}

/** Keys of whoever made a value what it was, and words, in what sources remember. */
export async function veilPasts(rows: Rows, traces: Traces): Promise<number> {
  const keys = traces.keys.filter(({ kind }) => kind === 'person').map(({ key }) => key);
  const wanted = [...keys, ...traces.words.map(({ text }) => text)];
  if (wanted.length === 0) return 0;
  const replace = replacing(traces);
  return inBatches(async (after) => {
    const { rows: found } = await sql<{ id: string; fields: PastFields }>`
      select entity_id as id, fields from past
      where entity_id > ${after}::uuid and ${mentions(sql`fields::text`, wanted)} order by entity_id limit ${BATCH}`.execute(
      rows,
    );
    const changed = found
      .map(({ id, fields }) => ({ id, fields: pastWithout(fields, { replace, words: traces.words }) }))
      .filter(({ fields }, index) => differs(fields, found[index]?.fields));
    const given = unnest('given', changed, [
      { name: 'id', type: 'uuid', value: ({ id }) => id },
      { name: 'fields', type: 'jsonb', value: ({ fields }) => JSON.stringify(fields) },
    ]);
    if (changed.length > 0)
      await sql`update past set fields = given.fields from ${given} where entity_id = given.id`.execute(rows);
    return { found, changed: changed.length };
  });
}

/** Who it was goes on leading to somebody; only what it was may hold words. */
function pastWithout(
  past: PastFields,
  { replace, words }: { replace(kind: KindName, key: Key): Key; words: readonly Word[] },
): PastFields {
  return Object.fromEntries(
    Object.entries(past).map(([name, { source, values }]) => {
      const left = values.map(([at, value, by]): FieldPast['values'][number] => {
        const said = withoutWords(value, words);
        return by === undefined ? [at, said] : [at, said, replace('person', by)];
      });
      return [name, { source, values: left }];
    }),
  );
}

/** Keys of whatever kind that hold somebody's address, such as those of rows that are keyed by it. */
export async function keysWithAddresses(rows: Rows, words: readonly Word[]): Promise<VeiledKey[]> {
  const addresses = addressesAmong(words);
  if (addresses.length === 0) return [];
  const { rows: found } = await sql<{ kind: KindName; key: Key }>`
    select kind, key from identity where ${mentions(
      sql`key`,
      addresses.map(({ text }) => text),
    )}`.execute(rows);
  return found
    .map(({ kind, key }) => ({ kind, key, veiled: withoutWords(key, addresses) }))
    .filter(({ key, veiled }) => key !== veiled);
}

/** Ids that are somebody's address, such as those of rows that are keyed by it. */
export async function veilRecordIds(rows: Rows, words: readonly Word[]): Promise<number> {
  const addresses = addressesAmong(words);
  if (addresses.length === 0) return 0;
  const { rows: found } = await sql<{ id: string; source_id: string; stream: string; external_id: string }>`
    select id, source_id, stream, external_id from record
    where source_id <> ${HUB_SOURCE} and ${mentions(
      sql`external_id`,
      addresses.map(({ text }) => text),
    )}`.execute(rows);
  const taken = new Set<string>();
  const changed = found.map(({ id, source_id, stream, external_id }) => {
    const veiled = withoutWords(external_id, addresses);
    const place = JSON.stringify([source_id, stream, veiled]);
    // One address in upper and in lower case may be two rows.
    const externalId = taken.has(place) ? `${veiled} ${id}` : veiled;
    taken.add(place);
    return { id, externalId };
  });
  if (changed.length === 0) return 0;
  const given = unnest('given', changed, [
    { name: 'id', type: 'uuid', value: ({ id }) => id },
    { name: 'external_id', type: 'text', value: ({ externalId }) => externalId },
  ]);
  await sql`update record set external_id = given.external_id from ${given} where record.id = given.id`.execute(rows);
  await sql`update quarantine set external_id = given.external_id from ${given} where quarantine.id = given.id`.execute(
    rows,
  );
  return changed.length;
}

function replacing({ keys }: Traces): (kind: KindName, key: Key) => Key {
  const erased = new Map(keys.map(({ kind, key, veiled }) => [`${kind} ${key}`, veiled]));
  return (kind, key) => erased.get(`${kind} ${key}`) ?? key;
}

const FIRST = '00000000-0000-0000-0000-000000000000';

const differs = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);

/** Calls again behind the last row for as long as there are more; returns how many were changed. */
async function inBatches(
  take: (after: string) => Promise<{ found: readonly { id: string }[]; changed: number }>,
): Promise<number> {
  let count = 0;
  for (let after = FIRST; ;) {
    const { found, changed } = await take(after);
    count += changed;
    const last = found.at(-1);
    if (!last || found.length < BATCH) return count;
    after = last.id;
  }
}
