import { sql, type RawBuilder } from 'kysely';

/**
 * What one unit of `base` is worth in `quote`, `times / per`, from `from_on` to `to_on`: rows that never overlap, and
 * leave no gap behind the first, to be joined by a day. Where nobody says it directly it is the other way round, or goes over a third currency that both are
 * known in, the first by name. A pair that no rates connect is missing, and so is a day before its first rate.
 * `into` is a list or a query of the quotes that are wanted: the fewer, the sooner.
 */
export const exchangePeriods = (into: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  with told as (
    select base, quote, valid_on, rate as times, 1::numeric as per, id from exchange_rate
    where deleted_at is null and rate > 0 and valid_on is not null
    union all
    select quote, base, valid_on, 1::numeric, rate, id from exchange_rate
    where deleted_at is null and rate > 0 and valid_on is not null
      and not exists (
        select 1 from exchange_rate as direct where direct.base = exchange_rate.quote and direct.quote = exchange_rate.base
          and direct.deleted_at is null
      )
  ), each_day as (
    select distinct on (base, quote, valid_on) base, quote, valid_on, times, per from told order by base, quote, valid_on, id
  ), known as materialized (
    select base, quote, times, per, valid_on as from_on,
      coalesce(lead(valid_on) over (partition by base, quote order by valid_on) - 1, 'infinity'::date) as to_on
    from each_day
  ), pair as materialized (
    select distinct base, quote from known
  ), pivot as (
    select one.base, other.quote, min(one.quote) as over from pair as one join pair as other on other.base = one.quote
    where one.base <> other.quote and other.quote in (${into})
      and not exists (select 1 from pair where pair.base = one.base and pair.quote = other.quote)
    group by one.base, other.quote
  )
  select base, quote, times, per, from_on, to_on from known where quote in (${into})
  union all
  select pivot.base, pivot.quote, one.times * other.times, one.per * other.per, greatest(one.from_on, other.from_on),
    least(one.to_on, other.to_on)
  from pivot join known as one on one.base = pivot.base and one.quote = pivot.over
  join known as other on other.base = pivot.over and other.quote = pivot.quote
    and other.from_on <= one.to_on and one.from_on <= other.to_on`;

/**
 * A query's rows, which have an `amount`, a `currency` and a `day`, with the amount `converted` at the rate of that day;
 * null where there is none, never as if both were worth the same. What a division leaves without an end has at least 18
 * decimal places.
 */
export function convertAmounts({ from, into }: { from: RawBuilder<unknown>; into: string }): RawBuilder<unknown> {
  return sql`
    with exchange as materialized (${exchangePeriods(sql`${into}::text`)})
    select given.*, case when given.currency = ${into} then given.amount
      else trim_scale(round(given.amount * exchange.times, 18) / exchange.per) end as converted
    from (${from}) as given
    left join exchange on exchange.base = given.currency and exchange.quote = ${into}
      and given.currency <> ${into} and given.day between exchange.from_on and exchange.to_on`;
}
