import type { CellValue, Spreadsheet } from '../emulator/index.ts';
import type { GoogleSheetsConfigInput } from '../src/index.ts';

export const rateRows: CellValue[][] = [
  ['Key', 'Role', 'Person', 'Bill rate', 'Cost rate', 'From', 'Note'],
  ['dev-2026', 'Developer', 'Ada@Example.com', 150, 90.5, 46023, 'with a trailing note'],
  ['pm-2026', 'Project manager', null, 180, 110, 46023],
  ['qa-2026', 'Tester', null, 120, 70, 46054],
];

/** A fresh copy for each test. */
export function ratesSpreadsheet(rows: readonly (readonly CellValue[])[] = rateRows): Spreadsheet {
  return {
    spreadsheetId: 'rates-2026',
    title: 'Rates 2026',
    locale: 'de_DE',
    timeZone: 'Europe/Berlin',
    tabs: [
      { sheetId: 0, title: 'Read me', rows: [['This workbook holds our rates.']] },
      { sheetId: 77, title: "It's the rates", rows, formats: { 3: 'CURRENCY', 4: 'CURRENCY', 5: 'DATE' } },
    ],
  };
}

type TabInput = GoogleSheetsConfigInput['spreadsheets'][number]['tabs'][number];

export const ratesTab: TabInput = {
  name: 'rates',
  tab: "It's the rates",
  kind: 'rate',
  key: { column: 'key' },
  columns: {
    role: 'Role',
    person: { column: 'Person', scheme: 'email' },
    billRate: { column: 'BILL  rate', currency: 'EUR' },
    costRate: { column: 'Cost rate', currency: 'EUR' },
    validFrom: 'From',
  },
};

export function ratesConfig(changes: Partial<TabInput> = {}): Pick<GoogleSheetsConfigInput, 'spreadsheets'> {
  return { spreadsheets: [{ id: 'rates-2026', tabs: [{ ...ratesTab, ...changes }] }] };
}
