import { fieldsOf, kindNames, wordsOf, type Field, type KindName } from '@plumbline/connector';

/** What people call a field in the header of a column, beside its own name. */
const spoken: Readonly<Record<string, readonly string[]>> = {
  person: ['email', 'employee', 'consultant'],
  email: ['mail'],
  zone: ['time zone'],
  owner: ['seller', 'account manager'],
  manager: ['project manager', 'lead'],
  client: ['client domain', 'customer', 'account'],
  domains: ['domain'],
  code: ['key'],
  key: ['no', 'number', 'id'],
  title: ['name', 'subject'],
  billRate: ['price', 'daily rate'],
  costRate: ['cost'],
  validFrom: ['from', 'start'],
  validTo: ['to', 'until', 'end'],
  periodStart: ['from'],
  periodEnd: ['to'],
  base: ['from'],
  quote: ['to'],
  secondsPerDay: ['hours per day', 'hours'],
  plannedSeconds: ['planned hours', 'hours', 'effort'],
  plannedCost: ['cost budget', 'budget'],
  contractValue: ['contract', 'value', 'price'],
  priceDelta: ['price'],
  costDelta: ['cost'],
  effortDelta: ['effort', 'effort h', 'hours'],
  scheduleDeltaDays: ['days', 'delay'],
  submittedAt: ['submitted', 'date'],
  localDate: ['day', 'date'],
  seconds: ['hours', 'time'],
  from: ['start', 'valid from'],
  to: ['end', 'valid to', 'until'],
};

const tablesCalled: Readonly<Record<string, KindName>> = {
  people: 'person',
  team: 'person',
  timesheet: 'timeEntry',
  change: 'changeRequest',
  deal: 'opportunity',
  customer: 'client',
};

/** The kind that a table is named after: "Exchange rates" are exchangeRate. Null when its name says nothing. */
export function kindCalled(title: string): KindName | null {
  const words = wordsOf(title);
  const singular = words.map((word) => word.replace(/ies$/, 'y').replace(/s$/, '')).join(' ');
  const exact = kindNames.find((kind) => [words.join(' '), singular].includes(wordsOf(kind).join(' ')));
  const named = words.map((word) => tablesCalled[word] ?? tablesCalled[word.replace(/s$/, '')]).find((kind) => kind);
  return exact ?? named ?? null;
}

/** Which header is likely to hold which field, each header for one field. */
export function guessColumns(kind: KindName, headers: readonly string[]): ReadonlyMap<string, string> {
  const pairs = Object.keys(fieldsOf(kind))
    .flatMap((field) => headers.map((header) => ({ field, header, score: likeness(field, header) })))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score);
  const guessed = new Map<string, string>();
  for (const { field, header } of pairs) {
    if (guessed.has(field) || [...guessed.values()].includes(header)) continue;
    guessed.set(field, header);
  }
  return guessed;
}

function likeness(field: string, header: string): number {
  const said = wordsOf(header).join(' ');
  if (said === wordsOf(field).join(' ')) return 3;
  const also = (spoken[field] ?? []).indexOf(said);
  if (also >= 0) return 2 - also / 10;
  // "Start date" says start, and "Status of the deal" status.
  return wordsOf(field).every((word) => said.split(' ').includes(word)) ? 1 : 0;
}

/** The header that is most likely to tell the rows apart: the one called so, else the first. */
export function guessKey(headers: readonly string[]): string | null {
  const called = headers.find((header) => /^(id|key|no\.?|number|.* (id|key|no\.?)|e-?mail)$/i.test(header.trim()));
  return called ?? headers[0] ?? null;
}

/** The scheme of the keys that a reference's column is likely to hold. */
export function guessScheme(field: Pick<Field, 'target'>, header: string): string | null {
  const words = wordsOf(header);
  if (words.includes('domain')) return 'domain';
  if (words.includes('email') || words.includes('mail')) return 'email';
  return (
    { person: 'email', project: 'jira-project-key', client: 'domain', opportunity: 'hubspot-deal' }[
      field.target ?? ''
    ] ?? (['changeRequest', 'workItem', 'risk'].includes(field.target ?? '') ? 'jira-issue-key' : null)
  );
}

/** What one unit of a column of times is. */
export function guessUnit(header: string): 'hours' | 'days' | 'minutes' {
  const words = wordsOf(header);
  if (words.some((word) => ['minutes', 'min'].includes(word))) return 'minutes';
  if (words.some((word) => ['hours', 'hour', 'h', 'std'].includes(word))) return 'hours';
  return words.some((word) => ['days', 'pt', 'md', 'd'].includes(word)) ? 'days' : 'hours';
}

/** The scheme by which other systems know what a column of this kind of row holds; null when they do not. */
export function guessKeyScheme(kind: KindName, header: string): string | null {
  const words = wordsOf(header);
  const says = (...all: string[]): boolean => all.every((word) => words.includes(word));
  if (kind === 'person') return says('email') ? 'email' : says('jira', 'account') ? 'jira-account' : null;
  if (kind === 'client') return says('domain') ? 'domain' : null;
  if (kind === 'project') return says('key') || says('jira') ? 'jira-project-key' : null;
  if (kind === 'opportunity') return says('deal') || says('hubspot') ? 'hubspot-deal' : null;
  return ['changeRequest', 'workItem', 'risk'].includes(kind) && says('jira') ? 'jira-issue-key' : null;
}
