import type { Clock } from '@plumbline/connector';
import { sql, type RawBuilder } from 'kysely';
import { InputError } from './api-error.ts';
import { columnOf } from './columns.ts';
import type { Listable } from './listable.ts';
import { snapshotColumns } from './snapshot.ts';

/** Where a statement reads rows from: what stands before it, and what stands for the table. */
export interface ReadFrom {
  with: RawBuilder<unknown>;
  table: RawBuilder<unknown>;
}

export function asItIs(of: Listable): ReadFrom {
  return { with: sql``, table: sql.table(of.table) };
}

/** Throws InputError for what has not happened yet. */
export function requirePast(asOf: string | null | undefined, clock: Clock): void {
  if (!asOf || Temporal.Instant.compare(asOf, clock.now()) <= 0) return;
  throw new InputError('asOf', `\`asOf\` is ${asOf}, which is still to come.`, 'Give an instant in the past.');
}

/**
 * The rows of a kind as they were. Those that nothing has happened to since are the present ones; only the others are
 * put together, so the cost grows with what changed since then. See docs/decisions/0012.
 */
export function asItWas(of: Listable, instant: string): ReadFrom {
  const at = sql`${instant}::timestamptz`;
  const fields = Object.entries(of.fields);
  const columns = fields.flatMap(([name, field]) => {
    if (field.type === 'ref') return [{ name: columnOf(name, field), expression: sql.ref(columnOf(name, field)) }];
    return snapshotColumns(name, field).map((column) => ({
      name: column.name,
      expression: field.type === 'texts' ? sql`nullif(${column.expression}, 'null')` : column.expression,
    }));
  });
  const life = sql`custom_fields, first_seen_at, changed_at, deleted_at`;
  const names = sql.join(columns.map(({ name }) => sql.ref(name)));
  const values = sql.join(columns.map(({ name, expression }) => sql`${expression} as ${sql.ref(name)}`));
  return {
    with: sql`
      with moved as materialized (
        select entity_id as id from version where kind = ${of.name} and valid_from > ${at}
        union select entity_id from past where kind = ${of.name} and until > ${at}
      ), stood as materialized (
        select were.*${references(of)} from (${theirStates(of, at)} offset 0) as were
      )`,
    table: sql`(
      select id, ${names}, ${life} from ${sql.table(of.table)} as present
      where not exists (
        select 1 from version where version.entity_id = present.id and valid_from > ${at}
      ) and not exists (select 1 from past where past.entity_id = present.id and until > ${at})
      union all
      select id, ${values}, snapshot -> 'customFields', first_seen_at, changed_at, deleted_at from stood
    )`,
  };
}

/**
 * Each moved entity's snapshot at an instant: its first one, changed by every version that was valid by then in the
 * order they were learned, and overlaid by what the sources remember. It is absent when nothing says that it was there.
 */
function theirStates(of: Listable, at: RawBuilder<unknown>): RawBuilder<unknown> {
  const born = of.born === undefined ? sql`null` : sql`first.snapshot ->> ${sql.lit(of.born)}`;
  const changes = sql`
    select jsonb_object_agg(changed.name, coalesce(version.snapshot -> changed.name, 'null') order by version.seq)
    from version cross join lateral jsonb_array_elements_text(version.changed) as changed(name)
    where version.entity_id = moved.id and version.seq > first.seq and version.valid_from <= ${at}`;
  const remembered = sql`
    select jsonb_object_agg(told.name, coalesce((
      select each.value -> 1 from jsonb_array_elements(told.document -> 'values') with ordinality as each(value, position)
      where (each.value ->> 0)::timestamptz <= ${at} order by each.position desc limit 1
    ), 'null'))
    from jsonb_each(past.fields) as told(name, document)`;
  return sql`
    select moved.id, first.seen_at as first_seen_at, coalesce(latest.seen_at, first.seen_at) as changed_at,
      case when latest.operation in ('DELETED', 'MERGED') then latest.seen_at end as deleted_at,
      first.snapshot || case when latest.seq > first.seq then coalesce((${changes}), '{}') else '{}' end || coalesce((${remembered}), '{}') as snapshot
    from moved
    cross join lateral (
      select seq, seen_at, snapshot from version where entity_id = moved.id order by seq limit 1
    ) as first
    left join lateral (
      select seq, operation, seen_at from version where entity_id = moved.id and valid_from <= ${at} order by seq desc limit 1
    ) as latest on true
    left join past on past.entity_id = moved.id
    where latest.operation is not null or least((${born})::timestamptz, past.since) <= ${at}`;
}

/** References as columns, through merges: as everywhere, the id of one that was merged away gives the survivor. */
function references(of: Listable): RawBuilder<unknown> {
  const fields = Object.entries(of.fields).filter(([, field]) => field.type === 'ref');
  const columns = fields.map(([name, field]) => {
    const id = sql`(snapshot ->> ${sql.lit(name)})::uuid`;
    const column = sql.ref(columnOf(name, field));
    return sql`, coalesce((select survivor_id from merged_entity where merged_entity.id = ${id}), ${id}) as ${column}`;
  });
  return columns.length === 0 ? sql`` : sql.join(columns, sql``);
}
