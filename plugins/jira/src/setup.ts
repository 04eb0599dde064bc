import {
  answerTo,
  wordsOf,
  type SetupAnswers,
  type SetupDefinition,
  type SetupMapping,
  type SetupQuestion,
} from '@plumbline/connector';
import type { JiraConfig, JiraSecrets } from './config.ts';
import { visibleProjects } from './inventory.ts';
import { jiraApi } from './jira-api.ts';
import { accessQuestions, isApp } from './setup-access.ts';
import { accountOf, configureSite } from './setup-config.ts';
import {
  changeRequestQuestions,
  customFieldsQuestion,
  fieldOptions,
  milestoneQuestions,
  riskQuestions,
  type SiteFound,
} from './setup-questions.ts';

/** How a site is connected. */
export const setup: SetupDefinition<JiraConfig, JiraSecrets> = {
  imports: { package: '@plumbline/jira', connector: 'jira', configType: 'JiraConfigInput' },
  account: [
    { name: 'site', asks: 'Address of the site, such as https://acme.atlassian.net', kind: 'text', wrong: wrongSite },
    ...accessQuestions,
  ],
  open: (answers) => ({
    config: { site: siteOf(answers), ...accountOf(answers) },
    secrets: isApp(answers)
      ? {
          clientId: answers['clientId'],
          clientSecret: answers['clientSecret'],
          refreshToken: answers['refreshToken'],
        }
      : { apiToken: answers['apiToken'] },
  }),
  async explore(context, answers) {
    const api = await jiraApi(context);
    const [projects, fields, issueTypes, statuses, linkWords] = await Promise.all([
      visibleProjects(context),
      api.fields(),
      api.issueTypes(),
      api.statuses(),
      api.linkWords(),
    ]);
    return mappingOf({ projects, fields, issueTypes, statuses, linkWords }, answers);
  },
  preview: () => ['issues'],
};

function mappingOf(site: SiteFound, account: SetupAnswers): SetupMapping {
  return {
    questions: (answers) => [
      {
        name: 'projects',
        asks: 'Which projects are read?',
        kind: 'several',
        options: site.projects.map(({ id, name }) => ({ value: id, label: name, hint: id })),
        proposal: site.projects.map(({ id }) => id),
      },
      ...opportunityQuestions(answers),
      ...pointsQuestion(site),
      ...changeRequestQuestions(site, answers),
      ...riskQuestions(site, answers),
      ...milestoneQuestions(site, answers),
      ...customFieldsQuestion(site, answers),
    ],
    configure: (answers) => configureSite(site, { ...account, ...answers, site: siteOf(account) }),
  };
}

function opportunityQuestions(answers: SetupAnswers): SetupQuestion[] {
  const from = answerTo(answers, 'opportunities');
  const details: Record<string, SetupQuestion[]> = {
    property: [
      { name: 'opportunities.property', asks: 'Key of the entity property', kind: 'text', proposal: 'plumbline' },
      {
        name: 'opportunities.path',
        asks: 'Member within it that holds the ids of the deals; blank when it is the id itself',
        kind: 'text',
        proposal: 'deals',
      },
    ],
    description: [
      {
        name: 'opportunities.pattern',
        asks: 'Regular expression with one group that finds the id of a deal in the description',
        kind: 'text',
        proposal: 'deal #?(\\d+)',
      },
    ],
  };
  return [
    {
      name: 'opportunities',
      asks: 'How does a project name the HubSpot deals it was sold as?',
      kind: 'one',
      optional: true,
      options: [
        { value: 'property', label: 'By an entity property of the project' },
        { value: 'description', label: 'In its description' },
      ],
      proposal: null,
    },
    ...(details[from ?? ''] ?? []),
  ];
}

function pointsQuestion({ fields }: SiteFound): SetupQuestion[] {
  const candidates = fields.filter(({ custom, schema }) => custom && schema?.type === 'number');
  const points = candidates.filter(
    ({ name, schema }) => schema?.custom?.endsWith('story-points') || wordsOf(name).join(' ').startsWith('story point'),
  );
  if (points.length === 0) return [];
  return [
    {
      name: 'workItems.points',
      asks: 'Which fields hold story points?',
      kind: 'several',
      options: fieldOptions(candidates),
      proposal: points.map(({ id }) => id),
    },
  ];
}

/** "acme" and "acme.atlassian.net" are what people say; the address is what is meant. */
function siteOf(answers: SetupAnswers): string {
  const said = (answerTo(answers, 'site') ?? '').trim();
  if (/^https?:\/\//.test(said)) return new URL(said).origin;
  return `https://${said.includes('.') ? said : `${said}.atlassian.net`}`;
}

function wrongSite(answer: string): string | null {
  const address = /^https?:\/\//.test(answer) ? answer : `https://${answer}`;
  return URL.canParse(address) ? null : 'That is no address; a site is written as https://acme.atlassian.net.';
}
