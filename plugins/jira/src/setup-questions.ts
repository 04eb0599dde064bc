import {
  answersTo,
  answerTo,
  changeRequestStates,
  riskStatuses,
  wordsOf,
  type Item,
  type SetupAnswers,
  type SetupOption,
  type SetupQuestion,
} from '@plumbline/connector';
import type { JiraApi } from './jira-api.ts';

/** What a site has that a mapping chooses from. */
export interface SiteFound {
  projects: readonly Item[];
  fields: Awaited<ReturnType<JiraApi['fields']>>;
  issueTypes: Awaited<ReturnType<JiraApi['issueTypes']>>;
  statuses: Awaited<ReturnType<JiraApi['statuses']>>;
  linkWords: readonly string[];
}

type FieldFound = SiteFound['fields'][number];
const numbers = ['number'];
const texts = ['string', 'option'];

/** More of them than this are offered, but not proposed. */
const FEW = 20;

export function changeRequestQuestions(site: SiteFound, answers: SetupAnswers): SetupQuestion[] {
  const of = 'changeRequests';
  const types = issueTypesQuestion(site, of, { called: 'change requests', like: /\bchange[ -]?(request|order)/i });
  if (answersTo(answers, types.name).length === 0) return [types];
  const price = fieldQuestion(site, `${of}.priceDelta`, {
    asks: 'what the client pays more',
    like: ['price', 'revenue'],
  });
  const cost = fieldQuestion(site, `${of}.costDelta`, { asks: 'what it costs more', like: ['cost'] });
  return [
    types,
    {
      name: `${of}.linkTypes`,
      asks: 'By which links does other work implement a change request?',
      kind: 'several',
      options: site.linkWords.map((word) => ({ value: word, label: word })),
      proposal: site.linkWords.filter((word) => word.toLowerCase() === 'implements'),
    },
    ...statusQuestions(site, answers, of),
    price,
    cost,
    ...currencyQuestions(site, of, answers, [price.name, cost.name]),
    ...effortQuestions(site, answers),
    fieldQuestion(site, `${of}.scheduleDeltaDays`, {
      asks: 'by how many days it moves the end',
      like: ['schedule', 'delay', 'days'],
    }),
    fieldQuestion(site, `${of}.origin`, { asks: 'how the request came up', like: ['origin'], types: texts }),
  ];
}

export function riskQuestions(site: SiteFound, answers: SetupAnswers): SetupQuestion[] {
  const of = 'risks';
  const types = issueTypesQuestion(site, of, { called: 'risks', like: /\brisk/i });
  if (answersTo(answers, types.name).length === 0) return [types];
  const probability = fieldQuestion(site, `${of}.probability`, { asks: 'how likely a risk is', like: ['probability'] });
  const impact = fieldQuestion(site, `${of}.impact`, { asks: 'what a risk would cost', like: ['impact'] });
  const chosen = site.fields.find(({ id }) => id === answerTo(answers, probability.name));
  return [
    types,
    ...statusQuestions(site, answers, of),
    probability,
    ...(chosen ? [scaleQuestion(chosen)] : []),
    impact,
    ...currencyQuestions(site, of, answers, [impact.name]),
    fieldQuestion(site, `${of}.response`, { asks: 'what is done about a risk', like: ['response'], types: texts }),
  ];
}

export function milestoneQuestions(site: SiteFound, answers: SetupAnswers): SetupQuestion[] {
  const of = 'milestones';
  const types = issueTypesQuestion(site, of, { called: 'milestones', like: /\b(milestone|gate)\b/i });
  if (answersTo(answers, types.name).length === 0) return [types];
  const amount = fieldQuestion(site, `${of}.amount`, { asks: 'what is invoiced for a milestone', like: ['amount'] });
  return [
    types,
    fieldQuestion(site, `${of}.forecast`, { asks: 'the day expected now', like: ['forecast'], types: ['date'] }),
    amount,
    ...currencyQuestions(site, of, answers, [amount.name]),
  ];
}

/** What no answer so far has used. */
export function customFieldsQuestion(site: SiteFound, answers: SetupAnswers): SetupQuestion[] {
  const name = 'customFields';
  const { [name]: _, ...others } = answers;
  const taken = Object.values(others).flat();
  const free = site.fields.filter(({ id, custom }) => custom && !taken.includes(id));
  if (free.length === 0) return [];
  const proposal = free.length > FEW ? [] : free.map(({ id }) => id);
  return [
    { name, asks: 'Which further fields are carried along?', kind: 'several', options: fieldOptions(free), proposal },
  ];
}

function issueTypesQuestion(
  { issueTypes }: SiteFound,
  of: string,
  how: { called: string; like: RegExp },
): SetupQuestion {
  const names = [...new Set(issueTypes.map(({ name }) => name))];
  return {
    name: `${of}.issueTypes`,
    asks: `Which types of issue are ${how.called}?`,
    kind: 'several',
    options: names.map((name) => ({ value: name, label: name })),
    proposal: names.filter((name) => how.like.test(name)),
  };
}

function fieldQuestion(
  { fields }: SiteFound,
  name: string,
  how: { asks: string; like: readonly string[]; types?: readonly string[] },
): SetupQuestion {
  const { types = numbers } = how;
  const candidates = fields.filter(({ custom, schema }) => custom && types.includes(schema?.type ?? ''));
  const alike = how.like.flatMap((word) => candidates.filter((field) => wordsOf(field.name).includes(word)));
  return {
    name,
    asks: `Which field holds ${how.asks}?`,
    kind: 'one',
    optional: true,
    options: fieldOptions(candidates),
    proposal: alike[0]?.id ?? null,
  };
}

/** A status that has the name of a state means it; what any other means is asked. */
function statusQuestions({ statuses }: SiteFound, answers: SetupAnswers, of: Stateful): SetupQuestion[] {
  const { member, called, states } = vocabularies[of];
  const question = `${of}.${member}`;
  const names = [...new Set(statuses.map(({ name }) => name))];
  const likely = (name: string): string | null => stateCalled(name, of);
  const chosen = answersTo(answers, question);
  return [
    {
      name: question,
      asks: `Which statuses may ${called} have?`,
      kind: 'several',
      options: names.map((name) => ({ value: name, label: name, ...hint(likely(name)) })),
      proposal: names.filter((name) => likely(name) !== null),
    },
    ...names
      .filter((name) => chosen.includes(name) && likely(name) === null)
      .map((name) => ({
        name: `${question}.${name}`,
        asks: `What does the status "${name}" mean for ${called}?`,
        kind: 'one' as const,
        options: states.map((state) => ({ value: state, label: state })),
      })),
  ];
}

const vocabularies = {
  changeRequests: {
    member: 'states',
    called: 'a change request',
    states: changeRequestStates,
    noise: ['change', 'request'],
  },
  risks: { member: 'statuses', called: 'a risk', states: riskStatuses, noise: ['risk'] },
} as const;
type Stateful = keyof typeof vocabularies;

/** The state that a status is named after, such as IMPACT_ASSESSED for "Impact assessed" or, of a risk, CLOSED for "Risk closed". */
export function stateCalled(name: string, of: Stateful): string | null {
  const { states, noise } = vocabularies[of];
  const words = wordsOf(name).filter((word) => !(noise as readonly string[]).includes(word));
  return states.find((state) => wordsOf(state).join(' ') === words.join(' ')) ?? null;
}

/** Amounts without a currency are no money: once a field holds one, its currency is asked. */
function currencyQuestions(
  site: SiteFound,
  of: string,
  answers: SetupAnswers,
  amounts: readonly string[],
): SetupQuestion[] {
  if (amounts.every((name) => answerTo(answers, name) === null)) return [];
  const {
    name,
    options = [],
    proposal = null,
  } = fieldQuestion(site, `${of}.currency`, {
    asks: 'the currency',
    like: ['currency'],
    types: texts,
  });
  return [
    {
      name,
      asks: 'Which field holds the currency of these amounts?',
      kind: 'one',
      options: [...options, { value: 'fixed', label: 'All are in one currency' }],
      proposal: proposal ?? 'fixed',
    },
    ...(answerTo(answers, name) === 'fixed' ? [fixedCurrencyQuestion(of)] : []),
  ];
}

function fixedCurrencyQuestion(of: string): SetupQuestion {
  return {
    name: `${of}.currency.fixed`,
    asks: 'Which currency? (ISO 4217, such as EUR)',
    kind: 'text',
    wrong: (answer) =>
      /^[A-Z]{3}$/.test(answer) ? null : 'A currency is written as three capital letters, such as EUR.',
  };
}

function effortQuestions(site: SiteFound, answers: SetupAnswers): SetupQuestion[] {
  const effort = fieldQuestion(site, 'changeRequests.effortDelta', { asks: 'the additional work', like: ['effort'] });
  const chosen = site.fields.find(({ id }) => id === answerTo(answers, effort.name));
  if (!chosen) return [effort];
  const words = wordsOf(chosen.name);
  const inDays = words.some((word) => ['d', 'day', 'days', 'pt', 'md'].includes(word));
  const unit: SetupQuestion = {
    name: `${effort.name}.unit`,
    asks: `What is one unit of "${chosen.name}"?`,
    kind: 'one',
    options: ['hours', 'days', 'seconds'].map((value) => ({ value, label: value })),
    proposal: inDays ? 'days' : 'hours',
  };
  return [effort, unit];
}

function scaleQuestion({ name }: FieldFound): SetupQuestion {
  return {
    name: 'risks.probability.scale',
    asks: `What does "${name}" count?`,
    kind: 'one',
    options: [
      { value: 'percent', label: 'Percent, 0 to 100' },
      { value: 'ratio', label: 'A share, 0 to 1' },
    ],
    proposal: /%|percent/i.test(name) ? 'percent' : 'ratio',
  };
}

/** Names repeat: every team-managed project has fields of its own, called as those of the others are. */
export function fieldOptions(fields: readonly FieldFound[]): SetupOption[] {
  return fields.map(({ id, name, scope }) => {
    const owner = scope?.project;
    return { value: id, label: name, hint: owner ? `${id}, of the team-managed project ${owner.id} alone` : id };
  });
}

function hint(text: string | null): { hint?: string } {
  return text === null ? {} : { hint: text };
}
