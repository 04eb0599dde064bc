import { decimal } from '../kernel/decimal.ts';
import { present, readFrom, type PresentedMetric } from '../kernel/metric.graphql.ts';
import { allocationRatio, demandRatio } from '../projects/allocation.metrics.ts';
import { workLoad } from '../time/load.metrics.ts';
import { percent, type EarlyWarning } from './early-warning.rules.ts';
import type { WarningLimits } from './early-warning.settings.ts';
import type { OverbookedWeek, OverloadedWeeks } from './overload.store.ts';

/** A week's hard bookings beyond their limit, or else all of its bookings beyond theirs. Pure. */
export function bookingWarning(of: OverbookedWeek, { allocation }: WarningLimits): EarlyWarning {
  const { hard, soft, capacity, week } = of;
  const isPromised = decimal(hard).greaterThan(decimal(capacity).times(allocation.hard));
  const figure = isPromised
    ? present(allocationRatio, { hardSeconds: hard, capacitySeconds: capacity })
    : present(demandRatio, { hardSeconds: hard, softSeconds: soft, capacitySeconds: capacity });
  const metric = readFrom(['allocation', 'capacity', 'person'], figure);
  const hours = inHours(isPromised ? hard : hard + soft);
  return {
    code: isPromised ? 'OVER_ALLOCATION' : 'SOFT_DEMAND',
    subject: { kind: 'person', id: of.person_id },
    message: `${isPromised ? 'Promised' : 'Wanted'} for ${hours} of ${inHours(capacity)} hours in the week of ${week}${byShare(metric)}.`,
    metric,
    threshold: isPromised ? allocation.hard : allocation.all,
    period: { from: week, to: Temporal.PlainDate.from(week).add({ days: 6 }).toString() },
    causes: of.allocation_ids.map((id) => ({ kind: 'allocation', id })),
  };
}

/** Weeks in a row beyond the limit. Pure. */
export function loadWarning(
  { person_id, weeks, time_entry_ids }: OverloadedWeeks,
  { load }: WarningLimits,
): EarlyWarning {
  const metric = readFrom(['timeEntry', 'capacity', 'person'], present(workLoad, { weeks }));
  const [first, last] = [weeks[0]?.week ?? '', weeks.at(-1)?.week ?? ''];
  return {
    code: 'OVERLOAD',
    subject: { kind: 'person', id: person_id },
    message: `For ${weeks.length} weeks in a row more was worked than ${percent(load.share)} of the working time${byShare(metric)}.`,
    metric,
    threshold: load.share,
    period: { from: first, to: Temporal.PlainDate.from(last).add({ days: 6 }).toString() },
    causes: time_entry_ids.map((id) => ({ kind: 'timeEntry', id })),
  };
}

function byShare({ figure }: PresentedMetric): string {
  return figure.value === null ? '' : `, ${percent(figure.value)}`;
}

function inHours(seconds: number): string {
  return decimal(seconds).div(3_600).toDecimalPlaces(1).toFixed();
}
