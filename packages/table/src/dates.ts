/** Serial numbers count days from here, without a zone. */
const EPOCH = Temporal.PlainDate.from('1899-12-30');
const DAY_MS = 86_400_000;
/** Dates a business sheet can mean, 1950 to 2149; a number outside, such as the year 2025, is a typing mistake. */
const PLAUSIBLE = { from: 18_264, to: 91_310 };

/** A sheet's zone as Temporal takes it: Google writes zones it has no name for as "GMT-07:00". */
function zoneOf(timeZone: string): string {
  return timeZone.replace(/^GMT(?=[+-]\d\d:\d\d$)/, '');
}

/** A serial number as a local date and time, to the millisecond; null for what no date of a business is. */
export function dateTimeOfSerial(serial: number): Temporal.PlainDateTime | null {
  if (serial < PLAUSIBLE.from || serial >= PLAUSIBLE.to) return null;
  const days = Math.floor(serial);
  return EPOCH.add({ days })
    .toPlainDateTime()
    .add({ milliseconds: Math.round((serial - days) * DAY_MS) });
}

/** Text as a local date and time: ISO 8601 or the given form; null when it is neither. */
export function dateTimeOfText(text: string, format?: string): Temporal.PlainDateTime | null {
  const typed = text.trim();
  const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?$/.exec(typed);
  if (iso) return localDateTime(iso[1] ?? '', iso[2]);
  if (format === undefined) return null;
  const { pattern, tokens } = compile(format);
  const match = pattern.exec(typed);
  if (!match) return null;
  const part = (...names: string[]): string => {
    const at = tokens.findIndex((token) => names.includes(token));
    return at < 0 ? '0' : (match[at + 1] ?? '0');
  };
  const two = (...names: string[]): string => part(...names).padStart(2, '0');
  return localDateTime(
    `${part('yyyy')}-${two('MM', 'M')}-${two('dd', 'd')}`,
    `${two('HH', 'H')}:${two('mm')}:${two('ss')}`,
  );
}

/** An instant written with its own offset; null for a text that has none. */
export function instantOfText(text: string): Temporal.Instant | null {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(Z|[+-]\d\d:?\d\d)$/i.test(text.trim())) return null;
  try {
    return Temporal.Instant.from(text.trim());
  } catch {
    return null;
  }
}

/**
 * The instant of a local time in the sheet's zone. A time that the spring shift skips is moved on by the shift, one
 * that the autumn shift repeats is taken as the first.
 */
export function instantIn(dateTime: Temporal.PlainDateTime, timeZone: string): Temporal.Instant {
  return dateTime.toZonedDateTime(zoneOf(timeZone), { disambiguation: 'compatible' }).toInstant();
}

/** What is wrong with a configured form of dates; null when nothing is. */
export function formatProblem(format: string): string | null {
  const { tokens } = compile(format);
  const days = tokens.filter((token) => token === 'd' || token === 'dd').length;
  const months = tokens.filter((token) => token === 'M' || token === 'MM').length;
  const years = tokens.filter((token) => token === 'yyyy').length;
  const known = tokens.every((token) => FORMS[token] !== undefined);
  if (known && days === 1 && months === 1 && years === 1) return null;
  return 'wants yyyy, M or MM, d or dd once each, and for times H or HH, mm, ss, such as "dd.MM.yyyy HH:mm"';
}

const FORMS: Readonly<Record<string, string>> = {
  yyyy: '(\\d{4})',
  MM: '(\\d{2})',
  M: '(\\d{1,2})',
  dd: '(\\d{2})',
  d: '(\\d{1,2})',
  HH: '(\\d{2})',
  H: '(\\d{1,2})',
  mm: '(\\d{2})',
  ss: '(\\d{2})',
};

function compile(format: string): { pattern: RegExp; tokens: string[] } {
  const tokens: string[] = [];
  const source = format.replace(/([A-Za-z])\1*|[^A-Za-z]/g, (piece) => {
    if (!/[A-Za-z]/.test(piece)) return /\s/.test(piece) ? '\\s+' : `\\u{${piece.codePointAt(0)?.toString(16)}}`;
    tokens.push(piece);
    return FORMS[piece] ?? '';
  });
  return { pattern: new RegExp(`^${source}$`, 'u'), tokens };
}

function localDateTime(date: string, time = '00:00'): Temporal.PlainDateTime | null {
  try {
    return Temporal.PlainDateTime.from(`${date}T${time}`, { overflow: 'reject' });
  } catch {
    return null;
  }
}
