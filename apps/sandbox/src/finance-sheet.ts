import type { Spreadsheet } from '@plumbline/google-sheets/emulator';
import { dateText, type Day } from './days.ts';
import { currencies, eurosPerUnit, quoted } from './money.ts';
import type { Client, Person, Project, RatePeriod } from './plan.ts';
import { dateColumn, sheetTab, type Column } from './sheet-tab.ts';
import { headOffice } from './vocabulary.ts';

export const financeSheetId = 'sandbox-finance';

export interface FinanceRows {
  people: readonly Person[];
  /** With a client. */
  projects: readonly Project[];
  clients: readonly Client[];
  today: Day;
}

interface RateRow extends RatePeriod {
  person: Person;
}
interface QuotaRow {
  seller: Person;
  from: string;
  to: string;
}
interface TargetRow {
  metric: string;
  from: string;
  value: number;
}
interface ExchangeRow {
  base: string;
  on: string;
  rate: number;
}

/** What finance keeps: rates, budgets, quotas, exchange rates, targets, and whom invoices go to. */
export function financeSheet({ people, projects, clients, today }: FinanceRows): Spreadsheet {
  const sellers = people.filter(({ role, leftOn }) => role === 'Seller' && leftOn === null);
  return {
    spreadsheetId: financeSheetId,
    title: 'Finance',
    locale: 'en_GB',
    timeZone: headOffice.zone,
    tabs: [
      sheetTab({ sheetId: 201, title: 'Rates', heading: 'Confidential' }, rateColumns, rateRows(people)),
      sheetTab({ sheetId: 202, title: 'Budgets' }, budgetColumns, projects),
      sheetTab({ sheetId: 203, title: 'Quotas' }, quotaColumns, quotaRows(sellers, today)),
      sheetTab({ sheetId: 204, title: 'Exchange rates' }, exchangeColumns, exchangeRows(today)),
      sheetTab(
        { sheetId: 205, title: 'Clients' },
        clientColumns,
        clients.filter(({ listed }) => listed !== null),
      ),
      sheetTab({ sheetId: 206, title: 'Targets' }, targetColumns, targetRows(today)),
    ],
  };
}

/** One row for each person and validity. */
export function rateRows(people: readonly Person[]): RateRow[] {
  return people.flatMap((person) => person.rates.map((rate) => ({ ...rate, person })));
}

/** The quarter of today and the one before, for every seller. */
export function quotaRows(sellers: readonly Person[], today: Day): QuotaRow[] {
  const first = Temporal.PlainDate.from(dateText(today)).with({ day: 1 });
  const quarter = first.subtract({ months: (first.month - 1) % 3 });
  return [quarter.subtract({ months: 3 }), quarter].flatMap((start) =>
    sellers.map((seller) => ({
      seller,
      from: start.toString(),
      to: start.add({ months: 3 }).subtract({ days: 1 }).toString(),
    })),
  );
}

/** What the firm is to reach, from the year of today on. */
export function targetRows(today: Day): TargetRow[] {
  const from = `${dateText(today).slice(0, 4)}-01-01`;
  return [
    { metric: 'margin', from, value: 0.35 },
    { metric: 'netUtilisation', from, value: 0.75 },
    { metric: 'winRate', from, value: 0.4 },
  ];
}

/** A rate to euros for every other currency and each of the last 14 months. */
export function exchangeRows(today: Day): ExchangeRow[] {
  const month = Temporal.PlainDate.from(dateText(today)).with({ day: 1 });
  return currencies
    .filter((base) => base !== headOffice.currency)
    .flatMap((base) =>
      Array.from({ length: 14 }, (_, back) => {
        // A slow swing of up to three percent, other for each currency.
        const swing = 1 + 0.03 * Math.sin(back / 2 + (base.codePointAt(0) ?? 0));
        return {
          base,
          on: month.subtract({ months: 13 - back }).toString(),
          rate: Number((eurosPerUnit[base] * swing).toPrecision(5)),
        };
      }),
    );
}

const rateColumns: readonly Column<RateRow>[] = [
  { header: 'Rate ID', format: 'TEXT', cell: ({ person, from }) => `${person.number}/${dateText(from)}` },
  { header: 'E-mail', cell: ({ person }) => person.email },
  { header: 'Bill rate', format: 'NUMBER', cell: ({ bill }) => bill },
  { header: 'Cost rate', format: 'NUMBER', cell: ({ cost }) => cost },
  { header: 'Currency', cell: ({ person }) => person.region.currency },
  dateColumn('Valid from', ({ from }) => from),
  dateColumn('Valid to', ({ to }) => to),
];

const budgetColumns: readonly Column<Project>[] = [
  { header: 'Project', format: 'TEXT', cell: ({ key }) => key },
  { header: 'Contract value', format: 'NUMBER', cell: ({ contractValue }) => contractValue },
  { header: 'Planned cost', format: 'NUMBER', cell: ({ plannedCost }) => plannedCost },
  { header: 'Currency', cell: ({ currency }) => currency },
  { header: 'Planned hours', format: 'NUMBER', cell: ({ plannedHours }) => plannedHours },
  dateColumn('Valid from', ({ start }) => start),
  { header: 'Signed', cell: ({ index }) => index % 3 !== 0 },
];

const quotaColumns: readonly Column<QuotaRow>[] = [
  { header: 'Quota', format: 'TEXT', cell: ({ seller, from }) => `${seller.number}/${from.slice(0, 7)}` },
  { header: 'Seller', cell: ({ seller }) => seller.email },
  { header: 'From', cell: ({ from }) => from },
  { header: 'To', cell: ({ to }) => to },
  { header: 'Amount', format: 'NUMBER', cell: ({ seller }) => quoted(250_000 + (seller.number % 5) * 50_000, 'EUR') },
  { header: 'Currency', cell: () => 'EUR' },
];

const exchangeColumns: readonly Column<ExchangeRow>[] = [
  { header: 'Pair and month', format: 'TEXT', cell: ({ base, on }) => `${base}-EUR ${on.slice(0, 7)}` },
  { header: 'From', cell: ({ base }) => base },
  { header: 'To', cell: () => headOffice.currency },
  { header: 'Valid on', cell: ({ on }) => on },
  { header: 'Rate', format: 'NUMBER', cell: ({ rate }) => rate },
];

const targetColumns: readonly Column<TargetRow>[] = [
  { header: 'Figure', format: 'TEXT', cell: ({ metric }) => metric },
  { header: 'From', cell: ({ from }) => from },
  { header: 'Target', format: 'NUMBER', cell: ({ value }) => value },
];

const clientColumns: readonly Column<Client>[] = [
  { header: 'Account', format: 'TEXT', cell: ({ number }) => `D${String(number).padStart(6, '0')}` },
  { header: 'Name', cell: ({ listed }) => listed?.name ?? null },
  { header: 'Domain', cell: ({ listed }) => listed?.domain ?? null },
  { header: 'Currency', cell: ({ region }) => region.currency },
  { header: 'Country', cell: ({ region }) => region.country },
];
