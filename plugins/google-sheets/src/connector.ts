import { defineConnector, type Connector, type Limits } from '@plumbline/connector';
import { checkSheets } from './check.ts';
import { configSchema, type GoogleSheetsConfig } from './config.ts';
import { diagnoseGoogle } from './diagnose.ts';
import { inventory } from './inventory.ts';
import { secretsSchema, type GoogleSheetsSecrets } from './secrets.ts';
import { setup } from './setup.ts';
import { tabStreams } from './tab-stream.ts';
import { webhooks } from './webhooks.ts';

/** Tabs of Google Sheets, each mapped to a kind by configuration. */
export const googleSheets: Connector = defineConnector<GoogleSheetsConfig, GoogleSheetsSecrets>({
  name: 'google-sheets',
  title: 'Google Sheets',
  config: configSchema,
  secrets: secretsSchema,
  keySchemes: ['sheet-row'],
  limits: (config) => limitsOf(config.requestsPerMinute),
  account: ({ secrets }) => secrets.clientEmail,
  diagnose: diagnoseGoogle,
  secretTexts: (secrets) => [secrets.privateKey],
  check: checkSheets,
  inventory,
  setup,
  streams: [tabStreams],
  webhooks,
});

/**
 * Google counts a rolling minute, and a budget that may burst sends its burst and a minute's worth within one. So a
 * tenth may come at once and the rest is spread: together never more than a minute's quota.
 */
function limitsOf(requestsPerMinute: number): Limits {
  const burst = Math.max(1, Math.floor(requestsPerMinute / 10));
  return { account: { calls: requestsPerMinute - burst, perMs: 60_000, burst } };
}
