import { sql, type RawBuilder } from 'kysely';

/**
 * Rows that hold between days, as periods of `whose` that do not overlap, from `from_on` to `to_on`: where two would hold,
 * the one that began later does, and when it has ended the other does again. `rows` is a query of `whose`, `id`,
 * `valid_from`, `valid_to` (both included, null for no end) and `columns`.
 */
export function validPeriods(rows: RawBuilder<unknown>, columns: readonly string[]): RawBuilder<unknown> {
  return sql`
    with given as materialized (
      select *, coalesce(valid_from, '-infinity') as from_on, coalesce(valid_to, 'infinity') as to_on from (${rows}) as told
    ), span as (
      select whose, from_on, coalesce(lead(from_on) over (partition by whose order by from_on) - 1, 'infinity') as to_on
      from (select whose, from_on from given union select whose, to_on + 1 from given where to_on < 'infinity') as edge
    )
    select distinct on (span.whose, span.from_on) span.whose, ${sql.join(columns.map((column) => sql.ref(`given.${column}`)))},
      span.from_on, span.to_on
    from span join given on given.whose = span.whose and span.from_on between given.from_on and given.to_on
    order by span.whose, span.from_on, given.from_on desc, id desc`;
}
