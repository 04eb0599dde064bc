import { fieldsOf, type JsonValue, type Key, type KindName, type PastValue } from '@plumbline/connector';
import { createHash, createHmac } from 'node:crypto';
import { sameValue } from '../kernel/columns.ts';
import type { Kind } from '../kernel/kind.ts';

/** Puts the same name in the place of the same id every time, from which nobody can tell the id. */
export interface Veil {
  /** For an id within a key; an e-mail address stays of the form of one, also behind the name of a table. */
  id(text: string): string;
  /** The text with every e-mail address in it under its other name, whoever's it is. */
  addresses(text: string): string;
  key(key: Key): Key;
  /** For a record's id in its stream. */
  record(of: { sourceId: string; stream: string }, externalId: string): string;
}

const MARK = 'erased-';
const ADDRESS = /[\p{L}\p{N}_%+-][\p{L}\p{N}._%+'-]*@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/gu;
/** The key of a row as other tables have it too: there the address stands alone, and must come to the same. */
const ROW_OF_ADDRESS = /^([^\s@]+\/)([^\s@/]+@[^\s@/]+)$/;

export function veilBy(secret: string): Veil {
  const digest = (text: string): string => createHmac('sha256', secret).update(text).digest('hex').slice(0, 32);
  const id = (text: string): string => {
    const [, table, address] = ROW_OF_ADDRESS.exec(text) ?? [];
    if (table !== undefined && address !== undefined) return table + id(address);
    if (text.startsWith(MARK)) return text;
    return text.includes('@') ? `${MARK}${digest(text.toLowerCase())}@erased.invalid` : MARK + digest(text);
  };
  return {
    id,
    addresses: (text) => (text.includes('@') ? text.replaceAll(ADDRESS, id) : text),
    key: (key) => `${schemeOf(key)}:${id(idOf(key))}`,
    record: ({ sourceId, stream }, externalId) =>
      externalId.startsWith(MARK) ? externalId : MARK + digest(JSON.stringify([sourceId, stream, externalId])),
  };
}

/** A key that leads to an entity, and the one that does from now on. */
export interface VeiledKey {
  kind: KindName;
  key: Key;
  veiled: Key;
}

const schemeOf = (key: string): string => key.slice(0, key.indexOf(':'));
const idOf = (key: string): string => key.slice(key.indexOf(':') + 1);

/** What of somebody who was erased stays, since figures are computed of it and it says of nobody who he is. */
export const keptOfPerson = ['status', 'role', 'team'] as const;

/** A text that tells who somebody is, and what takes its place. */
export interface Word {
  text: string;
  instead: string;
  /** Only where it is all of a text that stands beside another of these words: by itself it may be anybody's name, or no name. */
  isWhole: boolean;
}

/** From here on an id is no number that other records may have as well. */
const DISTINCT_ID = 12;
const SOMEBODY = 'erased person';

/** What payloads call somebody by: names, addresses, ids that nobody else has, and the hashes that pictures are found by. */
export function wordsFor(
  person: { keys: readonly Key[]; names: readonly string[]; emails: readonly string[] },
  veil: Veil,
): Word[] {
  const ids = [...person.keys.map(idOf).flatMap((id) => [id, ...(id.match(ADDRESS) ?? [])]), ...person.emails].filter(
    (id) => veil.id(id) !== id,
  );
  const words: Word[] = [];
  for (const id of ids) {
    if (id.includes('@')) {
      for (const algorithm of ['md5', 'sha256'])
        words.push({
          text: createHash(algorithm).update(id.toLowerCase()).digest('hex'),
          instead: MARK,
          isWhole: false,
        });
    } else if (id.length < DISTINCT_ID) continue;
    words.push({ text: id, instead: veil.id(id), isWhole: false });
  }
  for (const name of person.names.map((each) => each.trim())) {
    if (name.length < 2 || name.startsWith(SOMEBODY)) continue;
    // Tables are keyed by names, too: several people must not become one.
    const mark = veil.id(name.toLowerCase()).slice(MARK.length, MARK.length + 8);
    words.push({ text: name, instead: `${SOMEBODY} ${mark}`, isWhole: !/\S\s+\S/.test(name) });
  }
  const distinct = new Map(words.map((word) => [word.text.toLowerCase(), word]));
  // The longest first: a name may begin with a shorter one.
  return [...distinct.values()].toSorted((a, b) => b.text.length - a.text.length);
}

/** Those that are addresses: what ids and keys of other records may hold. Pure. */
export function addressesAmong(words: readonly Word[]): Word[] {
  return words.filter(({ text }) => text.includes('@'));
}

/** A key as the mapping makes it of a payload that has lost these words. Pure. */
export function keyWithout(key: Key, words: readonly Word[]): Key {
  const [, table = '', own = ''] = /^([^/]*\/)?(.*)$/s.exec(idOf(key)) ?? [];
  return `${schemeOf(key)}:${table}${textWithout(own, words)}`;
}

/** What a key is called where it is kept with its addresses under their other names. Pure. */
export function withoutAddresses(key: Key, veil: Veil): Key {
  return `${schemeOf(key)}:${veil.addresses(idOf(key))}`;
}

/** The document with every word replaced, the same document where it has none. Names of members stay. Pure. */
export function withoutWords<Value>(value: Value, words: readonly Word[]): Value {
  if (typeof value === 'string') return textWithout(value, words) as Value;
  if (Array.isArray(value)) {
    const items = value.map((each: unknown) => withoutWords(each, words));
    return items.some((each, index) => each !== value[index]) ? (items as Value) : value;
  }
  if (value === null || typeof value !== 'object') return value;
  const isTheirs = Object.values(value).some((each) => typeof each === 'string' && textWithout(each, words) !== each);
  const members = Object.entries(value).map(([name, each]) => {
    const left = withoutWords(each as unknown, words);
    return [name, isTheirs && typeof left === 'string' ? namelessText(left, words) : left] as const;
  });
  return members.some(([name, each]) => each !== (value as Record<string, unknown>)[name])
    ? (Object.fromEntries(members) as Value)
    : value;
}

function textWithout(text: string, words: readonly Word[]): string {
  let left = text;
  for (const { text: word, instead, isWhole } of words) {
    if (!isWhole && left.toLowerCase().includes(word.toLowerCase()))
      left = left.replace(patternOf(word), () => instead);
  }
  return left;
}

/** A text of an object that is about the person. */
function namelessText(text: string, words: readonly Word[]): string {
  const said = text.trim().toLowerCase();
  return words.find((word) => word.isWhole && word.text.toLowerCase() === said)?.instead ?? text;
}

/** The word by itself: `ada@x.com` stands neither in `hilada@x.com` nor in `ada@x.com.au`. */
function patternOf(word: string): RegExp {
  const [before, after] = word.includes('@')
    ? ['[\\p{L}\\p{N}._%+-]', '[\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}]']
    : ['[\\p{L}\\p{N}]', '[\\p{L}\\p{N}]'];
  return new RegExp(`(?<!${before})${RegExp.escape(word)}(?!${after})`, 'giu');
}

/** What one source still says of an entity; references as ids. */
export interface Saying {
  fields: Readonly<Record<string, JsonValue>>;
  customFields: Readonly<Record<string, JsonValue>>;
  history: readonly PastValue[];
}

export type Snapshot = Readonly<Record<string, JsonValue>>;

/**
 * A version without what nobody says any more: a value stays where a source that is left says it now or remembers it,
 * and for people what figures are computed of. Whose word a past value was is not known otherwise. Where one is taken
 * out, what stood before it stands on, as it would have without who said it. Pure.
 */
export function stillSaid(
  kind: Kind,
  { snapshot, before, sayings }: { snapshot: Snapshot; before: Snapshot | null; sayings: readonly Saying[] },
): Snapshot {
  const left: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(snapshot)) {
    if (name === 'customFields') continue;
    const field = kind.fields[name];
    const isSaid = (each: JsonValue): boolean =>
      sayings.some(({ fields, history }) => {
        const said = [fields[name] ?? null, ...history.filter((past) => past.field === name).map((past) => past.value)];
        return said.some((one) =>
          field?.type === 'refs'
            ? (one as readonly JsonValue[] | null)?.includes(each)
            : sameValue(field ?? null, one, each),
        );
      });
    if (kind.name === 'person' && (keptOfPerson as readonly string[]).includes(name)) left[name] = value;
    else if (field?.type === 'refs') left[name] = (value as readonly JsonValue[]).filter(isSaid);
    else if (isSaid(value)) left[name] = value;
    else if (before?.[name] !== undefined) left[name] = before[name];
  }
  const own = (snapshot['customFields'] ?? {}) as Record<string, JsonValue>;
  const earlier = (before?.['customFields'] ?? {}) as Record<string, JsonValue>;
  const customFields = Object.entries(own).flatMap(([name, value]) => {
    if (sayings.some((saying) => value !== null && sameValue(null, saying.customFields[name] ?? null, value)))
      return [[name, value] as const];
    return earlier[name] === undefined ? [] : [[name, earlier[name]] as const];
  });
  return { ...left, customFields: Object.fromEntries(customFields) };
}

/** Which fields differ between a version and the one before it; of the first, those that have a value. Pure. */
export function changedBetween(kind: Kind, before: Snapshot | null, after: Snapshot): string[] {
  const names = Object.keys(kind.fields).filter(
    (name) => !sameValue(kind.fields[name] ?? null, before?.[name] ?? null, after[name] ?? null),
  );
  const custom = (of: Snapshot | null): JsonValue => of?.['customFields'] ?? {};
  return before && !sameValue(null, custom(before), custom(after)) ? [...names, 'customFields'] : names;
}

/** What a facet says without the words; keys and references stay, since they lead somewhere. Pure. */
export function sayingWithout<
  Of extends {
    kind: KindName;
    keys: readonly Key[];
    fields: Readonly<Record<string, JsonValue>>;
    history: readonly PastValue[];
  },
>(of: Of, words: readonly Word[]): Of {
  const fields = fieldsOf(of.kind);
  const leads = (name: string): boolean => fields[name]?.target !== undefined;
  const references = Object.entries(of.fields).filter(([name]) => leads(name));
  const said = withoutWords(of, words);
  return {
    ...said,
    keys: of.keys,
    fields: { ...said.fields, ...Object.fromEntries(references) },
    history: said.history.map((past, index) => {
      const { value, by } = of.history[index] ?? past;
      return { ...past, ...(leads(past.field) ? { value } : {}), ...(by === undefined ? {} : { by }) };
    }),
  };
}

/** A record's references and keys with other ones in their place. Pure. */
export function withKeys<
  Of extends {
    keys: readonly Key[];
    fields: Readonly<Record<string, unknown>>;
    history?: readonly PastValue[] | undefined;
  },
>(kind: KindName, of: Of, replace: (kind: KindName, key: Key) => Key): Of {
  const fields = fieldsOf(kind);
  const keys = of.keys.map((key) => replace(kind, key));
  const values = Object.entries(of.fields).map(([name, value]) => {
    const { type, target } = fields[name] ?? {};
    if (value === null || value === undefined || target === undefined) return [name, value] as const;
    const change = (key: Key): Key => replace(target as KindName, key);
    return [name, type === 'refs' ? (value as Key[]).map(change) : change(value as Key)] as const;
  });
  const history = of.history?.map((past) => {
    const { type, target } = fields[past.field] ?? {};
    const leads = type === 'ref' && target !== undefined && past.value !== null;
    return {
      ...past,
      ...(leads ? { value: replace(target as KindName, past.value as Key) } : {}),
      ...(past.by === undefined ? {} : { by: replace('person', past.by) }),
    };
  });
  return { ...of, keys, fields: Object.fromEntries(values), ...(history ? { history } : {}) };
}

/** The keys a record is known by and those it refers to, or did. Pure. */
export function keysIn(kind: KindName, of: Parameters<typeof withKeys>[1]): { kind: KindName; key: Key }[] {
  const found: { kind: KindName; key: Key }[] = [];
  withKeys(kind, of, (at, key) => {
    found.push({ kind: at, key });
    return key;
  });
  return found;
}
