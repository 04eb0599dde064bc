import type { Sandbox } from '../../apps/sandbox/src/index.ts';
import type { Random } from '../../packages/emulator/src/index.ts';
import type { Edit } from './edit.ts';

interface Tab {
  spreadsheetId: string;
  tab: string;
  header: number;
  rows: number;
  numeric: number;
}

/** Headers are looked for in the first 20 rows. */
const MOST_ON_TOP = 15;

/** What people do to the firm's spreadsheets. */
export function sheetEdits({ google, company }: Pick<Sandbox, 'google' | 'company'>, random: Random): Edit[] {
  const tabs = tabsOf(company);
  return [
    () => {
      const tab = random.pick(tabs);
      const row = tab.header + random.integer(1, tab.rows);
      google.setCell({ ...place(tab), row, column: tab.numeric, value: random.integer(1, 500) });
      return `${tab.tab}: a number changed`;
    },
    () => {
      const tab = random.pick(tabs);
      if (tab.rows < 3) return 'nothing to delete';
      google.deleteRow({ ...place(tab), row: tab.header + random.integer(1, tab.rows) });
      tab.rows -= 1;
      return `${tab.tab}: a row deleted`;
    },
    () => {
      const tab = random.pick(tabs);
      google.sortRange({ ...place(tab), column: tab.numeric, from: tab.header + 1, descending: random.chance(0.5) });
      return `${tab.tab}: sorted`;
    },
    () => {
      const tab = random.pick(tabs);
      if (tab.header >= MOST_ON_TOP) return 'enough rows on top';
      google.insertRows({ ...place(tab), before: 0, rows: [[]] });
      tab.header += 1;
      return `${tab.tab}: a blank row on top`;
    },
    () => {
      const tab = random.pick(tabs);
      google.insertColumn({ ...place(tab), before: 0 });
      tab.numeric += 1;
      return `${tab.tab}: a column in front`;
    },
  ];
}

const place = ({ spreadsheetId, tab }: Tab) => ({ spreadsheetId, tab });

/** Tabs with a header, rows beneath it, and a column of numbers. */
function tabsOf(company: Sandbox['company']): Tab[] {
  return company.google.spreadsheets.flatMap(({ spreadsheetId, tabs }) =>
    tabs.flatMap(({ title, rows, formats }) => {
      const header = rows.findIndex((row) => row.filter((cell) => typeof cell === 'string' && cell !== '').length > 2);
      const below = rows.slice(header + 1).filter((row) => row.length > 0);
      const isNumeric = (column: number): boolean =>
        !['DATE', 'DATE_TIME'].includes(formats?.[column] ?? '') &&
        below.filter((row) => typeof row[column] === 'number').length > below.length / 2;
      const numeric = (rows[header] ?? []).findIndex((_, column) => isNumeric(column));
      if (header < 0 || numeric < 0) return [];
      return [{ spreadsheetId, tab: title, header, rows: rows.length - header - 1, numeric }];
    }),
  );
}
