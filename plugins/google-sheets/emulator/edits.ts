import { z } from 'zod';
import { numberFormats, type Cell } from './cells.ts';
import { firstFreeRow, putCell, toCells, type Sheet, type Workbook } from './workbook.ts';

export const cellValueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const cells = z.array(cellValueSchema);
const index = z.number().int().nonnegative();
const inSpreadsheet = { spreadsheetId: z.string() };
/** `tab` is a title or a sheetId. */
const inTab = { ...inSpreadsheet, tab: z.union([z.string(), z.number().int()]) };

/** What people do to a spreadsheet. Rows and columns count from 0; dates are serial numbers. */
export const editSchema = z.discriminatedUnion('op', [
  z.object({
    op: z.literal('setCell'),
    ...inTab,
    row: index,
    column: index,
    value: cellValueSchema,
    format: z.enum(numberFormats).optional(),
    formula: z.string().optional(),
  }),
  z.object({ op: z.literal('appendRow'), ...inTab, cells }),
  z.object({ op: z.literal('insertRows'), ...inTab, before: index, rows: z.array(cells) }),
  z.object({ op: z.literal('deleteRow'), ...inTab, row: index }),
  z.object({ op: z.literal('sortRange'), ...inTab, column: index, from: index, descending: z.boolean().optional() }),
  z.object({ op: z.literal('renameTab'), ...inTab, title: z.string().min(1) }),
  z.object({ op: z.literal('deleteTab'), ...inTab }),
  z.object({ op: z.literal('insertColumn'), ...inTab, before: index, cells: cells.optional() }),
  z.object({ op: z.literal('setRows'), ...inTab, rows: z.array(cells) }),
  z.object({ op: z.literal('setTimeZone'), ...inSpreadsheet, timeZone: z.string() }),
  z.object({ op: z.literal('trash'), ...inSpreadsheet, trashed: z.boolean() }),
  z.object({ op: z.literal('share'), ...inSpreadsheet, email: z.string() }),
  z.object({ op: z.literal('unshare'), ...inSpreadsheet, email: z.string() }),
]);
export type Edit = z.infer<typeof editSchema>;
type Named<Op extends Edit['op']> = Extract<Edit, { op: Op }>;

/** One function for each edit; the same are POSTed as `{ op, … }` to `/__control/edits`. */
export type Edits = { [Op in Edit['op']]: (edit: Omit<Named<Op>, 'op'>) => void };

type TabEdit = Extract<Edit, { tab: unknown }>;

/** Carries an edit out; throws a RangeError that names a tab which does not exist. */
export function applyEdit(workbook: Workbook, edit: Edit): void {
  switch (edit.op) {
    case 'setTimeZone':
      workbook.timeZone = edit.timeZone;
      return;
    case 'trash':
      workbook.trashed = edit.trashed;
      return;
    case 'share':
      workbook.hiddenFrom.delete(edit.email);
      return;
    case 'unshare':
      workbook.hiddenFrom.add(edit.email);
      return;
    case 'deleteTab':
      workbook.sheets.splice(workbook.sheets.indexOf(findSheet(workbook, edit.tab)), 1);
      return;
    default:
      editSheet(findSheet(workbook, edit.tab), edit);
  }
}

function editSheet(sheet: Sheet, edit: Exclude<TabEdit, { op: 'deleteTab' }>): void {
  switch (edit.op) {
    case 'setCell':
      setCell(sheet, edit);
      return;
    case 'appendRow':
      sheet.rows.splice(firstFreeRow(sheet), Number.POSITIVE_INFINITY, toCells(edit.cells));
      return;
    case 'insertRows':
      while (sheet.rows.length < edit.before) sheet.rows.push([]);
      sheet.rows.splice(edit.before, 0, ...edit.rows.map(toCells));
      return;
    case 'deleteRow':
      sheet.rows.splice(edit.row, 1);
      return;
    case 'sortRange':
      sortRange(sheet, edit);
      return;
    case 'renameTab':
      sheet.title = edit.title;
      return;
    case 'insertColumn':
      insertColumn(sheet, edit);
      return;
    case 'setRows':
      sheet.rows = edit.rows.map(toCells);
  }
}

function findSheet(workbook: Workbook, tab: string | number): Sheet {
  const sheet = workbook.sheets.find((each) => each.title === tab || each.sheetId === tab);
  if (!sheet) throw new RangeError(`${workbook.title} has no tab ${tab}`);
  return sheet;
}

function setCell(sheet: Sheet, edit: Named<'setCell'>): void {
  const format = edit.format ?? sheet.rows[edit.row]?.[edit.column]?.format;
  const formula = edit.formula === undefined ? {} : { formula: edit.formula };
  putCell(sheet, edit, { value: edit.value, ...formula, ...(format ? { format } : {}) });
}

function insertColumn(sheet: Sheet, edit: Named<'insertColumn'>): void {
  sheet.rows.forEach((row, at) => {
    if (row.length >= edit.before) row.splice(edit.before, 0, { value: edit.cells?.[at] ?? null });
  });
  edit.cells?.slice(sheet.rows.length).forEach((value, beyond) => {
    putCell(sheet, { row: sheet.rows.length + beyond, column: edit.before }, { value });
  });
  if (sheet.formats.length > edit.before) sheet.formats.splice(edit.before, 0, undefined);
}

/** As Sheets sorts: numbers before texts before booleans, blanks last in either direction. */
function sortRange(sheet: Sheet, edit: Named<'sortRange'>): void {
  const sorted = sheet.rows.splice(edit.from);
  const ranks = ['number', 'string', 'boolean'];
  const direction = edit.descending ? -1 : 1;
  const valueOf = (row: Cell[]): Cell['value'] => row[edit.column]?.value ?? null;
  sorted.sort((left, right) => {
    const [a, b] = [valueOf(left), valueOf(right)];
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    const byType = ranks.indexOf(typeof a) - ranks.indexOf(typeof b);
    if (byType !== 0) return direction * byType;
    return direction * (typeof a === 'string' ? a.localeCompare(String(b)) : Number(a) - Number(b));
  });
  sheet.rows.push(...sorted);
}
