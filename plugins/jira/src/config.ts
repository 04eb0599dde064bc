import { changeRequestStates, riskStatuses } from '@plumbline/connector';
import { z } from 'zod';

const fieldId = z
  .string()
  .regex(/^(customfield_\d+|[a-z][a-zA-Z]+)$/, 'wants the id of a field such as "customfield_10016"')
  .describe('Id of a field, as GET /rest/api/3/field lists it; names are translated and not unique.');

const keyScheme = z.string().regex(/^[a-z][a-z0-9-]*$/, 'wants lower case with dashes, such as "hubspot-deal"');

const regularExpression = z.string().refine(compiles, 'wants a regular expression with exactly one group');

const currency = z
  .union([
    z.strictObject({
      fixed: z
        .string()
        .regex(/^[A-Z]{3}$/, 'wants an ISO 4217 code such as "EUR"')
        .describe('ISO 4217 code.'),
    }),
    z.strictObject({ field: fieldId }),
  ])
  .describe('The currency of the amounts: one for all, as ISO 4217 code, or a field (select or text) that holds it.');

const money = z.strictObject({ field: fieldId.describe('Number field that holds the amount.'), currency });

const effort = z.strictObject({
  field: fieldId.describe('Number field that holds the effort.'),
  unit: z.enum(['seconds', 'hours', 'days']).describe('What one unit of that number is.'),
  hoursPerDay: z.number().positive().max(24).default(8).describe('Hours of a working day; only for the unit "days".'),
});

const probability = z.strictObject({
  field: fieldId.describe('Number or select field that holds the probability.'),
  scale: z
    .union([z.enum(['ratio', 'percent']), z.record(z.string(), z.number().min(0).max(1))])
    .describe('"ratio": 0 to 1. "percent": 0 to 100. Or what each option means: { "Likely": 0.7 }.'),
});

const matcher = {
  issueTypes: z.array(z.string().min(1)).default([]).describe('Issue types, by name or id.'),
  labels: z.array(z.string().min(1)).default([]).describe('Labels; one of them on an issue is enough.'),
  jql: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A JQL condition without ORDER BY. Only what changes an issue’s `updated` is noticed when it changes a match.',
    ),
};

const opportunities = z.discriminatedUnion('from', [
  z.strictObject({
    from: z.literal('property').describe('A project’s entity property names its opportunity.'),
    property: z.string().min(1).describe('Key of the entity property, such as "plumbline".'),
    path: z
      .array(z.string().min(1))
      .default([])
      .describe('Members that lead to the id within the property’s value; a list there names several opportunities.'),
    scheme: keyScheme.default('hubspot-deal').describe('Scheme of the keys it gives: `scheme:id`.'),
  }),
  z.strictObject({
    from: z.literal('description').describe('A project’s description names its opportunity.'),
    pattern: regularExpression.describe('Regular expression with one group; every match names one opportunity.'),
    scheme: keyScheme.default('hubspot-deal').describe('Scheme of the keys it gives: `scheme:id`.'),
  }),
]);

const workItems = z.strictObject({
  points: z
    .union([fieldId, z.array(fieldId).min(1)], {
      error: 'wants the id of a field such as "customfield_10016", or several',
    })
    .transform((given) => [given].flat())
    .optional()
    .describe(
      'Field of story points, or several: team-managed projects have one of their own. The first with a value counts.',
    ),
});

const changeRequests = z.strictObject({
  ...matcher,
  alsoWorkItem: z
    .boolean()
    .default(true)
    .describe('Whether a change request is a work item too, so that time logged on it counts for it.'),
  linkTypes: z
    .array(z.string().min(1))
    .default([])
    .describe('Link words as a work item shows them towards its change request, such as "implements".'),
  childrenImplement: z.boolean().default(true).describe('Whether child issues of a change request implement it.'),
  states: z
    .record(z.string(), z.enum(changeRequestStates))
    .default({})
    .describe('What each status means, by name or id; a status that is not named here gives no state.'),
  priceDelta: money.optional().describe('What the client pays more.'),
  costDelta: money.optional().describe('What it costs more.'),
  listPrice: money.optional().describe('What it would cost the client by the price list.'),
  effortDelta: effort.optional().describe('Additional work.'),
  scheduleDeltaDays: fieldId.optional().describe('Number field: by how many calendar days it moves the end.'),
  origin: fieldId.optional().describe('Text or select field: how the request came up.'),
});

const risks = z.strictObject({
  ...matcher,
  statuses: z.record(z.string(), z.enum(riskStatuses)).default({}).describe('What each status means, by name or id.'),
  probability: probability.optional().describe('How likely it is.'),
  impact: money.optional().describe('What it would cost.'),
  response: fieldId.optional().describe('Text field: what is done about it.'),
});

const milestones = z.strictObject({
  ...matcher,
  forecast: fieldId.optional().describe('Date field: the day expected now.'),
  amount: money.optional().describe('What is invoiced when it is accepted.'),
  fromVersions: z.boolean().default(true).describe('Whether every project’s versions are milestones.'),
});

const secretPlace = z
  .url({ protocol: /^https?$/ })
  .refine(keepsSecrets, 'wants https, since secrets travel with every request')
  .transform((address) => address.replace(/\/+$/, ''));

/** How one Jira site is read: where it is, and where it keeps what the hub's kinds ask for. */
export const jiraConfigSchema = z.strictObject({
  site: z
    .url({ protocol: /^https?$/ })
    .refine(keepsSecrets, 'wants https, since the API token travels with every request')
    .transform((address) => address.replace(/\/+$/, ''))
    .describe('Address of the site, such as "https://acme.atlassian.net".'),
  email: z.email().optional().describe('E-mail address of the account whose API token is used; none for an OAuth app.'),
  oauth: z
    .strictObject({
      api: secretPlace.describe('Where Atlassian answers apps; https://api.atlassian.com when absent.'),
      login: secretPlace.describe('Where Atlassian gives out tokens; https://auth.atlassian.com when absent.'),
    })
    .partial()
    .optional()
    .describe('Other addresses than Atlassian’s own for an OAuth app, for tests and proxies.'),
  projects: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'wants a project key such as "ACME"'))
    .default([])
    .describe('Keys of the projects to read; empty: every project the account can see.'),
  boards: z
    .boolean()
    .default(true)
    .describe('Whether boards and sprints of Jira Software are read: a request for each board that may have sprints.'),
  opportunities: opportunities.optional().describe('How a project names what it was sold as.'),
  workItems: workItems.prefault({}).describe('Every issue that is none of the other kinds is a work item.'),
  changeRequests: changeRequests
    .prefault({})
    .describe('Which issues are change requests, and where their figures are.'),
  risks: risks.prefault({}).describe('Which issues are risks.'),
  milestones: milestones.prefault({}).describe('Which issues are milestones, beside versions.'),
  customFields: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/), fieldId)
    .default({})
    .describe('Further fields to carry along on everything that comes from an issue: { nameInTheGraph: fieldId }.'),
  rateShare: z
    .number()
    .positive()
    .max(1)
    .default(0.5)
    .describe('Share of Jira’s documented rate limits to use; other tools of the site live on the rest.'),
});

export type JiraConfig = z.output<typeof jiraConfigSchema>;
/** What a person writes: members with defaults may be left out. */
export type JiraConfigInput = z.input<typeof jiraConfigSchema>;
export type MoneyField = z.output<typeof money>;
export type CurrencySource = z.output<typeof currency>;
export type EffortField = z.output<typeof effort>;
export type ProbabilityField = z.output<typeof probability>;

export const jiraSecretsSchema = z
  .strictObject({
    apiToken: z.string().min(8).optional().describe('API token of the account, from id.atlassian.com.'),
    clientId: z.string().min(8).optional().describe('Client id of an OAuth app, instead of an API token.'),
    clientSecret: z
      .string()
      .min(16)
      .optional()
      .describe('Its client secret; the address of its webhooks is made of it.'),
    refreshToken: z
      .string()
      .min(8)
      .optional()
      .describe('Refresh token by which a person let the app in; the hub replaces it, so it has to be a stored one.'),
    webhookSecret: z.string().min(16).optional().describe('Secret of an administrator’s webhook, which signs by it.'),
  })
  .refine(
    ({ apiToken, clientId, clientSecret, refreshToken }) => {
      const ofOAuth = [clientId, clientSecret, refreshToken].filter((text) => text !== undefined).length;
      return apiToken === undefined ? ofOAuth === 3 : ofOAuth === 0;
    },
    { error: 'wants apiToken, or clientId, clientSecret and refreshToken of an OAuth app', path: ['apiToken'] },
  );
export type JiraSecrets = z.output<typeof jiraSecretsSchema>;

/** Plain HTTP only where nothing leaves the machine: for emulators. */
function keepsSecrets(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
}

function compiles(pattern: string): boolean {
  try {
    // An alternative that always matches reveals how many groups the pattern has.
    return new RegExp(`${pattern}|`).exec('')?.length === 2;
  } catch {
    return false;
  }
}
