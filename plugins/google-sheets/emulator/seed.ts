export type CellValue = string | number | boolean | null;

/** A spreadsheet, in the emulator's own compact form; the emulator answers as Sheets and Drive would. */
export interface Spreadsheet {
  spreadsheetId: string;
  title: string;
  locale: string;
  /** Serial dates in it are read in this zone. */
  timeZone: string;
  tabs: readonly Tab[];
}

export interface Tab {
  sheetId: number;
  title: string;
  /** Rows of cells as UNFORMATTED_VALUE gives them; dates are serial numbers. Rows may be ragged. */
  rows: readonly (readonly CellValue[])[];
  /** Number format by column (0 is A), where one is set. */
  formats?: Readonly<Record<number, 'DATE' | 'DATE_TIME' | 'PERCENT' | 'CURRENCY' | 'NUMBER' | 'TEXT'>>;
  /** Formulas by cell, such as "D4" → "=B4*C4"; the row holds the computed value. */
  formulas?: Readonly<Record<string, string>>;
}
