export { configSchema, secretsSchema, type HubSpotConfig, type HubSpotSecrets } from './config.ts';
export { hubspot } from './connector.ts';
