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
import { guessColumns, guessKey, guessKeyScheme, guessScheme, guessUnit, kindCalled } from './tab-guess.ts';

/** A tab that looks like a table, with the name its stream would get. */
export interface SurveyedTab {
  name: string;
  title: string;
  sheetId: number;
  spreadsheet: string;
  headers: readonly string[];
}

const schemes = ['email', 'domain', 'jira-project-key', 'jira-issue-key', 'jira-account', 'hubspot-deal'] as const;

/** Names of all questions about one tab. */
export function namesOf(tab: Pick<SurveyedTab, 'name'>) {
  const of = `tabs.${tab.name}`;
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

/** Everything that is asked about a tab, as far as the answers so far tell. */
export function tabQuestions(tab: SurveyedTab, tabs: readonly SurveyedTab[], answers: SetupAnswers): SetupQuestion[] {
  const names = namesOf(tab);
  const kindQuestion: SetupQuestion = {
    name: names.kind,
    asks: `What is a row of the tab "${tab.title}" of "${tab.spreadsheet}"?`,
    kind: 'one',
    optional: true,
    options: kindNames.map((kind) => ({ value: kind, label: kind })),
    proposal: kindCalled(tab.title),
  };
  const kind = kindOf(tab, answers);
  return kind === null ? [kindQuestion] : [kindQuestion, ...mappingQuestions(tab, kind, { tabs, answers })];
}

function mappingQuestions(
  tab: SurveyedTab,
  kind: KindName,
  { tabs, answers }: { tabs: readonly SurveyedTab[]; answers: SetupAnswers },
): SetupQuestion[] {
  const names = namesOf(tab);
  const guessed = guessColumns(kind, tab.headers);
  const key = answerTo(answers, names.key);
  const columns = columnsOf(tab, kind, answers);
  const unguessed = Object.keys(fieldsOf(kind)).filter((field) => !guessed.has(field));
  return [
    {
      name: names.key,
      asks: `Which column of "${tab.title}" tells its rows apart? It is never blank, never twice, never reused`,
      kind: 'one',
      options: optionsOf(tab.headers),
      proposal: guessKey(tab.headers),
    },
    {
      name: names.scheme,
      asks: `Is that also a key that other systems know a ${wordsOf(kind).join(' ')} by?`,
      kind: 'one',
      optional: true,
      options: optionsOf(schemes),
      proposal: key === null ? null : guessKeyScheme(kind, key),
    },
    ...furtherKeysQuestion(tab, kind, key),
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
      options: optionsOf(tab.headers),
    })),
    ...[...columns].flatMap(([field, header]) => detailQuestions(tab, { field, header, kind, tabs })),
    ...currencyQuestion(tab, kind, columns),
    ...restQuestions(tab, { key, columns, answers }),
  ];
}

/** Columns whose values other systems know a row by; an answer is `scheme:header`. */
function furtherKeysQuestion(tab: SurveyedTab, kind: KindName, key: string | null): SetupQuestion[] {
  const candidates = tab.headers.flatMap((header) => {
    const scheme = header === key ? null : guessKeyScheme(kind, header);
    return scheme === null ? [] : [{ value: `${scheme}:${header}`, label: header, hint: scheme }];
  });
  if (candidates.length === 0) return [];
  return [
    {
      name: namesOf(tab).keys,
      asks: 'Which other columns hold keys that other systems know it by?',
      kind: 'several',
      options: candidates,
      proposal: candidates.map(({ value }) => value),
    },
  ];
}

/** What a column means depends on more than its header where it holds times or references. */
function detailQuestions(
  tab: SurveyedTab,
  { field, header, kind, tabs }: { field: string; header: string; kind: KindName; tabs: readonly SurveyedTab[] },
): SetupQuestion[] {
  const definition = fieldsOf(kind)[field];
  if (!definition) return [];
  if (definition.type === 'seconds') {
    const options = optionsOf(['hours', 'days', 'minutes', 'seconds']);
    const asks = `What is one unit of "${header}"? A day has 8 hours`;
    return [{ name: namesOf(tab).unit(field), asks, kind: 'one', options, proposal: guessUnit(header) }];
  }
  if (definition.type !== 'ref' && definition.type !== 'refs') return [];
  return [referenceQuestion(tab, { field, header, definition, tabs })];
}

function referenceQuestion(
  tab: SurveyedTab,
  of: { field: string; header: string; definition: Field; tabs: readonly SurveyedTab[] },
): SetupQuestion {
  const others = of.tabs.map(({ name, title }) => ({ value: `tab:${name}`, label: `key of the tab "${title}"` }));
  return {
    name: namesOf(tab).reference(of.field),
    asks: `What does "${of.header}" hold of the ${wordsOf(of.definition.target ?? '').join(' ')} it means?`,
    kind: 'one',
    options: [...optionsOf(schemes), ...others],
    ...(guessScheme(of.definition, of.header) === null ? {} : { proposal: guessScheme(of.definition, of.header) }),
  };
}

function currencyQuestion(tab: SurveyedTab, kind: KindName, columns: ReadonlyMap<string, string>): SetupQuestion[] {
  const amounts = [...columns.keys()].filter((field) => fieldsOf(kind)[field]?.type === 'money');
  if (amounts.length === 0 || currencyHeader(tab) !== null) return [];
  return [
    {
      name: namesOf(tab).currency,
      asks: `In which currency are ${amounts.join(', ')}? (ISO 4217, such as EUR)`,
      kind: 'text',
      wrong: (answer) =>
        /^[A-Z]{3}$/.test(answer) ? null : 'A currency is written as three capital letters, such as EUR.',
    },
  ];
}

/** Columns that hold no field of the kind: carried along, or never stored. */
function restQuestions(
  tab: SurveyedTab,
  of: { key: string | null; columns: ReadonlyMap<string, string>; answers: SetupAnswers },
): SetupQuestion[] {
  const keys = answersTo(of.answers, namesOf(tab).keys).map(headerOfKey);
  const used = [of.key, ...keys, ...of.columns.values(), currencyHeader(tab)];
  const rest = tab.headers.filter((header) => !used.includes(header));
  if (rest.length === 0) return [];
  const names = namesOf(tab);
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

export function kindOf(tab: SurveyedTab, answers: SetupAnswers): KindName | null {
  return kindNames.find((kind) => kind === answerTo(answers, namesOf(tab).kind)) ?? null;
}

/** Which field has which header, by the answers so far. */
export function columnsOf(tab: SurveyedTab, kind: KindName, answers: SetupAnswers): ReadonlyMap<string, string> {
  const names = namesOf(tab);
  const guessed = guessColumns(kind, tab.headers);
  const chosen = answersTo(answers, names.columns).map((field) => [field, guessed.get(field) ?? null] as const);
  const further = answersTo(answers, names.more).map(
    (field) => [field, answerTo(answers, names.column(field))] as const,
  );
  return new Map([...chosen, ...further].flatMap(([field, header]) => (header === null ? [] : [[field, header]])));
}

export function currencyHeader({ headers }: SurveyedTab): string | null {
  return headers.find((header) => wordsOf(header).includes('currency')) ?? null;
}

/** The header of an answer such as `jira-account:Jira account`. */
export function headerOfKey(answer: string): string {
  return answer.slice(answer.indexOf(':') + 1);
}

function optionsOf(values: readonly string[]): SetupOption[] {
  return values.map((value) => ({ value, label: value }));
}
