import { defineConnector } from '@plumbline/connector';
import { checkPortal } from './check.ts';
import { companies } from './companies.ts';
import { configSchema, secretsSchema, type HubSpotConfig, type HubSpotSecrets } from './config.ts';
import { deals } from './deals.ts';
import { exchangeRates } from './exchange-rates.ts';
import { inventory } from './inventory.ts';
import { lineItems } from './line-items.ts';
import { oauthClient } from './oauth.ts';
import { owners } from './owners.ts';
import { setup } from './setup.ts';
import { diagnose, limitsOf } from './vendor-errors.ts';
import { webhooks } from './webhooks.ts';

/** Reads a HubSpot portal: owners, companies, deals and line items, and exchange rates where that is wanted. */
export const hubspot = defineConnector<HubSpotConfig, HubSpotSecrets>({
  name: 'hubspot',
  title: 'HubSpot CRM',
  config: configSchema,
  secrets: secretsSchema,
  keySchemes: [
    'hubspot-owner',
    'hubspot-user',
    'hubspot-company',
    'hubspot-deal',
    'hubspot-line-item',
    'hubspot-exchange-rate',
  ],
  limits: limitsOf,
  diagnose,
  oauth: oauthClient,
  // The refresh token is hidden by whoever exchanges it.
  secretTexts: ({ accessToken, clientSecret, webhookSecret }) =>
    [accessToken, clientSecret, webhookSecret].filter((text) => text !== undefined),
  check: checkPortal,
  inventory,
  setup,
  streams: [owners, companies, deals, lineItems, exchangeRates],
  webhooks,
});
