import { InputError } from '../kernel/api-error.ts';
import { decimal, type Decimal } from '../kernel/decimal.ts';
import { workingDaysBetween, type Calendars } from '../people/calendar.ts';

/** Planned cost of everything that is to be done by the end of a day: decimal text. */
export interface PlannedValue {
  on: string;
  value: string;
}

/** When a plan's cost falls due: by its curve, or evenly from start to end. */
export interface CostPlan {
  plannedCost: string | null;
  start: string | null;
  end: string | null;
  plannedValues: readonly PlannedValue[] | null;
}

type WorkCalendar = Calendars[string];

const PLACES = 18;

/** The points of a plan's curve: its own, or from nothing on the day before the start to everything at the end. Pure. */
export function curveOf({ plannedCost, start, end, plannedValues }: CostPlan): readonly PlannedValue[] {
  if (plannedValues) return plannedValues;
  if (plannedCost === null || start === null || end === null || end < start) return [];
  return [
    { on: dayBefore(start), value: '0' },
    { on: end, value: plannedCost },
  ];
}

/**
 * What was to be done by the end of a day; between two points it grows evenly over working days. 0 before the first
 * point; null without a curve. Pure.
 */
export function plannedValueOn(curve: readonly PlannedValue[], day: string, calendar: WorkCalendar): string | null {
  if (curve.length === 0) return null;
  const next = curve.findIndex(({ on }) => on > day);
  if (next === 0) return '0';
  const [before, after] = [curve.at(next === -1 ? -1 : next - 1), next === -1 ? undefined : curve[next]];
  if (!before) return null;
  if (!after) return before.value;
  const grown = evenly(decimal(after.value).minus(before.value), { from: before.on, to: after.on, day, calendar });
  return decimal(before.value).plus(grown).toDecimalPlaces(PLACES).toFixed();
}

/** The part of an amount that falls on the working days up to a day; all of it where there are none. */
function evenly(
  amount: Decimal,
  { from, to, day, calendar }: { from: string; to: string; day: string; calendar: WorkCalendar },
): Decimal {
  if (day <= from) return decimal(0);
  if (day >= to) return amount;
  const all = workingDaysBetween(from, to, calendar);
  return all === 0 ? decimal(0) : amount.times(workingDaysBetween(from, day, calendar)).div(all);
}

/**
 * The curve of a plan that is raised: what was planned stays as it was, and what is added falls due evenly from the day
 * of the signature to the new end. Null where the plan has no curve. Pure.
 */
export function raisedCurve(
  plan: CostPlan,
  added: { cost: string; signedOn: string; end: string; calendar: WorkCalendar },
): PlannedValue[] | null {
  const curve = curveOf(plan);
  const last = curve.at(-1);
  if (!last) return null;
  const { calendar, signedOn } = added;
  const end = [added.end, last.on, signedOn].toSorted().at(-1) ?? last.on;
  // Where no working day is left to spread it over, it falls due at once.
  const atOnce = workingDaysBetween(signedOn, end, calendar) === 0 ? [dayBefore(end)] : [];
  const days = [...new Set([...curve.map(({ on }) => on), signedOn, ...atOnce, end])].toSorted();
  return days.map((on) => {
    const more = evenly(decimal(added.cost), { from: signedOn, to: end, day: on, calendar });
    const value = decimal(plannedValueOn(curve, on, calendar) ?? 0).plus(on === end ? added.cost : more);
    return { on, value: value.toDecimalPlaces(PLACES).toFixed() };
  });
}

function dayBefore(day: string): string {
  return Temporal.PlainDate.from(day).subtract({ days: 1 }).toString();
}

/** Throws InputError unless the points are in order, never fall, and end at the planned cost. */
export function checkCurve(curve: readonly PlannedValue[], plannedCost: string | null): void {
  const refuse = (message: string, remedy: string): never => {
    throw new InputError('plannedValues', message, remedy);
  };
  const last = curve.at(-1);
  if (!last) return refuse('There are no points.', 'Give at least the last one, or leave the argument out.');
  for (const [index, { on, value }] of curve.entries()) {
    const before = curve[index - 1];
    if (decimal(value).isNegative()) return refuse(`The value on ${on} is below 0.`, 'Values are cumulative.');
    if (before && before.on >= on) return refuse(`${on} does not come after ${before.on}.`, 'Give the days in order.');
    if (before && decimal(value).lessThan(before.value))
      return refuse(`The value falls on ${on}.`, 'Values are cumulative: each is what is to be done by then.');
  }
  if (plannedCost === null)
    return refuse('Nobody says what the work is planned to cost.', 'Give `plannedCost` as well.');
  if (!decimal(last.value).equals(plannedCost))
    return refuse(`The last value is ${last.value}, the planned cost ${plannedCost}.`, 'End with the planned cost.');
}
