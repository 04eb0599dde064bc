import type { OAuthClient } from '@plumbline/connector';
import type { HubSpotConfig, HubSpotSecrets } from './config.ts';

/** An OAuth app's tokens are good for half an hour; its refresh token stays the same until a person removes the app. */
export function oauthClient(source: { config: HubSpotConfig; secrets: HubSpotSecrets }): OAuthClient | null {
  const { clientId, clientSecret, refreshToken } = source.secrets;
  if (clientId === undefined || clientSecret === undefined || refreshToken === undefined) return null;
  return {
    tokenUrl: `${source.config.address}/oauth/v1/token`,
    encoding: 'form',
    clientId,
    clientSecret,
    grant: { member: 'refreshToken', text: refreshToken },
    rotates: false,
  };
}
