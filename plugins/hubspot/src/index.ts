export {
  configSchema,
  secretsSchema,
  type HubSpotConfig,
  type HubSpotConfigInput,
  type HubSpotSecrets,
} from './config.ts';
export { hubspot } from './connector.ts';
