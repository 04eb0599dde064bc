import type { Key, KindName } from '@plumbline/connector';
import { overAllocations, planAllocations } from './allocations.ts';
import { dealAnomalies } from './deal-anomalies.ts';
import { createFigureCensus, type FigureCensus } from './figures.ts';
import { exchangeRows, quotaRows, rateRows, targetRows } from './finance-sheet.ts';
import { clientNamed, clientRowNamed, dealNamed, personNamed, projectNamed } from './names.ts';
import type { CompanyOptions, Division } from './plan.ts';
import { projectAnomalies } from './project-anomalies.ts';
import { createTimeCensus } from './time-anomalies.ts';
import { ruleConditions, type Anomaly, type Likely, type Link, type Truth } from './truth-types.ts';
import { issueTypes } from './vocabulary.ts';
import { divisionWork } from './work.ts';

type Counts = Record<KindName, number>;

/** Counts a company, division by division; what is malformed in it is no part of any. */
export function truthOf(options: CompanyOptions, divisions: Iterable<Division>): Omit<Truth, 'quarantine'> {
  const counts = emptyCounts();
  const same: { kind: KindName; keys: readonly Key[] }[] = [];
  const links: Link[] = [];
  const likely: Likely[] = [];
  const anomalies: Anomaly[] = [];
  const figures = createFigureCensus();
  for (const division of divisions) {
    countPlan(counts, division);
    figures.addPlan(division);
    same.push(...unified(division));
    links.push(...linksOf(division));
    likely.push(...likelyPairs(division));
    const allocations = planAllocations(division);
    counts.allocation += allocations.length;
    anomalies.push(...overAllocations(allocations, division.today));
    anomalies.push(...dealAnomalies(division), ...projectAnomalies(division), ...countWork(counts, figures, division));
  }
  // The account the connector reads Jira with is a user like any other; no sheet lists it.
  counts.person += 1;
  return {
    company: { seed: options.seed, size: options.size, today: options.today, malformed: options.malformed ?? false },
    counts,
    same,
    links,
    likely,
    rules: ruleConditions,
    anomalies: anomalies.sort((one, other) => one.rule.localeCompare(other.rule)),
    figures: figures.figures(),
  };
}

function emptyCounts(): Counts {
  return {
    person: 0,
    client: 0,
    exchangeRate: 0,
    rate: 0,
    capacity: 0,
    opportunity: 0,
    lineItem: 0,
    quota: 0,
    target: 0,
    project: 0,
    proposal: 0,
    proposalRole: 0,
    commitment: 0,
    budget: 0,
    milestone: 0,
    allocation: 0,
    changeRequest: 0,
    workItem: 0,
    timeEntry: 0,
    risk: 0,
    obstacle: 0,
    closeNeed: 0,
  };
}

function countPlan(counts: Counts, { people, clients, deals, projects, changeRequests, today }: Division): void {
  const here = people.filter(({ leftOn }) => leftOn === null);
  const live = deals.filter(({ archived }) => !archived);
  const forClients = projects.filter(({ client }) => client !== null);
  // Those whose Jira account no key joins with the staff list are two entities until somebody confirms that they are one.
  counts.person += people.length + people.filter(isSplit).length;
  counts.client += clients.length + clients.filter(({ listed, domain }) => listed && listed.domain !== domain).length;
  // Exchange rates and targets are the firm's, not a division's.
  counts.exchangeRate = exchangeRows(today).length;
  counts.target = targetRows(today).length;
  counts.rate += rateRows(people).length;
  counts.capacity += here.length;
  counts.quota += quotaRows(
    here.filter(({ role }) => role === 'Seller'),
    today,
  ).length;
  counts.opportunity += live.length;
  counts.lineItem += live.reduce((sum, { lineItems }) => sum + lineItems.length, 0);
  counts.project += projects.length;
  counts.budget += forClients.length;
  counts.milestone += forClients.filter(({ jiraId }) => jiraId !== null).length * 2;
  counts.changeRequest += changeRequests.length;
}

/** Counts issues and worklogs while they go by, and adds up their time and what should not have been logged. */
function countWork(counts: Counts, figures: FigureCensus, division: Division): Anomaly[] {
  const census = createTimeCensus();
  for (const { issues, logged } of divisionWork(division)) {
    for (const { typeId } of issues) {
      if (typeId === issueTypes.risk.id) counts.risk += 1;
      else if (typeId === issueTypes.milestone.id) counts.milestone += 1;
      // A change request is a work item too: time is logged on it.
      else counts.workItem += 1;
    }
    counts.timeEntry += logged.length;
    for (const entry of logged) {
      census.add(entry);
      figures.add(entry);
    }
  }
  return census.anomalies();
}

type Account = Division['people'][number];

function isSplit({ accountId, emailHidden, accountListed }: Account): boolean {
  return accountId !== null && emailHidden && !accountListed;
}

function unified({ people, clients, projects, changeRequests }: Division): { kind: KindName; keys: readonly Key[] }[] {
  return [
    ...people.flatMap((person) => {
      const keys: Key[] = [
        personNamed(person).key,
        ...(person.ownerId === null ? [] : [`hubspot-owner:${person.ownerId}` as const]),
        ...(person.accountId === null || isSplit(person) ? [] : [`jira-account:${person.accountId}` as const]),
      ];
      return keys.length > 1 ? [{ kind: 'person' as const, keys }] : [];
    }),
    ...clients.flatMap((client) =>
      client.listed && client.listed.domain === client.domain
        ? [{ kind: 'client' as const, keys: [clientNamed(client).key, clientRowNamed(client).key] }]
        : [],
    ),
    ...projects.flatMap(({ jiraId, key, client }) =>
      jiraId !== null && client
        ? [{ kind: 'project' as const, keys: [`jira-project:${jiraId}`, `sheet-row:projects/${key}`] as const }]
        : [],
    ),
    ...changeRequests.flatMap(({ issue, registerKey }) =>
      issue && registerKey
        ? [
            {
              kind: 'changeRequest' as const,
              keys: [`jira-issue:${issue.id}`, `sheet-row:change-requests/${registerKey}`] as const,
            },
          ]
        : [],
    ),
  ];
}

function linksOf({ projects, deals }: Division): Link[] {
  const contracts = projects.flatMap((project) =>
    project.contract.flatMap((deal): Link[] => {
      const by = [
        ...(deal.projectKey === null ? [] : ['deal' as const]),
        ...(project.namesDeals ? ['project' as const] : []),
      ];
      return by.length === 0
        ? []
        : [{ opportunity: dealNamed(deal).key, project: projectNamed(project).key, role: 'contract', by }];
    }),
  );
  const orders = deals.flatMap((deal): Link[] =>
    deal.changeRequestKey === null || deal.projectKey === null
      ? []
      : [
          {
            opportunity: dealNamed(deal).key,
            project: `jira-project-key:${deal.projectKey}`,
            role: 'change-order',
            by: ['deal'],
          },
        ],
  );
  return [...contracts, ...orders];
}

function likelyPairs({ people, clients, projects, deals }: Division): Likely[] {
  return [
    ...projects
      .filter(({ quirk }) => quirk === 'likely')
      .flatMap((project) =>
        project.contract.map((deal): Likely => ({
          kinds: ['opportunity', 'project'],
          keys: [dealNamed(deal).key, projectNamed(project).key],
          because: 'One client, and names that differ in punctuation only.',
        })),
      ),
    ...clients.flatMap((client): Likely[] =>
      client.listed && client.listed.domain !== client.domain
        ? [
            {
              kinds: ['client', 'client'],
              keys: [clientNamed(client).key, clientRowNamed(client).key],
              because: 'One name, two domains.',
            },
          ]
        : [],
    ),
    ...people.filter(isSplit).map((person): Likely => ({
      kinds: ['person', 'person'],
      keys: [personNamed(person).key, `jira-account:${person.accountId}`],
      because: 'One name; Jira hides the e-mail address.',
    })),
    ...deals.flatMap(({ id, duplicateOf }): Likely[] =>
      duplicateOf === null
        ? []
        : [
            {
              kinds: ['opportunity', 'opportunity'],
              keys: [`hubspot-deal:${duplicateOf}`, `hubspot-deal:${id}`],
              because: 'Entered twice.',
            },
          ],
    ),
  ];
}
