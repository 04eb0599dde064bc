import type { CellValue } from '@plumbline/google-sheets/emulator';
import type { HubSpotRecord } from '@plumbline/hubspot/emulator';
import type { JiraIssue, JiraProject, JiraUser, JiraWorklog } from '@plumbline/jira/emulator';
import { generateCompany, type Company } from './company.ts';
import { dealStages, jiraStatuses } from './vocabulary.ts';

/** A small company read whole, by looking at nothing but what the vendors hold. */
export interface Holdings {
  company: Company;
  today: string;
  deals: readonly HubSpotRecord[];
  companies: readonly HubSpotRecord[];
  lineItems: readonly HubSpotRecord[];
  companyOf: ReadonlyMap<string, string>;
  dealOfLineItem: ReadonlyMap<string, string>;
  ownerIsHere: ReadonlyMap<string, boolean>;
  projects: readonly JiraProject[];
  issues: ReadonlyMap<string, JiraIssue>;
  worklogs: readonly JiraWorklog[];
  users: ReadonlyMap<string, JiraUser>;
  rows(tab: string): SheetRow[];
}

/** A row by its headers; dates are texts, whatever the sheet keeps. */
type SheetRow = Readonly<Record<string, CellValue>>;

export function readHoldings(seed: string, today = '2026-11-20'): Holdings {
  const company = generateCompany({ seed, size: 'small', today });
  const hubspot = [...company.hubspot.batches()];
  const jira = [...company.jira.batches()];
  const records = hubspot.flatMap(({ records: each }) => each);
  const associations = hubspot.flatMap(({ associations: each }) => each);
  const to = (from: string): Map<string, string> =>
    new Map(associations.filter((one) => one.from.type === from).map((one) => [one.from.id, one.to.id]));
  return {
    company,
    today,
    deals: records.filter(({ type }) => type === 'deals'),
    companies: records.filter(({ type }) => type === 'companies'),
    lineItems: records.filter(({ type }) => type === 'line_items'),
    companyOf: to('deals'),
    dealOfLineItem: to('line_items'),
    ownerIsHere: new Map(company.hubspot.portal.owners.map(({ id, archived }) => [id, !archived])),
    projects: jira.flatMap(({ projects }) => projects),
    issues: new Map(jira.flatMap(({ issues }) => issues).map((issue) => [issue.id, issue])),
    worklogs: jira.flatMap(({ worklogs }) => worklogs),
    users: new Map(company.jira.site.users.map((user) => [user.accountId, user])),
    rows: (tab) => sheetRows(company, tab),
  };
}

function sheetRows({ google }: Company, title: string): SheetRow[] {
  const tab = google.spreadsheets.flatMap(({ tabs }) => tabs).find((each) => each.title === title);
  if (!tab) throw new RangeError(`no tab ${title}`);
  const headerAt = tab.rows.findIndex((row) => row.length > 2);
  const headers = (tab.rows[headerAt] ?? []).map(String);
  return tab.rows
    .slice(headerAt + 1)
    .filter((row) => row.length > 0)
    .map((row) =>
      Object.fromEntries(
        headers.map((header, index) => {
          const cell = row[index] ?? null;
          const isDate = tab.formats?.[index] === 'DATE' && typeof cell === 'number';
          return [header, isDate ? Temporal.PlainDate.from('1899-12-30').add({ days: cell }).toString() : cell];
        }),
      ),
    );
}

export function property(deal: HubSpotRecord, name: string): string {
  return deal.properties[name] ?? '';
}

export function stateOf(deal: HubSpotRecord): string {
  return dealStages.find(({ id }) => id === property(deal, 'dealstage'))?.state ?? 'none';
}

export function isOpen(deal: HubSpotRecord): boolean {
  return !['WON', 'LOST', 'NO_DECISION'].includes(stateOf(deal));
}

/** The day of a moment where the portal is. */
export function portalDay(moment: string | number): string {
  const instant =
    typeof moment === 'number' ? Temporal.Instant.fromEpochMilliseconds(moment) : Temporal.Instant.from(moment);
  return instant.toZonedDateTimeISO('Europe/Berlin').toPlainDate().toString();
}

export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(to).days;
}

export function changeRequestState({ statusId }: JiraIssue): string {
  return jiraStatuses.changeRequest.find(({ id }) => id === statusId)?.state ?? 'none';
}

/** The day, in UTC, on which an issue entered a status; undefined when it never did. */
export function enteredOn(issue: JiraIssue, status: string): string | undefined {
  const entry = issue.history.find(({ items }) =>
    items.some((item) => item.field === 'status' && nameOf(item) === status),
  );
  return entry && Temporal.Instant.fromEpochMilliseconds(entry.at).toString().slice(0, 10);
}

/** The name of the status an issue had at a moment, in epoch milliseconds; what it was created in before its first change. */
export function statusAt(issue: JiraIssue, at: number): string | null {
  const changes = issue.history.flatMap((entry) =>
    entry.items.filter(({ field }) => field === 'status').map((item) => ({ at: entry.at, item })),
  );
  const last = changes.findLast((each) => each.at <= at);
  return last ? nameOf(last.item) : (changes[0]?.item.fromString ?? null);
}

/** A change item has a member called `toString`, which is a text. */
function nameOf(item: JiraIssue['history'][number]['items'][number]): string | null {
  return item.toString;
}

export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
