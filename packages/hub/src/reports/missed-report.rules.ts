/** When a project was to be reported on, and what is known of it. */
export interface ReportingCycle {
  /** Calendar days from one report to the next, as its statement of work says. */
  cycleDays: number;
  /** The day its reporting begins: of acceptance, or of the first work where that is later. */
  begins: string;
  /** The day of the last report; null where there never was one. */
  lastReport: string | null;
}

/** The day the next report is due, counted from the last one or from the beginning. Pure. */
export function dueDay({ cycleDays, begins, lastReport }: ReportingCycle): string {
  const from = lastReport !== null && lastReport > begins ? lastReport : begins;
  return Temporal.PlainDate.from(from).add({ days: cycleDays }).toString();
}

/** How many reports should have been there by the end of the day before today and were not. Pure. */
export function missedReports(cycle: ReportingCycle, today: string): number {
  const late = Temporal.PlainDate.from(dueDay(cycle)).until(today, { largestUnit: 'days' }).days;
  return late <= 0 ? 0 : 1 + Math.floor((late - 1) / cycle.cycleDays);
}

/** The days of so many missed reports. Pure. */
export function missedDays({
  dueOn,
  cycleDays,
  missed,
}: {
  dueOn: string;
  cycleDays: number;
  missed: number;
}): string[] {
  const first = Temporal.PlainDate.from(dueOn);
  return Array.from({ length: missed }, (_, index) => first.add({ days: index * cycleDays }).toString());
}
