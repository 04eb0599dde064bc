import {
  answersTo,
  answerTo,
  HubError,
  memberNames,
  opportunityStates,
  wordsOf,
  type SetupAnswers,
  type SetupDefinition,
  type SetupMapping,
  type SetupOption,
  type SetupQuestion,
} from '@plumbline/connector';
import { readPipelines, readPortal, readProperties, type Pipeline, type Property, type Stage } from './account.ts';
import {
  configSchema,
  type CustomFieldType,
  type HubSpotConfig,
  type HubSpotConfigInput,
  type HubSpotSecrets,
} from './config.ts';
import { apisOf, type HubSpotContext, type ObjectType } from './requests.ts';
import { accessQuestions, secretsOf, usualAddress } from './setup-access.ts';
import { stateOfStage, type OpportunityState } from './stage-state.ts';

/** More of them than this are offered, but not proposed. */
const FEW = 20;

const usual = configSchema.parse({}).deals.properties;
type DealField = keyof typeof usual;
const dealFields = Object.keys(usual) as DealField[];

/** What the portal has that a mapping chooses from. */
interface Portal {
  id: number;
  deals: readonly Property[];
  companies: readonly Property[];
  pipelines: readonly Pipeline[];
}

/** How a portal is connected. */
export const setup: SetupDefinition<HubSpotConfig, HubSpotSecrets> = {
  imports: { package: '@plumbline/hubspot', connector: 'hubspot', configType: 'HubSpotConfigInput' },
  account: [
    { name: 'address', asks: 'Address of HubSpot’s API', kind: 'text', proposal: usualAddress(), expert: true },
    ...accessQuestions,
  ],
  open: (answers) => ({
    config: { address: answers['address'], deals: { properties: noProperties() } },
    secrets: secretsOf(answers),
  }),
  async explore(context, answers) {
    const apis = apisOf(context);
    const [{ id }, deals, companies, pipelines] = await Promise.all([
      readPortal(apis),
      readProperties(apis, 'deals'),
      propertiesIfShown(context, 'companies'),
      readPipelines(apis),
    ]);
    return mappingOf({ id, deals, companies, pipelines }, answers);
  },
  preview: () => ['deals'],
};

function noProperties(): Record<string, null> {
  return Object.fromEntries(dealFields.map((name) => [name, null]));
}

/** Custom properties of companies are an extra: a token without the scope for them is good enough. */
async function propertiesIfShown(context: HubSpotContext, type: ObjectType): Promise<Property[]> {
  try {
    return await readProperties(apisOf(context), type);
  } catch (error) {
    if (error instanceof HubError && error.code === 'PERMISSION_DENIED') return [];
    throw error;
  }
}

function mappingOf(portal: Portal, account: SetupAnswers): SetupMapping {
  return {
    questions: (answers) => [
      pipelinesQuestion(portal),
      ...dealFields.flatMap((field) => dealFieldQuestion(portal, field)),
      ...projectKeyQuestion(portal),
      stagesQuestion(portal),
      ...stageQuestions(portal, answers),
      ...currencyQuestion(portal),
      ...customFieldQuestions(portal, answers),
    ],
    configure: (answers) => configure(portal, { ...account, ...answers }),
  };
}

function pipelinesQuestion({ pipelines }: Portal): SetupQuestion {
  return {
    name: 'pipelines',
    asks: 'Which deal pipelines are read?',
    kind: 'several',
    options: pipelines.map(({ id, label }) => ({ value: id, label, hint: id })),
    proposal: pipelines.map(({ id }) => id),
  };
}

/** Asked where the portal lacks HubSpot's own property, or has one of its own that sounds like the field. */
function dealFieldQuestion({ deals }: Portal, field: DealField): SetupQuestion[] {
  const own = usual[field];
  const hasOwn = deals.some(({ name }) => name === own);
  const words = wordsOf(field);
  const alike = deals.filter((property) => {
    const spoken = new Set(wordsOf(`${property.name} ${property.label}`));
    return !property.hubspotDefined && words.filter((word) => spoken.has(word)).length / words.length > 0.5;
  });
  if (hasOwn && alike.length === 0) return [];
  const candidates = [...deals.filter(({ name }) => name === own), ...alike];
  const proposal = hasOwn ? own : (alike[0]?.name ?? null);
  return [
    {
      name: `deals.properties.${field}`,
      asks: `Which property of deals holds ${words.join(' ')}?`,
      kind: 'one',
      optional: true,
      options: optionsOf(candidates),
      proposal,
    },
  ];
}

function projectKeyQuestion({ deals }: Portal): SetupQuestion[] {
  const candidates = deals.filter(({ hubspotDefined, type }) => !hubspotDefined && type === 'string');
  if (candidates.length === 0) return [];
  const spoken = ({ name, label }: Property): Set<string> => new Set(wordsOf(`${name} ${label}`));
  const proposal = candidates.find((each) => spoken(each).has('jira') || spoken(each).has('project'))?.name ?? null;
  return [
    {
      name: 'deals.projectKey',
      asks: 'Which property of deals names the Jira project that delivers the deal?',
      kind: 'one',
      optional: true,
      options: optionsOf(candidates),
      proposal,
    },
  ];
}

function stagesQuestion(portal: Portal): SetupQuestion {
  return {
    name: 'deals.stageStates',
    asks: 'Which stages mean something else than is shown?',
    kind: 'several',
    options: stagesOf(portal).map((stage) => ({
      value: stage.id,
      label: `${stage.label} = ${proposedState(stage) ?? 'nothing'}`,
      hint: stage.id,
    })),
    proposal: stagesOf(portal).flatMap((stage) => (proposedState(stage) === undefined ? [stage.id] : [])),
  };
}

function stageQuestions(portal: Portal, answers: SetupAnswers): SetupQuestion[] {
  const chosen = answersTo(answers, 'deals.stageStates');
  return stagesOf(portal)
    .filter(({ id }) => chosen.includes(id))
    .map((stage) => ({
      name: `deals.stageStates.${stage.id}`,
      asks: `What does the stage "${stage.label}" mean?`,
      kind: 'one',
      options: opportunityStates.map((state) => ({ value: state, label: state })),
      proposal: proposedState(stage) ?? 'QUALIFYING',
    }));
}

function currencyQuestion({ companies }: Portal): SetupQuestion[] {
  const candidates = companies.filter(({ name, label }) => wordsOf(`${name} ${label}`).includes('currency'));
  if (candidates.length === 0) return [];
  return [
    {
      name: 'companies.currencyProperty',
      asks: 'Which property of companies holds the currency a client is billed in?',
      kind: 'one',
      optional: true,
      options: optionsOf(candidates),
      proposal: candidates[0]?.name ?? null,
    },
  ];
}

function customFieldQuestions(portal: Portal, answers: SetupAnswers): SetupQuestion[] {
  return (['deals', 'companies'] as const).flatMap((type): SetupQuestion[] => {
    const name = `${type}.customFields`;
    const { [name]: _, ...others } = answers;
    const taken = Object.values(others).flat();
    const free = portal[type].filter((each) => !each.hubspotDefined && !taken.includes(each.name));
    if (free.length === 0) return [];
    const proposal = free.length > FEW ? [] : free.map((each) => each.name);
    return [
      {
        name,
        asks: `Which further properties of ${type} are carried along?`,
        kind: 'several',
        options: optionsOf(free),
        proposal,
      },
    ];
  });
}

function configure(portal: Portal, answers: SetupAnswers): HubSpotConfigInput {
  const pipelines = answersTo(answers, 'pipelines');
  const properties = dealFields.flatMap((field): [string, string | null][] => {
    const name = `deals.properties.${field}`;
    const property = answerTo(answers, name);
    return !Object.hasOwn(answers, name) || property === usual[field] ? [] : [[field, property]];
  });
  const projectKey = answerTo(answers, 'deals.projectKey');
  const currencyProperty = answerTo(answers, 'companies.currencyProperty');
  const dealFieldsAlong = customFields(portal.deals, answersTo(answers, 'deals.customFields'));
  const companyFields = customFields(portal.companies, answersTo(answers, 'companies.customFields'));
  const address = answerTo(answers, 'address');
  return {
    ...(address === null || address === usualAddress() ? {} : { address }),
    portalId: portal.id,
    deals: {
      ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
      ...(projectKey === null ? {} : { projectKey: { property: projectKey } }),
      stageStates: Object.fromEntries(stagesOf(portal).flatMap((stage) => stateEntry(stage, answers))),
      ...(pipelines.length === portal.pipelines.length ? {} : { pipelines: [...pipelines] }),
      ...(dealFieldsAlong ? { customFields: dealFieldsAlong } : {}),
    },
    ...(currencyProperty !== null || companyFields
      ? {
          companies: {
            ...(currencyProperty === null ? {} : { currencyProperty }),
            ...(companyFields ? { customFields: companyFields } : {}),
          },
        }
      : {}),
  };
}

function stateEntry(stage: Stage, answers: SetupAnswers): [string, OpportunityState][] {
  const answered = answerTo(answers, `deals.stageStates.${stage.id}`);
  const state = opportunityStates.find((each) => each === answered) ?? proposedState(stage);
  return state === undefined ? [] : [[stage.id, state]];
}

const types: Readonly<Record<string, CustomFieldType>> = {
  number: 'number',
  date: 'date',
  datetime: 'instant',
  bool: 'flag',
};

function customFields(properties: readonly Property[], names: readonly string[]) {
  const chosen = properties.filter(({ name }) => names.includes(name));
  if (chosen.length === 0) return null;
  const named = memberNames(chosen.map(({ name }) => ({ id: name, name })));
  return Object.fromEntries(
    named.map(({ id, member }) => {
      const type = types[chosen.find(({ name }) => name === id)?.type ?? ''];
      return [member, type === undefined ? id : { property: id, type }];
    }),
  );
}

/** By its name where that says more than its probability can. */
function proposedState(stage: Stage): OpportunityState | undefined {
  if (stage.isClosed && /no[ -]decision|stalled|cancel/i.test(stage.label)) return 'NO_DECISION';
  return stateOfStage(stage, {});
}

function stagesOf({ pipelines }: Portal): Stage[] {
  return pipelines.flatMap(({ stages }) => stages);
}

function optionsOf(properties: readonly Property[]): SetupOption[] {
  return properties.map(({ name, label }) => ({ value: name, label: label || name, hint: name }));
}
