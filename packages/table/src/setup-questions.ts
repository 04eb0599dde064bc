import {
  answersTo,
  answerTo,
  fieldsOf,
  kindNames,
  wordsOf,
  type Field,
  type KindName,
  type SetupAnswers,
  type SetupOption,
  type SetupQuestion,
} from '@plumbline/connector';
import { guessColumns, guessKey, guessKeyScheme, guessScheme, guessUnit, kindCalled } from './table-guess.ts';

/** A table that somebody may want to be read, with the name its stream would get. */
export interface SurveyedTable {
  name: string;
  /** What people call it. */
  title: string;
  /** Which one it is, in a question: `tab "Rates" of "Firm"`. */
  place: string;
  /** What the connector calls its tables; names of answers begin with it. */
  word: 'tab' | 'table';
  headers: readonly string[];
}

const schemes = ['email', 'domain', 'jira-project-key', 'jira-issue-key', 'jira-account', 'hubspot-deal'] as const;

/** Names of all questions about one table. */
export function namesOf(table: Pick<SurveyedTable, 'name' | 'word'>) {
  const of = `${table.word}s.${table.name}`;
  return {
    kind: `${of}.kind`,
    key: `${of}.key`,
    scheme: `${of}.scheme`,
    keys: `${of}.keys`,
    columns: `${of}.columns`,
    more: `${of}.more`,
    currency: `${of}.currency`,
    customFields: `${of}.customFields`,
    ignore: `${of}.ignore`,
    column: (field: string) => `${of}.columns.${field}`,
    unit: (field: string) => `${of}.columns.${field}.unit`,
    reference: (field: string) => `${of}.columns.${field}.scheme`,
  };
}

/** Everything that is asked about a table, as far as the answers so far tell. */
export function tableQuestions(
  table: SurveyedTable,
  tables: readonly SurveyedTable[],
  answers: SetupAnswers,
): SetupQuestion[] {
  const names = namesOf(table);
  const kindQuestion: SetupQuestion = {
    name: names.kind,
    asks: `What is a row of the ${table.place}?`,
    kind: 'one',
    optional: true,
    options: kindNames.map((kind) => ({ value: kind, label: kind })),
    proposal: kindCalled(table.title),
  };
  const kind = kindOf(table, answers);
  return kind === null ? [kindQuestion] : [kindQuestion, ...mappingQuestions(table, kind, { tables, answers })];
}

function mappingQuestions(
  table: SurveyedTable,
  kind: KindName,
  { tables, answers }: { tables: readonly SurveyedTable[]; answers: SetupAnswers },
): SetupQuestion[] {
  const names = namesOf(table);
  const guessed = guessColumns(kind, table.headers);
  const key = answerTo(answers, names.key);
  const columns = columnsOf(table, kind, answers);
  const unguessed = Object.keys(fieldsOf(kind)).filter((field) => !guessed.has(field));
  return [
    {
      name: names.key,
      asks: `Which column of "${table.title}" tells its rows apart? It is never blank, never twice, never reused`,
      kind: 'one',
      options: optionsOf(table.headers),
      proposal: guessKey(table.headers),
    },
    {
      name: names.scheme,
      asks: `Is that also a key that other systems know a ${wordsOf(kind).join(' ')} by?`,
      kind: 'one',
      optional: true,
      options: optionsOf(schemes),
      proposal: key === null ? null : guessKeyScheme(kind, key),
    },
    ...furtherKeysQuestion(table, kind, key),
    {
      name: names.columns,
      asks: 'These columns look like fields; which of them are meant so?',
      kind: 'several',
      options: [...guessed].map(([field, header]) => ({ value: field, label: `${field} ← ${header}` })),
      proposal: [...guessed.keys()],
    },
    {
      name: names.more,
      asks: 'Which further fields have a column?',
      kind: 'several',
      options: optionsOf(unguessed),
      proposal: [],
    },
    ...answersTo(answers, names.more).map((field): SetupQuestion => ({
      name: names.column(field),
      asks: `Which column holds ${field}?`,
      kind: 'one',
      options: optionsOf(table.headers),
    })),
    ...[...columns].flatMap(([field, header]) => detailQuestions(table, { field, header, kind, tables })),
    ...currencyQuestion(table, kind, columns),
    ...restQuestions(table, { key, columns, answers }),
  ];
}

/** Columns whose values other systems know a row by; an answer is `scheme:header`. */
function furtherKeysQuestion(table: SurveyedTable, kind: KindName, key: string | null): SetupQuestion[] {
  const candidates = table.headers.flatMap((header) => {
    const scheme = header === key ? null : guessKeyScheme(kind, header);
    return scheme === null ? [] : [{ value: `${scheme}:${header}`, label: header, hint: scheme }];
  });
  if (candidates.length === 0) return [];
  return [
    {
      name: namesOf(table).keys,
      asks: 'Which other columns hold keys that other systems know it by?',
      kind: 'several',
      options: candidates,
      proposal: candidates.map(({ value }) => value),
    },
  ];
}

/** What a column means depends on more than its header where it holds times or references. */
function detailQuestions(
  table: SurveyedTable,
  { field, header, kind, tables }: { field: string; header: string; kind: KindName; tables: readonly SurveyedTable[] },
): SetupQuestion[] {
  const definition = fieldsOf(kind)[field];
  if (!definition) return [];
  if (definition.type === 'seconds') {
    const options = optionsOf(['hours', 'days', 'minutes', 'seconds']);
    const asks = `What is one unit of "${header}"? A day has 8 hours`;
    return [{ name: namesOf(table).unit(field), asks, kind: 'one', options, proposal: guessUnit(header) }];
  }
  if (definition.type !== 'ref' && definition.type !== 'refs') return [];
  return [referenceQuestion(table, { field, header, definition, tables })];
}

function referenceQuestion(
  table: SurveyedTable,
  of: { field: string; header: string; definition: Field; tables: readonly SurveyedTable[] },
): SetupQuestion {
  const others = of.tables.map(({ name, title }) => ({
    value: `${table.word}:${name}`,
    label: `key of the ${table.word} "${title}"`,
  }));
  return {
    name: namesOf(table).reference(of.field),
    asks: `What does "${of.header}" hold of the ${wordsOf(of.definition.target ?? '').join(' ')} it means?`,
    kind: 'one',
    options: [...optionsOf(schemes), ...others],
    ...(guessScheme(of.definition, of.header) === null ? {} : { proposal: guessScheme(of.definition, of.header) }),
  };
}

function currencyQuestion(table: SurveyedTable, kind: KindName, columns: ReadonlyMap<string, string>): SetupQuestion[] {
  const amounts = [...columns.keys()].filter((field) => fieldsOf(kind)[field]?.type === 'money');
  if (amounts.length === 0 || currencyHeader(table) !== null) return [];
  return [
    {
      name: namesOf(table).currency,
      asks: `In which currency are ${amounts.join(', ')}? (ISO 4217, such as EUR)`,
      kind: 'text',
      wrong: (answer) =>
        /^[A-Z]{3}$/.test(answer) ? null : 'A currency is written as three capital letters, such as EUR.',
    },
  ];
}

/** Columns that hold no field of the kind: carried along, or never stored. */
function restQuestions(
  table: SurveyedTable,
  of: { key: string | null; columns: ReadonlyMap<string, string>; answers: SetupAnswers },
): SetupQuestion[] {
  const keys = answersTo(of.answers, namesOf(table).keys).map(headerOfKey);
  const used = [of.key, ...keys, ...of.columns.values(), currencyHeader(table)];
  const rest = table.headers.filter((header) => !used.includes(header));
  if (rest.length === 0) return [];
  const names = namesOf(table);
  const along = answersTo(of.answers, names.customFields);
  const isPrivate = (header: string): boolean => /salary|gehalt|iban|birth|ssn|passport/i.test(header);
  const unused = rest.filter((header) => !along.includes(header));
  const carried: SetupQuestion = {
    name: names.customFields,
    asks: 'Which other columns are carried along?',
    kind: 'several',
    options: optionsOf(rest),
    proposal: rest.filter((header) => !isPrivate(header)),
  };
  if (unused.length === 0) return [carried];
  const ignored: SetupQuestion = {
    name: names.ignore,
    asks: 'Which of the rest are never to be stored?',
    kind: 'several',
    options: optionsOf(unused),
    proposal: unused.filter(isPrivate),
  };
  return [carried, ignored];
}

export function kindOf(table: SurveyedTable, answers: SetupAnswers): KindName | null {
  return kindNames.find((kind) => kind === answerTo(answers, namesOf(table).kind)) ?? null;
}

/** Which field has which header, by the answers so far. */
export function columnsOf(table: SurveyedTable, kind: KindName, answers: SetupAnswers): ReadonlyMap<string, string> {
  const names = namesOf(table);
  const guessed = guessColumns(kind, table.headers);
  const chosen = answersTo(answers, names.columns).map((field) => [field, guessed.get(field) ?? null] as const);
  const further = answersTo(answers, names.more).map(
    (field) => [field, answerTo(answers, names.column(field))] as const,
  );
  return new Map([...chosen, ...further].flatMap(([field, header]) => (header === null ? [] : [[field, header]])));
}

export function currencyHeader({ headers }: SurveyedTable): string | null {
  return headers.find((header) => wordsOf(header).includes('currency')) ?? null;
}

/** The header of an answer such as `jira-account:Jira account`. */
export function headerOfKey(answer: string): string {
  return answer.slice(answer.indexOf(':') + 1);
}

function optionsOf(values: readonly string[]): SetupOption[] {
  return values.map((value) => ({ value, label: value }));
}
