import type { Clock, Field } from '@plumbline/connector';
import { sql, type RawBuilder } from 'kysely';
import { InputError } from './api-error.ts';
import { columnOf } from './columns.ts';
import type { Kind } from './kind.ts';
import type { PastTable } from './past-tables.ts';
import { snapshotColumns } from './snapshot.ts';

/** Throws InputError for what has not happened yet. */
export function requirePast(asOf: string | null | undefined, clock: Clock): void {
  if (!asOf || Temporal.Instant.compare(asOf, clock.now()) <= 0) return;
  throw new InputError('asOf', `\`asOf\` is ${asOf}, which is still to come.`, 'Give an instant in the past.');
}

/**
 * Every kind's table as it was, and the references between them. Rows that nothing has happened to since are the present
 * ones; only the others are put together, so the cost grows with what changed since then. See docs/decisions/0012.
 */
export function pastKinds(kinds: readonly Kind[]): PastTable[] {
  return [
    ...kinds.flatMap((kind) => [
      { name: movedOf(kind), once: true, rows: (at: RawBuilder<unknown>) => moved(kind, at) },
      {
        name: stoodOf(kind),
        of: [movedOf(kind)],
        once: true,
        rows: (at: RawBuilder<unknown>) =>
          sql`select were.*${references(kind)} from (${theirStates(kind, at)} offset 0) as were`,
      },
      { name: kind.table, of: [stoodOf(kind)], rows: (at: RawBuilder<unknown>) => rowsAsTheyWere(kind, at) },
    ]),
    {
      name: 'many_reference',
      of: kinds.filter(namesMany).flatMap((kind) => [movedOf(kind), stoodOf(kind)]),
      rows: () => manyReferences(kinds.filter(namesMany)),
    },
    { name: 'past', rows: remembered },
    { name: 'version', rows: (at) => sql`select * from version as present where valid_from <= ${at}` },
  ];
}

const movedOf = (kind: Kind): string => `${kind.table}_moved`;
const stoodOf = (kind: Kind): string => `${kind.table}_stood`;
const fieldsOf = (kind: Kind, type: Field['type']): [string, Field][] =>
  Object.entries(kind.fields).filter(([, field]) => field.type === type);
const namesMany = (kind: Kind): boolean => fieldsOf(kind, 'refs').length > 0;

/** What something happened to since. */
function moved(kind: Kind, at: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select entity_id as id from version where kind = ${sql.lit(kind.name)} and valid_from > ${at}
    union select entity_id from past where kind = ${sql.lit(kind.name)} and until > ${at}`;
}

function rowsAsTheyWere(kind: Kind, at: RawBuilder<unknown>): RawBuilder<unknown> {
  const columns = Object.entries(kind.fields).flatMap(([name, field]) => {
    if (field.type === 'ref') return [{ name: columnOf(name, field), expression: sql.ref(columnOf(name, field)) }];
    return snapshotColumns(name, field).map((column) => ({
      name: column.name,
      expression: field.type === 'texts' ? sql`nullif(${column.expression}, 'null')` : column.expression,
    }));
  });
  const names = sql.join(columns.map(({ name }) => sql.ref(name)));
  const values = sql.join(columns.map(({ name, expression }) => sql`${expression} as ${sql.ref(name)}`));
  const life = sql`custom_fields, first_seen_at, changed_at, deleted_at`;
  return sql`
    select id, ${names}, ${life} from ${sql.table(kind.table)} as present
    where not exists (
      select 1 from version where kind = ${sql.lit(kind.name)} and version.entity_id = present.id and valid_from > ${at}
    ) and not exists (
      select 1 from past where kind = ${sql.lit(kind.name)} and past.entity_id = present.id and until > ${at}
    )
    union all
    select id, ${values}, snapshot -> 'customFields', first_seen_at, changed_at, deleted_at from ${sql.table(stoodOf(kind))}`;
}

/**
 * Each moved entity's snapshot at an instant: its first one, changed by every version that was valid by then in the
 * order they were learned, and overlaid by what the sources remember. It is absent when nothing says that it was there, and
 * when it became another one before the hub had seen it.
 */
function theirStates(kind: Kind, at: RawBuilder<unknown>): RawBuilder<unknown> {
  const born = kind.born === undefined ? sql`null` : sql`first.snapshot ->> ${sql.lit(kind.born)}`;
  const changes = sql`
    select jsonb_object_agg(changed.name, coalesce(version.snapshot -> changed.name, 'null') order by version.seq)
    from version cross join lateral jsonb_array_elements_text(version.changed) as changed(name)
    where version.entity_id = moved.id and version.seq > first.seq and version.valid_from <= ${at}`;
  const told = sql`
    select jsonb_object_agg(told.name, coalesce((
      select each.value -> 1 from jsonb_array_elements(told.document -> 'values') with ordinality as each(value, position)
      where (each.value ->> 0)::timestamptz <= ${at} order by each.position desc limit 1
    ), 'null'))
    from jsonb_each(past.fields) as told(name, document)`;
  return sql`
    select moved.id, first.seen_at as first_seen_at, coalesce(latest.seen_at, first.seen_at) as changed_at,
      case when latest.operation in ('DELETED', 'MERGED') then latest.seen_at end as deleted_at,
      first.snapshot || case when latest.seq > first.seq then coalesce((${changes}), '{}') else '{}' end || coalesce((${told}), '{}') as snapshot
    from ${sql.table(movedOf(kind))} as moved
    cross join lateral (
      select seq, seen_at, snapshot from version where entity_id = moved.id order by seq limit 1
    ) as first
    left join lateral (
      select seq, operation, seen_at from version where entity_id = moved.id and valid_from <= ${at} order by seq desc limit 1
    ) as latest on true
    left join past on past.entity_id = moved.id
    where (latest.operation is not null or least((${born})::timestamptz, past.since) <= ${at})
      and not exists (select 1 from merged_entity where merged_entity.id = moved.id and first.seen_at > ${at})`;
}

/** References as columns. */
function references(kind: Kind): RawBuilder<unknown> {
  const columns = fieldsOf(kind, 'ref').map(([name, field]) => {
    const id = throughMerges(sql`(snapshot ->> ${sql.lit(name)})::uuid`);
    return sql`, ${id} as ${sql.ref(columnOf(name, field))}`;
  });
  return columns.length === 0 ? sql`` : sql.join(columns, sql``);
}

/** As everywhere, the id of one that was merged away gives the survivor: who is who is as it is known now. */
function throughMerges(id: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`coalesce((select survivor_id from merged_entity where merged_entity.id = ${id}), ${id})`;
}

function manyReferences(kinds: readonly Kind[]): RawBuilder<unknown> {
  const unmoved = kinds.map(
    (kind) => sql`not exists (select 1 from ${sql.table(movedOf(kind))} as moved where moved.id = present.entity_id)`,
  );
  const stood = kinds.flatMap((kind) =>
    fieldsOf(kind, 'refs').map(([name]) => {
      const list = sql`snapshot -> ${sql.lit(name)}`;
      return sql`
        union select ${sql.lit(kind.name)}, ${throughMerges(sql`stood.id`)}, ${sql.lit(name)}, ${throughMerges(sql`each.id::uuid`)}
        from ${sql.table(stoodOf(kind))} as stood cross join lateral jsonb_array_elements_text(
          case when jsonb_typeof(${list}) = 'array' then ${list} else '[]' end) as each(id)`;
    }),
  );
  return sql`
    select kind, entity_id, field, target_id from many_reference as present where ${sql.join(unmoved, sql` and `)}
    ${sql.join(stood, sql` `)}`;
}

/** What the sources remembered then: the values that had begun. */
function remembered(at: RawBuilder<unknown>): RawBuilder<unknown> {
  const values = sql`
    select jsonb_agg(each.value order by each.position) from jsonb_array_elements(told.document -> 'values') with ordinality as each(value, position)
    where (each.value ->> 0)::timestamptz <= ${at}`;
  return sql`
    select entity_id, kind, since, until, fields from past as present where until <= ${at}
    union all
    select entity_id, kind, since, ${at}, begun.fields from past as present cross join lateral (
      select jsonb_object_agg(told.name, told.document || jsonb_build_object('values', had.values)) as fields
      from jsonb_each(present.fields) as told(name, document) cross join lateral (select (${values}) as values) as had
      where had.values is not null
    ) as begun where until > ${at} and since <= ${at}`;
}
