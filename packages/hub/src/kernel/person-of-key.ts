import type { Key } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Row } from './columns.ts';
import type { Context } from './context.ts';
import type { Rows } from './database.ts';
import { unnest } from './unnest.ts';

/** Whose key it is by what is known now, read together with all others that are asked for; null where that is nobody. */
export async function personOfKey({ load, rows }: Pick<Context, 'load' | 'rows'>, key: Key): Promise<Row | null> {
  const id = await load.batch<string | null>('person of key', key, (keys) => readPeople(rows, keys));
  return id === null ? null : load.entity('person', id);
}

async function readPeople(rows: Rows, keys: readonly string[]): Promise<(string | null)[]> {
  const asked = unnest('asked', keys, [{ name: 'key', type: 'text', value: (key) => key }]);
  const { rows: found } = await sql<{ key: string; entity_id: string }>`
    select asked.key, known.entity_id from ${asked} cross join lateral (
      select entity_id from identity where identity.kind = 'person' and identity.key = asked.key offset 0
    ) as known`.execute(rows);
  const idOf = new Map(found.map((row) => [row.key, row.entity_id]));
  return keys.map((key) => idOf.get(key) ?? null);
}
