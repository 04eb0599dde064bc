import { opportunityStates } from '@plumbline/connector';
import { z } from 'zod';
import { apiVersions } from './versions.ts';

const property = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'wants the internal name of a HubSpot property: lower case, digits and underscores');

/** A property of HubSpot's that a site may replace by its own; null: the site has none. */
const mapped = (name: string, description: string) => property.nullable().default(name).describe(description);

const customFieldTypes = ['text', 'number', 'date', 'instant', 'flag', 'list'] as const;
export type CustomFieldType = (typeof customFieldTypes)[number];

const customField = z.union([
  property.transform((name) => ({ property: name, type: 'text' as CustomFieldType })),
  z.strictObject({
    property: property.describe('Internal name of the property.'),
    type: z.enum(customFieldTypes).describe('How its text is read; a list is what HubSpot separates by semicolons.'),
  }),
]);

const customFields = (what: string) =>
  z
    .record(z.string().min(1).max(100), customField)
    .default({})
    .describe(`Further properties of ${what}, by the name they get: { "region": "sales_region" }.`);

const dealProperties = z.strictObject({
  name: mapped('dealname', 'What the deal is called.'),
  amount: mapped('amount', 'Its amount, in the currency of the deal.'),
  currency: mapped('deal_currency_code', 'ISO 4217 code; where it is empty, the portal’s currency applies.'),
  probability: mapped(
    'hs_deal_stage_probability',
    'Chance of winning, 0 to 1; where it is empty, the stage’s applies.',
  ),
  closeDate: mapped('closedate', 'Expected or actual close; a moment is read as a day in the portal’s time zone.'),
  owner: mapped('hubspot_owner_id', 'Id of the owner.'),
  lastActivityAt: mapped('notes_last_contacted', 'The last contact with the client, not the last modification.'),
  nextStep: mapped('hs_next_step', 'What happens next.'),
  nextStepDate: property
    .nullable()
    .default('notes_next_activity_date')
    .describe('When the next step is due; HubSpot keeps the date of the next scheduled activity.'),
  forecastCategory: mapped('hs_manual_forecast_category', 'The seller’s forecast category.'),
  stageEnteredAt: mapped('hs_v2_date_entered_current_stage', 'When the present stage was entered.'),
});

const historyFields = ['stage', 'amount', 'closeDate', 'owner'] as const;
export type HistoryField = (typeof historyFields)[number];

/** Providers of mailboxes for everybody: a domain of theirs says nothing about who a company is. */
const mailboxProviders = [
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'yahoo.com',
  'icloud.com',
  'gmx.de',
  'web.de',
];

const deals = z.strictObject({
  properties: dealProperties
    .prefault({})
    .describe('Which property holds which field, where a site differs from HubSpot’s own.'),
  projectKey: z
    .strictObject({
      property: property
        .default('jira_project_key')
        .describe('The property that names the projects which deliver the deal.'),
      scheme: z
        .string()
        .regex(/^[a-z][a-z-]*$/)
        .default('jira-project-key')
        .describe('What kind of name it is: the scheme of the keys that other connectors give to projects.'),
    })
    .nullable()
    .default(null)
    .describe('Where a deal says which projects deliver it; several are separated by semicolon or comma.'),
  stageStates: z
    .record(z.string().min(1), z.enum(opportunityStates))
    .default({})
    .describe(
      'What a stage means, by its id. For others: closed with probability 1 is WON, otherwise closed is LOST; ' +
        'open below 0.3 is QUALIFYING, below 0.5 SCOPING, below 0.8 PROPOSED, else NEGOTIATING.',
    ),
  pipelines: z
    .array(z.string().min(1))
    .min(1)
    .nullable()
    .default(null)
    .describe('Ids of the pipelines to read; null reads all. A deal that leaves them is removed from the graph.'),
  history: z
    .array(z.enum(historyFields))
    .default([...historyFields])
    .describe(
      'Fields whose past values are read from HubSpot’s property history; a stage’s history gives the state’s.',
    ),
  customFields: customFields('deals'),
});

const companies = z.strictObject({
  currencyProperty: property
    .nullable()
    .default(null)
    .describe('The property with the currency the client is billed in.'),
  unifyByDomain: z
    .boolean()
    .default(true)
    .describe('Whether an internet domain identifies a company, here and in other sources.'),
  ignoredDomains: z
    .array(z.string())
    .default(mailboxProviders)
    .describe('Domains that never identify a company, such as those of mailbox providers.'),
  customFields: customFields('companies'),
});

const lineItems = z.strictObject({ customFields: customFields('line items') });

export const configSchema = z.strictObject({
  address: z
    .url({ protocol: /^https?$/ })
    .refine(keepsSecrets, 'wants https, since the token travels with every request')
    .default('https://api.hubapi.com')
    .transform((address) => address.replace(/\/+$/, ''))
    .describe('Where HubSpot’s API is.'),
  apiVersion: z
    .enum(apiVersions)
    .default('v3')
    .describe('"v3", whose associations HubSpot answers until March 2027, or the dated version that comes after it.'),
  portalId: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('The portal that is read; what an app says of another one that let it in is not taken.'),
  deals: deals.prefault({}).describe('How deals become opportunities.'),
  companies: companies.prefault({}).describe('How companies become clients.'),
  lineItems: lineItems.prefault({}).describe('How line items are read.'),
  exchangeRates: z
    .boolean()
    .default(false)
    .describe('Whether the portal’s exchange rates are read; for firms that keep them in no other source.'),
  limits: z
    .strictObject({
      requestsPerTenSeconds: z
        .number()
        .int()
        .min(20)
        .max(1_000)
        .default(100)
        .describe('What the subscription allows one app: 100, Professional and Enterprise 190, with the add-on 250.'),
      searchesPerSecond: z
        .number()
        .min(0.5)
        .max(5)
        .default(4)
        .describe('Searches; HubSpot allows 5 for the whole account, over all its apps.'),
    })
    .prefault({})
    .describe('How fast HubSpot may be asked.'),
});
export type HubSpotConfig = z.output<typeof configSchema>;
/** What a person writes: members with defaults may be left out. */
export type HubSpotConfigInput = z.input<typeof configSchema>;

export const secretsSchema = z
  .strictObject({
    accessToken: z.string().min(8).optional().describe('Access token of a private app in the portal.'),
    clientId: z.string().min(8).optional().describe('Client id of an OAuth app, instead of an access token.'),
    clientSecret: z.string().min(16).optional().describe('Its client secret, which also signs its webhooks.'),
    refreshToken: z.string().min(8).optional().describe('Refresh token by which the portal let the app in.'),
    webhookSecret: z
      .string()
      .min(16)
      .optional()
      .describe('Client secret of the private app, which signs its webhooks; without it the portal is polled only.'),
  })
  .refine(
    ({ accessToken, clientId, clientSecret, refreshToken }) => {
      const ofOAuth = [clientId, clientSecret, refreshToken].filter((text) => text !== undefined).length;
      return accessToken === undefined ? ofOAuth === 3 : ofOAuth === 0;
    },
    { error: 'wants accessToken, or clientId, clientSecret and refreshToken of an OAuth app', path: ['accessToken'] },
  );
export type HubSpotSecrets = z.output<typeof secretsSchema>;

/** Plain HTTP only where nothing leaves the machine: for emulators. */
function keepsSecrets(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
}
