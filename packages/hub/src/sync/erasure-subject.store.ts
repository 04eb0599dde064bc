import type { JsonValue, Key, KindName } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import { wordsFor, type Veil, type Word } from './erasure.rules.ts';
import { facetsOfRecords, type StoredFacet } from './facet-store.ts';
import type { StreamId } from './record-store.ts';

/** What is to be erased: one record of a source, or everything that sources say of a person. */
export type ErasureTarget = { record: StreamId & { externalId: string } } | { personId: string };

export interface ErasedRecord extends StreamId {
  id: string;
  externalId: string;
  state: string;
  payload: JsonValue;
}

/** Everything that an erasure is about. */
export interface ErasureSubject {
  records: readonly ErasedRecord[];
  /** Of these records: those of the person, or all. */
  facets: readonly StoredFacet[];
  /** The facets' entities, and those that were merged into them. */
  entities: readonly { kind: KindName; id: string }[];
  /** What other records of the same entities say; it stays. */
  others: readonly StoredFacet[];
  /** Keys that nobody is left to claim. */
  keys: readonly { kind: KindName; key: Key }[];
  /** What else tells who a person is; none for what is no person. */
  words: readonly Word[];
  /** How many names and addresses are no such words, because another person has them as well. */
  shared: number;
}

export async function readSubject(
  rows: Rows,
  { target, veil }: { target: ErasureTarget; veil: Veil },
): Promise<ErasureSubject> {
  const records = await readRecords(rows, target);
  const stored = await facetsOfRecords(
    rows,
    records.map(({ id }) => id),
  );
  const person = 'personId' in target ? await survivorOf(rows, target.personId) : null;
  const facets = stored.filter(({ entityId }) => person === null || entityId === person);
  const ids = [...new Set(facets.map(({ entityId }) => entityId))];
  const own = new Set(facets.map(({ id }) => id));
  const others = (await facetsOfEntities(rows, ids)).filter(({ id }) => !own.has(id));
  const claimed = new Set(others.flatMap(({ kind, keys }) => keys.map((key) => `${kind} ${key}`)));
  const keys = (await keysOf(rows, ids)).filter(({ kind, key }) => !claimed.has(`${kind} ${key}`));
  const losers = await mergedInto(rows, ids);
  const entities = [
    ...new Map(facets.map(({ kind, entityId }) => [entityId, { kind, id: entityId }])).values(),
    ...losers,
  ];
  const { words, shared } = await readWords(rows, { facets, others, keys, entities, veil });
  return { records, facets, entities, others, keys, words, shared };
}

async function readRecords(rows: Rows, target: ErasureTarget): Promise<ErasedRecord[]> {
  const which =
    'record' in target
      ? sql`record.source_id = ${target.record.sourceId} and record.stream = ${target.record.stream}
          and record.external_id = ${target.record.externalId}`
      : sql`record.id in (select record_id from facet where entity_id = ${await survivorOf(rows, target.personId)}::uuid)`;
  const { rows: found } = await sql<ErasedRecord>`
    select record.id, source_id as "sourceId", stream, external_id as "externalId", state, payload
    from record left join record_payload on record_id = record.id
    where ${which} and state <> 'ERASED' order by source_id, stream, record.id`.execute(rows);
  return found;
}

async function survivorOf(rows: Rows, id: string): Promise<string> {
  const { rows: found } = await sql<{ id: string }>`
    select survivor_id as id from merged_entity where id = ${id}::uuid`.execute(rows);
  return found[0]?.id ?? id;
}

const given = (ids: readonly string[]) => unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);

/** Facets of entities, of records that are gone included. */
export async function facetsOfEntities(rows: Rows, ids: readonly string[]): Promise<StoredFacet[]> {
  if (ids.length === 0) return [];
  const { rows: found } = await sql<{ record_id: string }>`
    select distinct record_id from ${given(ids)} join facet on facet.entity_id = asked.id`.execute(rows);
  const wanted = new Set(ids);
  const stored = await facetsOfRecords(
    rows,
    found.map((row) => row.record_id),
  );
  return stored.filter(({ entityId }) => wanted.has(entityId));
}

async function keysOf(rows: Rows, ids: readonly string[]): Promise<{ kind: KindName; key: Key }[]> {
  if (ids.length === 0) return [];
  const { rows: found } = await sql<{ kind: KindName; key: Key }>`
    select kind, key from ${given(ids)} join identity on entity_id = asked.id`.execute(rows);
  return found;
}

async function mergedInto(rows: Rows, ids: readonly string[]): Promise<{ kind: KindName; id: string }[]> {
  if (ids.length === 0) return [];
  const { rows: found } = await sql<{ kind: KindName; id: string }>`
    select merged_entity.kind, merged_entity.id from ${given(ids)} join merged_entity on survivor_id = asked.id`.execute(
    rows,
  );
  return found;
}

/** Names and addresses that only the erased records give, those of the past included, and that nobody else goes by. */
async function readWords(
  rows: Rows,
  input: Pick<ErasureSubject, 'facets' | 'others' | 'keys' | 'entities'> & { veil: Veil },
): Promise<Pick<ErasureSubject, 'words' | 'shared'>> {
  const people = input.entities.filter(({ kind }) => kind === 'person').map(({ id }) => id);
  if (people.length === 0) return { words: [], shared: 0 };
  const { rows: found } = await sql<{ name: string | null; email: string | null }>`
    select distinct snapshot ->> 'name' as name, snapshot ->> 'email' as email
    from ${given(people)} join version on version.entity_id = asked.id`.execute(rows);
  const saidIn = (facets: readonly StoredFacet[], field: string): string[] =>
    facets
      .filter(({ kind }) => kind === 'person')
      .flatMap(({ fields, history }) => [
        fields[field] ?? null,
        ...history.filter((past) => past.field === field).map((past) => past.value),
      ])
      .filter((value) => typeof value === 'string');
  const only = (field: 'name' | 'email'): string[] => {
    const said = new Set(saidIn(input.others, field));
    const all = [...found.map((row) => row[field]), ...saidIn(input.facets, field)];
    return [...new Set(all)].filter((value): value is string => value !== null && !said.has(value));
  };
  const keys = input.keys.filter(({ kind }) => kind === 'person').map(({ key }) => key);
  const [names, emails] = [only('name'), only('email')];
  const taken = await sayingsOfOthers(rows, { people, texts: [...names, ...emails] });
  const free = (texts: readonly string[]): string[] => texts.filter((text) => !taken.has(folded(text)));
  const words = wordsFor({ keys, names: free(names), emails: free(emails) }, input.veil);
  return { words, shared: names.length + emails.length - free(names).length - free(emails).length };
}

const folded = (text: string): string => text.trim().toLowerCase();

/** Which of the texts name somebody else, who is neither of these people: in a text nobody can tell who is meant. */
async function sayingsOfOthers(
  rows: Rows,
  { people, texts }: { people: readonly string[]; texts: readonly string[] },
): Promise<Set<string>> {
  if (texts.length === 0) return new Set();
  const { rows: found } = await sql<{ text: string }>`
    select distinct text from facet cross join lateral (
      select lower(trim(said)) as text from (values (fields ->> 'name'), (fields ->> 'email')) as each(said)
    ) as sayings
    where kind = 'person' and deleted_at is null and entity_id <> all(${people}::uuid[])
      and text = any(${texts.map(folded)}::text[])`.execute(rows);
  return new Set(found.map((row) => row.text));
}
