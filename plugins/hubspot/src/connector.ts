import { defineConnector } from '@plumbline/connector';
import { checkPortal } from './check.ts';
import { companies } from './companies.ts';
import { configSchema, secretsSchema, type HubSpotConfig, type HubSpotSecrets } from './config.ts';
import { deals } from './deals.ts';
import { lineItems } from './line-items.ts';
import { owners } from './owners.ts';
import { diagnose, limitsOf } from './vendor-errors.ts';

/** Reads a HubSpot portal: owners, companies, deals and line items. */
export const hubspot = defineConnector<HubSpotConfig, HubSpotSecrets>({
  name: 'hubspot',
  title: 'HubSpot CRM',
  config: configSchema,
  secrets: secretsSchema,
  keySchemes: ['hubspot-owner', 'hubspot-company', 'hubspot-deal', 'hubspot-line-item'],
  limits: limitsOf,
  diagnose,
  secretTexts: ({ accessToken }) => [accessToken],
  check: checkPortal,
  streams: [owners, companies, deals, lineItems],
});
