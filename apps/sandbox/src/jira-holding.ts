import type { JiraIssue, JiraProject, JiraSite, JiraWorklog } from '@plumbline/jira/emulator';
import { dateText, type Day } from './days.ts';
import type { CompanyOptions, Division, Person, Project } from './plan.ts';
import { headOffice, issueTypes, jiraFields, jiraStatuses } from './vocabulary.ts';
import { versionId } from './work-issues.ts';
import { divisionWork } from './work.ts';

/** One project and everything in it. */
export interface JiraBatch {
  projects: readonly JiraProject[];
  issues: readonly JiraIssue[];
  worklogs: readonly JiraWorklog[];
}

/** The entity property in which projects name the deals they were sold as. */
export const dealsProperty = 'plumbline';

const float = 'com.atlassian.jira.plugin.system.customfieldtypes:float';
const select = 'com.atlassian.jira.plugin.system.customfieldtypes:select';
const textfield = 'com.atlassian.jira.plugin.system.customfieldtypes:textfield';
const datepicker = 'com.atlassian.jira.plugin.system.customfieldtypes:datepicker';

export function jiraSite({ seed }: CompanyOptions, people: readonly Person[]): JiraSite {
  const sync = { accountId: '712020:00000000-0000-4000-000000000000', email: `plumbline@${headOffice.domain}` };
  return {
    host: 'kestrelvale.atlassian.net',
    caller: { ...sync, apiToken: `sandbox-token-${seed}`, timeZone: headOffice.zone },
    users: [
      { ...sync, displayName: 'Plumbline Sync', timeZone: headOffice.zone, active: true },
      ...people.flatMap(({ accountId, name, email, emailHidden, region, leftOn }) =>
        accountId === null
          ? []
          : [
              {
                accountId,
                displayName: name,
                email: emailHidden ? null : email,
                timeZone: emailHidden ? null : region.zone,
                active: leftOn === null,
              },
            ],
      ),
    ],
    statuses: Object.values(jiraStatuses)
      .flat()
      .map(({ id, name, category }) => ({ id, name, category })),
    issueTypes: Object.values(issueTypes),
    fields: [
      {
        id: jiraFields.points,
        name: 'Story point estimate',
        type: 'number',
        custom: 'com.pyxis.greenhopper.jira:jsw-story-points',
      },
      { id: jiraFields.price, name: 'Price delta', type: 'number', custom: float },
      { id: jiraFields.currency, name: 'Contract currency', type: 'option', custom: select },
      { id: jiraFields.cost, name: 'Cost delta', type: 'number', custom: float },
      { id: jiraFields.effortHours, name: 'Effort delta (h)', type: 'number', custom: float },
      { id: jiraFields.days, name: 'Schedule delta (days)', type: 'number', custom: float },
      { id: jiraFields.origin, name: 'Origin', type: 'option', custom: select },
      { id: jiraFields.commitment, name: 'Commitment', type: 'string', custom: textfield },
      { id: jiraFields.riskProbability, name: 'Probability (%)', type: 'number', custom: float },
      { id: jiraFields.riskImpact, name: 'Impact', type: 'number', custom: float },
      { id: jiraFields.riskResponse, name: 'Response', type: 'string', custom: textfield },
      { id: jiraFields.milestoneForecast, name: 'Forecast', type: 'date', custom: datepicker },
      { id: jiraFields.milestoneAmount, name: 'Milestone amount', type: 'number', custom: float },
      // A team-managed project made its own field of a name that exists already: only ids tell the two apart.
      { id: 'customfield_10206', name: 'Origin', type: 'string', custom: textfield },
    ],
  };
}

/** The projects of one division, one at a time. */
export function* jiraBatches(division: Division): Generator<JiraBatch> {
  for (const { project, issues, worklogs } of divisionWork(division)) {
    yield { projects: [jiraProject(project, division.lastDay)], issues, worklogs };
  }
}

function jiraProject(project: Project, lastDay: Day): JiraProject {
  const { jiraId, key, name, manager, client, namesDeals, contract } = project;
  return {
    id: jiraId ?? '',
    key,
    name,
    description: client
      ? `Delivery for ${client.name}. See the register for dates and currency.`
      : 'Our own work; nobody pays for it.',
    leadAccountId: manager.accountId ?? '',
    ...(namesDeals ? { properties: { [dealsProperty]: { deals: contract.map(({ id }) => id) } } } : {}),
    versions: client ? versions(project, lastDay) : [],
  };
}

/** Two releases: one in the middle of the project, one at its end. */
function versions({ jiraId, start, end }: Project, lastDay: Day): NonNullable<JiraProject['versions']> {
  const middle = Math.floor((start + end) / 2);
  return ([1, 2] as const).map((wave) => {
    const due = wave === 1 ? middle : end;
    return {
      id: versionId(jiraId ?? '', wave),
      name: `Wave ${wave}`,
      startDate: dateText(wave === 1 ? start : middle),
      releaseDate: dateText(due),
      released: due <= lastDay,
      archived: false,
    };
  });
}
