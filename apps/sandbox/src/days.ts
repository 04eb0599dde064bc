/** A calendar day as a whole number: days since 1970-01-01. Arithmetic on 1.5 million worklogs stays cheap. */
export type Day = number;

const secondsPerDay = 86_400;
const texts = new Map<Day, string>();
const offsets = new Map<string, Map<Day, number>>();

export function dayOf(date: string): Day {
  return Temporal.PlainDate.from('1970-01-01').until(date).days;
}

/** "2026-11-20" */
export function dateText(day: Day): string {
  let text = texts.get(day);
  if (text === undefined) {
    text = Temporal.PlainDate.from('1970-01-01').add({ days: day }).toString();
    texts.set(day, text);
  }
  return text;
}

/** The number a spreadsheet keeps for a date: days since 1899-12-30. */
export function serialDate(day: Day): number {
  return day + 25_569;
}

/** Monday to Friday; the firm keeps no other holidays. */
export function isBusinessDay(day: Day): boolean {
  const sinceMonday = (day + 3) % 7;
  return sinceMonday < 5;
}

/** The given day when it is a business day, else the next one. */
export function businessDayFrom(day: Day): Day {
  let found = day;
  while (!isBusinessDay(found)) found += 1;
  return found;
}

/** The given day when it is a business day, else the one before. */
export function businessDayUntil(day: Day): Day {
  let found = day;
  while (!isBusinessDay(found)) found -= 1;
  return found;
}

/** The business day so many business days later. */
export function addBusinessDays(day: Day, count: number): Day {
  let reached = day;
  for (let left = count; left > 0; left -= 1) reached = businessDayFrom(reached + 1);
  return reached;
}

/** Business days after `from` up to and with `to`. */
export function businessDaysBetween(from: Day, to: Day): number {
  let count = 0;
  for (let day = from + 1; day <= to; day += 1) if (isBusinessDay(day)) count += 1;
  return count;
}

/** Epoch milliseconds of a wall-clock time; the zone's offset is the one at noon of that day. */
export function instantAt(day: Day, secondOfDay: number, zone: string): number {
  return (day * secondsPerDay + secondOfDay - offsetMinutes(day, zone) * 60) * 1_000;
}

/** A moment of a day's office hours by UTC: early in Tokyo's evening, before New York wakes up. */
export function utcTime(day: Day, hour: number, minute = 0): number {
  return instantAt(day, hour * 3_600 + minute * 60, 'UTC');
}

/** Jira's form of a moment with the writer's own offset: "2026-04-28T15:33:31.000+0200". */
export function offsetTimestamp(day: Day, secondOfDay: number, zone: string): string {
  const offset = offsetMinutes(day, zone);
  const size = Math.abs(offset);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const time = `${two(secondOfDay / 3_600)}:${two((secondOfDay / 60) % 60)}:${two(secondOfDay % 60)}.000`;
  return `${dateText(day)}T${time}${offset < 0 ? '-' : '+'}${two(size / 60)}${two(size % 60)}`;
}

/** "2026-04-28T13:33:31.000Z" */
export function instantText(epochMilliseconds: number): string {
  const day = Math.floor(epochMilliseconds / 1_000 / secondsPerDay);
  return offsetTimestamp(day, Math.floor(epochMilliseconds / 1_000) - day * secondsPerDay, 'UTC').replace('+0000', 'Z');
}

function offsetMinutes(day: Day, zone: string): number {
  let ofZone = offsets.get(zone);
  if (!ofZone) offsets.set(zone, (ofZone = new Map()));
  let offset = ofZone.get(day);
  if (offset === undefined) {
    const noon = Temporal.PlainDate.from(dateText(day)).toZonedDateTime({ timeZone: zone, plainTime: '12:00' });
    offset = noon.offsetNanoseconds / 60e9;
    ofZone.set(day, offset);
  }
  return offset;
}
