/** The last day on which the client may accept what was quoted on a day; both are local dates of the project. Pure. */
export function lastDayToAccept(quotedOn: string, validDays: number): string {
  return Temporal.PlainDate.from(quotedOn).add({ days: validDays }).toString();
}
