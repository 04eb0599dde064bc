import { fieldsOf, type Field, type KindName } from '../../packages/connector/src/index.ts';
import { allKinds } from '../../packages/hub/src/entities.ts';
import type { Hub } from '../../packages/hub/src/index.ts';

type Row = Record<string, unknown>;

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * What is true in a hub now, as sorted lines: entities that live, what their sources say and remember of them, how they
 * hang together, and what is in quarantine. Ids are replaced by keys, so that two hubs that came to the same truth by
 * different ways show the same lines.
 */
export async function liveGraph(hub: Hub): Promise<string[]> {
  const ask = async (statement: string): Promise<Row[]> =>
    (await hub.database.orm.em.getConnection().execute(statement)) as Row[];
  const names = new Map<string, string>();
  for (const { entity_id, name } of await ask(
    `select entity_id, kind || ' ' || min(key) as name from facet, json_array_elements_text(keys) as key
     where deleted_at is null group by entity_id, kind`,
  ))
    names.set(String(entity_id), String(name));
  const line = (label: string, row: Row): string => {
    const named = JSON.stringify(row).replace(uuid, (id) => names.get(id) ?? 'nobody');
    return `${label}: ${JSON.stringify(ordered(JSON.parse(named)))}`;
  };
  const list = async (label: string, statement: string): Promise<string[]> =>
    (await ask(statement)).map((row) => line(label, row));
  const lines: string[] = [];
  for (const { table } of Object.values(allKinds)) {
    const rows = await ask(`select * from ${table} where deleted_at is null`);
    for (const { first_seen_at: _first, changed_at: _changed, ...row } of rows) lines.push(line(table, row));
  }
  const facets = await ask(`
    select record.source_id, stream, external_id, kind, local_id, entity_id, keys, fields, custom_fields, history
    from facet join record on record.id = facet.record_id where facet.deleted_at is null`);
  lines.push(
    ...facets.map((facet) => line('facet', { ...facet, fields: withoutReferences(facet) })),
    ...(await list(
      'reference',
      `select many_reference.kind, entity_id, field, target_id from many_reference
       where exists (select from facet where facet.entity_id = many_reference.entity_id and deleted_at is null)
         and exists (select from facet where facet.entity_id = many_reference.target_id and deleted_at is null)`,
    )),
    ...(await list(
      'link',
      `select opportunity.id as opportunity, project.id as project, project_link.status from project_link
       join opportunity on opportunity.id = opportunity_id join project on project.id = project_id
       where opportunity.deleted_at is null and project.deleted_at is null and project_link.status <> 'SUGGESTED'`,
    )),
    ...(await list(
      'past',
      `select entity_id, kind, since, until, fields from past
       where exists (select from facet where facet.entity_id = past.entity_id and deleted_at is null)`,
    )),
    ...(await list('quarantine', 'select source_id, stream, external_id, error from quarantine')),
  );
  return lines.toSorted();
}

/** What one has and the other has not, as sentences, those about one thing side by side; the first twenty. */
export function difference(expected: readonly string[], found: readonly string[]): string[] {
  const [wanted, has] = [new Set(expected), new Set(found)];
  const lines = [
    ...[...wanted.difference(has)].map((line) => ({ line, side: 'missing' })),
    ...[...has.difference(wanted)].map((line) => ({ line, side: 'too much' })),
  ].toSorted((a, b) => (a.line < b.line ? -1 : 1));
  return [
    ...(expected.length === found.length ? [] : [`${expected.length} lines expected, ${found.length} found`]),
    ...lines.map(({ line, side }) => `${side} ${line}`),
  ].slice(0, 20);
}

/** A key of what was merged away means the survivor: the entities' own rows tell what a reference comes to. */
function withoutReferences({ kind, fields }: Row): Row {
  const known: Readonly<Record<string, Field>> = fieldsOf(kind as KindName);
  return Object.fromEntries(
    Object.entries(fields as Row).filter(([name]) => !['ref', 'refs'].includes(known[name]?.type ?? '')),
  );
}

/** References to several entities stand in the order of their ids, which differ from hub to hub. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value))
    return value.every((each) => typeof each === 'string') ? value.toSorted() : value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name, ordered(each)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
