import { answersTo, answerTo, fieldsOf, memberNames, type KindName, type SetupAnswers } from '@plumbline/connector';
import { columnsOf, currencyHeader, headerOfKey, kindOf, namesOf, type SurveyedTable } from './setup-questions.ts';

/** How a table is mapped, as a person would write it. */
export interface MappedTable {
  kind: KindName;
  key: { column: string; scheme?: string; keys?: { scheme: string; column: string }[] };
  columns: Record<string, string | MappedColumn>;
  customFields?: Record<string, string>;
  ignoreColumns?: string[];
}

interface MappedColumn {
  column: string;
  currency?: string;
  currencyColumn?: string;
  unit?: 'hours' | 'days' | 'minutes' | 'seconds';
  hoursPerDay?: number;
  scheme?: string;
  tab?: string;
  table?: string;
}

const HOURS_PER_DAY = 8;

/** The mapping of a table that follows from all answers; null for a table that is not read. */
export function configureTable(table: SurveyedTable, answers: SetupAnswers): MappedTable | null {
  const names = namesOf(table);
  const kind = kindOf(table, answers);
  const key = answerTo(answers, names.key);
  if (kind === null || key === null) return null;
  const scheme = answerTo(answers, names.scheme);
  const keys = answersTo(answers, names.keys).map((answer) => ({
    scheme: answer.slice(0, answer.indexOf(':')),
    column: headerOfKey(answer),
  }));
  const columns = [...columnsOf(table, kind, answers)].map(([field, header]) => [
    field,
    columnOf(table, { field, header, type: fieldsOf(kind)[field]?.type ?? 'text' }, answers),
  ]);
  const along = memberNames(answersTo(answers, names.customFields).map((header) => ({ id: header, name: header })));
  const ignored = answersTo(answers, names.ignore);
  return {
    kind,
    key: { column: key, ...(scheme === null ? {} : { scheme }), ...(keys.length === 0 ? {} : { keys }) },
    columns: Object.fromEntries(columns),
    ...(along.length === 0 ? {} : { customFields: Object.fromEntries(along.map(({ id, member }) => [member, id])) }),
    ...(ignored.length === 0 ? {} : { ignoreColumns: [...ignored] }),
  };
}

function columnOf(
  table: SurveyedTable,
  { field, header, type }: { field: string; header: string; type: string },
  answers: SetupAnswers,
): string | MappedColumn {
  const names = namesOf(table);
  switch (type) {
    case 'money': {
      const currencyColumn = currencyHeader(table);
      if (currencyColumn !== null) return { column: header, currencyColumn };
      return { column: header, currency: answerTo(answers, names.currency) ?? '' };
    }
    case 'seconds': {
      const asked = answerTo(answers, names.unit(field));
      const unit = (['hours', 'days', 'minutes', 'seconds'] as const).find((each) => each === asked) ?? 'hours';
      return { column: header, unit, ...(unit === 'days' ? { hoursPerDay: HOURS_PER_DAY } : {}) };
    }
    case 'ref':
    case 'refs': {
      const reference = answerTo(answers, names.reference(field)) ?? '';
      const row = `${table.word}:`;
      if (reference.startsWith(row)) return { column: header, [table.word]: reference.slice(row.length) };
      return { column: header, scheme: reference };
    }
    default:
      return header;
  }
}
