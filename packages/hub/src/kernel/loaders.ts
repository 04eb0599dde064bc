import type { KindName } from '@plumbline/connector';
import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import { sql } from 'kysely';
import { askedOf } from './asked.ts';
import { canonical, type Row } from './columns.ts';
import type { Rows } from './database.ts';
import type { Kind } from './kind.ts';
import { planList, readListOfEach, type Belonging, type ListArguments, type ListPage, type ListPlan } from './list.ts';
import { unnest } from './unnest.ts';

/** Batches everything one request reads; made anew for each request. */
export interface Loaders {
  /** An entity by its id, through merges: the id of one that was merged away gives the survivor. Null when unknown. */
  entity(kind: KindName, id: string): Promise<Row | null>;
  /** A list that hangs on a parent; `name` says which, so that lists of the same field are read together. */
  list(input: {
    /** Where it is read from: as it is, or as it was. */
    rows: Rows;
    kind: KindName;
    name: string;
    parentId: string;
    belonging: Belonging;
    arguments: ListArguments;
    /** Where in the query it stands; every parent asks there for the same. */
    info: GraphQLResolveInfo;
  }): LoadedList;
  /** Any other read that many parents ask for; an Error instead of a value is that parent’s alone. */
  batch<Value>(
    name: string,
    id: string,
    read: (ids: readonly string[]) => Promise<readonly (Value | Error)[]>,
  ): Promise<Value>;
  /** Forgets what was read, for something was written: another mutation of the same request reads it anew. */
  clear(): void;
}

export interface LoadedList {
  plan: ListPlan;
  page(): Promise<ListPage>;
}

export function createLoaders(rows: Rows, kinds: Readonly<Record<KindName, Kind>>): Loaders {
  const loaders = new Map<string, DataLoader<string, unknown>>();
  function batch<Value>(
    name: string,
    id: string,
    read: (ids: readonly string[]) => Promise<readonly (Value | Error)[]>,
  ): Promise<Value> {
    const known = loaders.get(name) ?? new DataLoader<string, unknown>(read, { maxBatchSize: 1_000 });
    loaders.set(name, known);
    return known.load(id) as Promise<Value>;
  }
  const plans = new Map<GraphQLResolveInfo['fieldNodes'], { plan: ListPlan; key: string }>();
  /** Variables are the same all over a request, so a place in the query has one plan, however many parents there are. */
  function planned(
    info: GraphQLResolveInfo,
    make: () => { plan: ListPlan; key: string },
  ): { plan: ListPlan; key: string } {
    const known = plans.get(info.fieldNodes) ?? make();
    plans.set(info.fieldNodes, known);
    return known;
  }
  return {
    batch,
    clear: () => loaders.clear(),
    entity: (kind, id) => batch(`entity ${kind}`, id, (ids) => readByIds(rows, kinds[kind], ids)),
    list({ rows: from, kind, name, parentId, belonging, arguments: given, info }) {
      const { plan, key } = planned(info, () => {
        const asked = askedOf(kinds[kind], info, given.orderBy?.field);
        return { plan: planList(kinds[kind], given, asked), key: `${name} ${canonical([given, asked])}` };
      });
      return {
        plan,
        page: () => batch(`page ${key}`, parentId, (parents) => readListOfEach(from, { plan, belonging, parents })),
      };
    },
  };
}

async function readByIds(rows: Rows, kind: Kind, ids: readonly string[]): Promise<(Row | null)[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<Row>`
    select asked.id as asked_id, entity.* from ${asked}
    left join merged_entity on merged_entity.id = asked.id
    join ${sql.table(kind.table)} as entity on entity.id = coalesce(merged_entity.survivor_id, asked.id)`.execute(rows);
  const byId = new Map(found.map((row) => [String(row['asked_id']), row]));
  return ids.map((id) => byId.get(id) ?? null);
}
