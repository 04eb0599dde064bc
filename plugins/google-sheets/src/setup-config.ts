import { answersTo, answerTo, fieldsOf, memberNames, type SetupAnswers } from '@plumbline/connector';
import type { GoogleSheetsConfigInput } from './config.ts';
import { columnsOf, currencyHeader, headerOfKey, kindOf, namesOf, type SurveyedTab } from './setup-questions.ts';

type TabInput = GoogleSheetsConfigInput['spreadsheets'][number]['tabs'][number];
type ColumnInput = TabInput['columns'][string];

const HOURS_PER_DAY = 8;

/** The configuration of a tab that follows from all answers; null for a tab that is not read. */
export function configureTab(tab: SurveyedTab, answers: SetupAnswers): TabInput | null {
  const names = namesOf(tab);
  const kind = kindOf(tab, answers);
  const key = answerTo(answers, names.key);
  if (kind === null || key === null) return null;
  const scheme = answerTo(answers, names.scheme);
  const keys = answersTo(answers, names.keys).map((answer) => ({
    scheme: answer.slice(0, answer.indexOf(':')),
    column: headerOfKey(answer),
  }));
  const columns = [...columnsOf(tab, kind, answers)].map(([field, header]) => [
    field,
    columnOf(tab, { field, header, type: fieldsOf(kind)[field]?.type ?? 'text' }, answers),
  ]);
  const along = memberNames(answersTo(answers, names.customFields).map((header) => ({ id: header, name: header })));
  const ignored = answersTo(answers, names.ignore);
  return {
    name: tab.name,
    // The number survives renaming the tab.
    sheetId: tab.sheetId,
    kind,
    key: { column: key, ...(scheme === null ? {} : { scheme }), ...(keys.length === 0 ? {} : { keys }) },
    columns: Object.fromEntries(columns) as TabInput['columns'],
    ...(along.length === 0 ? {} : { customFields: Object.fromEntries(along.map(({ id, member }) => [member, id])) }),
    ...(ignored.length === 0 ? {} : { ignoreColumns: [...ignored] }),
  };
}

function columnOf(
  tab: SurveyedTab,
  { field, header, type }: { field: string; header: string; type: string },
  answers: SetupAnswers,
): ColumnInput {
  const names = namesOf(tab);
  switch (type) {
    case 'money': {
      const currencyColumn = currencyHeader(tab);
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
      if (reference.startsWith('tab:')) return { column: header, tab: reference.slice('tab:'.length) };
      return { column: header, scheme: reference };
    }
    default:
      return header;
  }
}
