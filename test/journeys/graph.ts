import { silentLogger } from '../../packages/connector/src/index.ts';
import { allKinds } from '../../packages/hub/src/entities.ts';
import { openHub, type DatabaseTarget } from '../../packages/hub/src/index.ts';

type Row = Record<string, unknown>;

/** Everything a hub holds, without what differs from run to run: ids are replaced by the keys of what they mean. */
export interface Graph {
  entities: Record<string, string[]>;
  links: string[];
  references: string[];
  records: string[];
  facets: string[];
  cursors: string[];
  quarantine: string[];
  /** What each entity was after its latest change. */
  latest: string[];
  /** Sentences about versions that must not be: none when all is well. */
  oddVersions: string[];
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Reads the graph that a program which has ended left behind. */
export async function readGraph(target: DatabaseTarget): Promise<Graph> {
  const hub = await openHub({ database: target, sources: [], logger: silentLogger });
  try {
    const ask = async (statement: string): Promise<Row[]> =>
      (await hub.database.orm.em.getConnection().execute(statement)) as Row[];
    const names = new Map<string, string>();
    for (const { entity_id, name } of await ask(
      `select entity_id, kind || ' ' || min(key) as name from identity group by entity_id, kind`,
    ))
      names.set(String(entity_id), String(name));
    const named = (row: Row): unknown =>
      JSON.parse(JSON.stringify(row).replace(uuid, (id) => names.get(id) ?? 'nobody'));
    const texts = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(ordered(named(row)))).toSorted();
    const list = async (statement: string): Promise<string[]> => texts(await ask(statement));
    const entities: Graph['entities'] = {};
    for (const { table } of Object.values(allKinds))
      entities[table] = texts(
        (await ask(`select * from ${table}`)).map(({ first_seen_at: _seen, changed_at: _changed, ...row }) => row),
      );
    return {
      entities,
      links: await list('select * from project_link'),
      references: await list('select * from many_reference'),
      records: await list('select source_id, stream, external_id, hash, changed_at, state from record'),
      facets: await list(
        `select record.source_id, stream, external_id, kind, local_id, entity_id, keys, fields, custom_fields, history, deleted_at
         from facet join record on record.id = facet.record_id`,
      ),
      cursors: await list('select source_id, stream, cursor, fetches, mapping from stream_cursor'),
      quarantine: await list('select source_id, stream, external_id, error from quarantine'),
      latest: await list(
        "select distinct on (entity_id) entity_id, operation = 'DELETED' as deleted, snapshot from version order by entity_id, seq desc",
      ),
      oddVersions: await list(
        `select entity_id, operation, what from (
           select entity_id, operation, case
             when operation = 'CREATED' and lag(seq) over past is not null then 'created twice'
             when operation <> 'CREATED' and lag(seq) over past is null then 'changed before it was there'
             when operation = 'UPDATED' and snapshot = lag(snapshot) over past then 'the same twice'
           end as what from version window past as (partition by entity_id order by seq)
         ) as seen where what is not null`,
      ),
    };
  } finally {
    await hub.close();
  }
}

/** What one graph has and the other has not, as sentences; the first twenty. */
export function differences(expected: Graph, found: Graph): string[] {
  const flat = (graph: Graph): Set<string> => {
    const seen = new Map<string, number>();
    const { entities, ...parts } = graph;
    for (const [part, rows] of Object.entries({ ...parts, ...entities }))
      for (const row of rows) seen.set(`${part}: ${row}`, (seen.get(`${part}: ${row}`) ?? 0) + 1);
    return new Set([...seen].map(([row, times]) => (times === 1 ? row : `${times} times ${row}`)));
  };
  const [wanted, has] = [flat(expected), flat(found)];
  const missing = [...wanted.difference(has)].map((row) => `missing ${row}`);
  const extra = [...has.difference(wanted)].map((row) => `too much ${row}`);
  return [...missing, ...extra].slice(0, 20);
}

/** References to several entities stand in the order of their ids, which differ from run to run. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value))
    return value.every((each) => typeof each === 'string') ? value.toSorted() : value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, ordered(each)]));
}
