import type { CurrencySource, JiraConfig, MoneyField } from './config.ts';

/** Something of the site that the configuration names, and where it does. */
export interface ConfiguredName {
  /** Path within the configuration: `changeRequests.priceDelta.field`. */
  path: string;
  name: string;
}

/** Every field id that the configuration names. */
export function configuredFields(config: JiraConfig): ConfiguredName[] {
  const { workItems, changeRequests: request, risks, milestones } = config;
  return [
    ...(workItems.points?.length === 1
      ? one('workItems.points', workItems.points[0])
      : list('workItems.points', workItems.points ?? [])),
    ...money('changeRequests.priceDelta', request.priceDelta),
    ...money('changeRequests.costDelta', request.costDelta),
    ...money('changeRequests.listPrice', request.listPrice),
    ...one('changeRequests.effortDelta.field', request.effortDelta?.field),
    ...one('changeRequests.scheduleDeltaDays', request.scheduleDeltaDays),
    ...one('changeRequests.origin', request.origin),
    ...one('risks.probability.field', risks.probability?.field),
    ...money('risks.impact', risks.impact),
    ...one('risks.response', risks.response),
    ...one('milestones.forecast', milestones.forecast),
    ...money('milestones.amount', milestones.amount),
    ...Object.entries(config.customFields).map(([name, fieldId]) => ({ path: `customFields.${name}`, name: fieldId })),
  ];
}

export function configuredIssueTypes(config: JiraConfig): ConfiguredName[] {
  return kinds.flatMap((kind) => list(`${kind}.issueTypes`, config[kind].issueTypes));
}

export function configuredStatuses({ changeRequests, risks }: JiraConfig): ConfiguredName[] {
  return [
    ...Object.keys(changeRequests.states).map((name) => ({ path: `changeRequests.states.${name}`, name })),
    ...Object.keys(risks.statuses).map((name) => ({ path: `risks.statuses.${name}`, name })),
  ];
}

export function configuredLinkWords({ changeRequests }: JiraConfig): ConfiguredName[] {
  return list('changeRequests.linkTypes', changeRequests.linkTypes);
}

export function configuredProjects({ projects }: JiraConfig): ConfiguredName[] {
  return list('projects', projects);
}

export function configuredQueries(config: JiraConfig): ConfiguredName[] {
  return kinds.flatMap((kind) => one(`${kind}.jql`, config[kind].jql));
}

const kinds = ['changeRequests', 'risks', 'milestones'] as const;

function one(path: string, name: string | undefined): ConfiguredName[] {
  return name === undefined ? [] : [{ path, name }];
}

function list(path: string, names: readonly string[]): ConfiguredName[] {
  return names.map((name, index) => ({ path: `${path}.${index}`, name }));
}

function money(path: string, field: MoneyField | undefined): ConfiguredName[] {
  if (!field) return [];
  return [...one(`${path}.field`, field.field), ...currency(`${path}.currency.field`, field.currency)];
}

function currency(path: string, source: CurrencySource): ConfiguredName[] {
  return 'field' in source ? one(path, source.field) : [];
}
