import { sql } from 'kysely';
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import type { Rows } from '../kernel/database.ts';
import { recordDecision, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import { unnest } from '../kernel/unnest.ts';
import { applyFacets } from './apply.ts';
import { followUp, type Engine } from './engine.ts';
import { readVeil } from './erasure-door.ts';
import { scrubHistory } from './erasure-history.store.ts';
import { readSubject, type ErasureSubject, type ErasureTarget } from './erasure-subject.store.ts';
import { countClientsNamed, countLeftAlone } from './erasure-left.store.ts';
import { eraseSentences } from './erasure-sentences.store.ts';
import {
  keysWithAddresses,
  veilFacets,
  veilPasts,
  veilPayloads,
  veilRecordIds,
  veilVersions,
} from './erasure-traces.store.ts';
import type { ErasureCount } from './erasure.ts';
import { keptOfPerson, keyWithout, veilBy, type Veil, type VeiledKey } from './erasure.rules.ts';
import { facetsOfRecords, type StoredFacet } from './facet-store.ts';
import { lockIngest } from './ingest.ts';
import type { StreamId } from './record-store.ts';

export interface ErasureRequest extends Pick<Deciding, 'idempotencyKey'> {
  target: ErasureTarget;
  /** The key that asks, or the source whose vendor does. */
  askedBy: string;
  reason: string;
  /** What else is written in the same transaction. */
  settle?(rows: Rows): Promise<void>;
}

/** What was erased, in rows; nothing of what it was. */
export interface ErasureRow {
  id: string;
  asked_by: string;
  reason: string;
  erased_at: string;
  records: readonly StreamId[];
  counts: readonly ErasureCount[];
  left_alone: readonly ErasureCount[];
}

/** How a decision says that somebody had something erased. */
export const ERASE = 'ERASE';

/**
 * Erases, in one transaction that nobody writes beside: all of it or, after a crash, nothing, and the same again for the
 * same key. See docs/decisions/0028.
 */
export function erase(engine: Engine, request: ErasureRequest): Promise<ErasureRow> {
  return engine.database.transaction(async (rows) => {
    await lockIngest(rows);
    const { idempotencyKey } = request;
    const before = await wasDecided(rows, { idempotencyKey, subjectId: null, action: ERASE });
    if (before) return erasureThere(await readErasure(rows, before.subject_id));
    const row = await eraseWithin(engine, rows, request);
    await recordDecision(rows, {
      subject_kind: 'erasure',
      subject_id: row.id,
      version: 1,
      action: ERASE,
      from_state: null,
      to_state: null,
      actor: request.askedBy,
      at: row.erased_at,
      details: {},
      idempotencyKey,
    });
    await request.settle?.(rows);
    return row;
  });
}

/** What an erasure would do: it is done and taken back, so the counts are those that it would have. */
export async function previewErasure(engine: Engine, request: ErasureRequest): Promise<ErasureRow> {
  let row: ErasureRow | null = null;
  const takenBack = new Error('a preview is taken back');
  try {
    await engine.database.transaction(async (rows) => {
      await lockIngest(rows);
      row = await eraseWithin(engine, rows, request);
      throw takenBack;
    });
  } catch (error) {
    if (error !== takenBack) throw error;
  }
  return erasureThere(row);
}

async function eraseWithin(engine: Engine, rows: Rows, request: ErasureRequest): Promise<ErasureRow> {
  const now = engine.clock.now().toString();
  const veil = (await readVeil(rows)) ?? (await makeVeil(rows));
  const { target } = request;
  const subject = await readSubject(rows, { target, veil });
  if ('record' in target) await markUnknown(rows, { of: target.record, veil, now });
  const keys = await keysToVeil(rows, subject, veil);
  const traces = { keys, words: subject.words };
  const clients = await countClientsNamed(rows, subject.words);
  const sentences = await eraseSentences(rows, subject);
  const quarantined = await eraseRecords(rows, { subject, veil });
  await veilIdentity(rows, keys);
  const facets = await veilFacets(rows, traces);
  const payloads = await veilPayloads(rows, traces);
  await applyErasure(engine, rows, { subject, now, veil });
  const history = await scrubHistory(rows, { kinds: engine.rules.kinds, entities: subject.entities });
  const versions = await veilVersions(rows, engine.rules.kinds, subject.words);
  const pasts = await veilPasts(rows, traces);
  await veilRecordIds(rows, subject.words);
  const kindTables = Object.values(engine.rules.kinds).map(({ table }) => table);
  const leftAlone = await countLeftAlone(rows, { ...subject, kindTables });
  const own = new Set(subject.facets.map(({ id }) => id)).size;
  const counts: ErasureCount[] = [
    { what: 'records', rows: subject.records.length },
    { what: 'facets', rows: own },
    { what: 'quarantine', rows: quarantined },
    { what: 'entities', rows: subject.entities.length },
    { what: 'versions', rows: history.versions },
    { what: 'keys', rows: keys.length },
    { what: 'facets that mention it', rows: Math.max(0, facets - own) },
    { what: 'payloads that mention it', rows: payloads },
    { what: 'versions that mention it', rows: versions + pasts },
    { what: 'clients named like it', rows: clients - (await countClientsNamed(rows, subject.words)) },
    { what: 'sentences that quote it', rows: sentences },
  ];
  return writeErasure(rows, {
    id: randomUUIDv7(),
    asked_by: request.askedBy,
    reason: request.reason,
    erased_at: now,
    records:
      'record' in target
        ? [{ sourceId: target.record.sourceId, stream: target.record.stream }]
        : subject.records.map(({ sourceId, stream }) => ({ sourceId, stream })),
    counts: counts.filter((each) => each.rows > 0),
    left_alone: leftAlone,
  });
}

async function makeVeil(rows: Rows): Promise<Veil> {
  const secret = randomBytes(32).toString('base64url');
  await sql`insert into erasure_secret (secret) values (${secret})`.execute(rows);
  return veilBy(secret);
}

/** What the hub never had may still be on its way: it is not taken when it comes. */
async function markUnknown(
  rows: Rows,
  { of, veil, now }: { of: StreamId & { externalId: string }; veil: Veil; now: string },
): Promise<void> {
  await sql`
    insert into record (id, source_id, stream, external_id, hash, changed_at, seen_at, mapping, state)
    select ${randomUUIDv7()}::uuid, ${of.sourceId}, ${of.stream}, ${veil.record(of, of.externalId)}, '', null, ${now}::timestamptz, '', 'ERASED'
    where not exists (
      select from record where source_id = ${of.sourceId} and stream = ${of.stream} and external_id = ${of.externalId}
    )
    on conflict (source_id, stream, external_id) do nothing`.execute(rows);
}

/** Payloads, errors and looks go; of each record a hash of its id stays. Returns how many were in quarantine. */
async function eraseRecords(rows: Rows, { subject, veil }: { subject: ErasureSubject; veil: Veil }): Promise<number> {
  const { records } = subject;
  if (records.length === 0) return 0;
  const given = unnest('given', records, [
    { name: 'id', type: 'uuid', value: ({ id }) => id },
    { name: 'veiled', type: 'text', value: (record) => veil.record(record, record.externalId) },
  ]);
  await sql`
    delete from webhook_look using ${given} join record on record.id = given.id
    where webhook_look.source_id = record.source_id and webhook_look.stream = record.stream
      and webhook_look.external_id = record.external_id and not webhook_look.erase`.execute(rows);
  await sql`delete from record_payload using ${given} where record_id = given.id`.execute(rows);
  const { rows: released } = await sql`
    delete from quarantine using ${given} where quarantine.id = given.id returning quarantine.id`.execute(rows);
  await sql`
    update record set external_id = given.veiled, hash = '', changed_at = null, mapping = '', state = 'ERASED'
    from ${given} where record.id = given.id`.execute(rows);
  return released.length;
}

/**
 * The subject's own, and those of other records that hold an address of theirs. Where a key is a name, the payloads that
 * refer to it have another one from now on, which leads to the same.
 */
async function keysToVeil(rows: Rows, subject: ErasureSubject, veil: Veil): Promise<VeiledKey[]> {
  const own = subject.keys.map((each) => ({ ...each, veiled: veil.key(each.key) }));
  const known = new Set(own.map(({ kind, key }) => `${kind} ${key}`));
  const others = await keysWithAddresses(rows, subject.words);
  const named = subject.keys.map((each) => ({ ...each, veiled: keyWithout(each.key, subject.words) }));
  return [
    ...named.filter(({ key, veiled }) => key !== veiled),
    ...own,
    ...others.filter(({ kind, key }) => !known.has(`${kind} ${key}`)),
  ];
}

/** The keys go on leading to the entity, under other names: who refers to it stays right. */
async function veilIdentity(rows: Rows, keys: readonly VeiledKey[]): Promise<void> {
  if (keys.length === 0) return;
  const given = unnest('given', keys, [
    { name: 'kind', type: 'text', value: ({ kind }) => kind },
    { name: 'key', type: 'text', value: ({ key }) => key },
    { name: 'veiled', type: 'text', value: ({ veiled }) => veiled },
  ]);
  await sql`
    insert into identity (kind, key, entity_id)
    select distinct on (identity.kind, veiled) identity.kind, veiled, entity_id from ${given} join identity on identity.kind = given.kind and identity.key = given.key
    on conflict (kind, key) do update set entity_id = excluded.entity_id`.execute(rows);
  await sql`
    delete from identity using ${given}
    where identity.kind = given.kind and identity.key = given.key and given.key <> given.veiled`.execute(rows);
}

/**
 * Merges anew without what was erased. Of a person stays what figures are computed of, of anything else nothing.
 */
async function applyErasure(
  engine: Engine,
  rows: Rows,
  input: { subject: ErasureSubject; now: string; veil: Veil },
): Promise<void> {
  const { subject, now, veil } = input;
  const stored = await facetsOfRecords(
    rows,
    subject.records.map(({ id }) => id),
  );
  const erased = new Set(subject.facets.map(({ id }) => id));
  const facets = stored
    .filter(({ id }) => erased.has(id))
    .map((facet) => (facet.kind === 'person' ? strippedPerson(facet) : { ...facet, deleted: true }));
  if (facets.length === 0) return;
  const applied = await applyFacets(rows, { rules: engine.rules, facets, now, runId: null });
  await followUp(engine, rows, applied);
  engine.likenessStale = true;
  const people = facets.filter(({ kind }) => kind === 'person');
  const gone = unnest(
    'gone',
    facets.filter(({ kind }) => kind !== 'person'),
    [{ name: 'id', type: 'uuid', value: ({ id }) => id }],
  );
  await sql`delete from facet using ${gone} where facet.id = gone.id`.execute(rows);
  const stripped = unnest('stripped', people, [
    { name: 'id', type: 'uuid', value: ({ id }) => id },
    { name: 'local_id', type: 'text', value: ({ localId }) => veil.id(localId) },
  ]);
  await sql`update facet set local_id = stripped.local_id from ${stripped} where facet.id = stripped.id`.execute(rows);
  const entities = unnest('entity', subject.entities, [{ name: 'id', type: 'uuid', value: ({ id }) => id }]);
  await sql`
    update project_link set reasons = '[]'::jsonb from ${entities}
    where opportunity_id = entity.id or project_id = entity.id`.execute(rows);
}

function strippedPerson(facet: StoredFacet): StoredFacet {
  const kept = Object.entries(facet.fields).filter(([name]) => (keptOfPerson as readonly string[]).includes(name));
  return {
    ...facet,
    fields: Object.fromEntries(kept),
    customFields: {},
    history: [],
    remembered: facet.remembered || facet.history.length > 0,
  };
}

async function writeErasure(rows: Rows, row: ErasureRow): Promise<ErasureRow> {
  await sql`
    insert into erasure (id, asked_by, reason, erased_at, records, counts, left_alone)
    values (${row.id}::uuid, ${row.asked_by}, ${row.reason}, ${row.erased_at}::timestamptz, ${JSON.stringify(row.records)}::jsonb,
      ${JSON.stringify(row.counts)}::jsonb, ${JSON.stringify(row.left_alone)}::jsonb)`.execute(rows);
  return row;
}

async function readErasure(rows: Rows, id: string): Promise<ErasureRow | null> {
  const { rows: found } = await sql<ErasureRow>`select * from erasure where id = ${id}::uuid`.execute(rows);
  return found[0] ?? null;
}

function erasureThere(row: ErasureRow | null): ErasureRow {
  if (row) return row;
  throw new Error('the erasure is not on record');
}

/** Whether a record is there to be erased, was erased already, or is not known. */
export async function standingOf(
  rows: Rows,
  of: StreamId & { externalId: string },
): Promise<'HELD' | 'ERASED' | 'UNKNOWN'> {
  const veil = await readVeil(rows);
  const ids = [of.externalId, ...(veil ? [veil.record(of, of.externalId)] : [])];
  const { rows: found } = await sql<{ state: string }>`
    select state from record where source_id = ${of.sourceId} and stream = ${of.stream} and external_id = any(${ids}::text[])`.execute(
    rows,
  );
  if (found.length === 0) return 'UNKNOWN';
  return found.every(({ state }) => state === 'ERASED') ? 'ERASED' : 'HELD';
}
