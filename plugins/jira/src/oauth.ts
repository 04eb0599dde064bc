import { HubError, readJson, type OAuthClient } from '@plumbline/connector';
import { z } from 'zod';
import { readerOf } from './answers.ts';
import type { JiraConfig, JiraSecrets } from './config.ts';
import type { JiraContext } from './jira-client.ts';

/** Where Atlassian answers apps, and where it gives out tokens. */
export const usualPlaces = { api: 'https://api.atlassian.com', login: 'https://auth.atlassian.com' };

/** Atlassian makes every refresh token good for one use; the next one comes with the answer. */
export function oauthClient({ config, secrets }: { config: JiraConfig; secrets: JiraSecrets }): OAuthClient | null {
  const { clientId, clientSecret, refreshToken } = secrets;
  if (clientId === undefined || clientSecret === undefined || refreshToken === undefined) {
    if (config.email !== undefined) return null;
    throw new HubError({
      code: 'BAD_CONFIG',
      message:
        'The configuration of Jira has no `email`, and an API token opens a site together with its account’s only.',
      remedy: 'Give the e-mail address of the account, or the secrets of an OAuth app.',
    });
  }
  return {
    tokenUrl: `${config.oauth?.login ?? usualPlaces.login}/oauth/token`,
    encoding: 'json',
    clientId,
    clientSecret,
    grant: { member: 'refreshToken', text: refreshToken },
    rotates: true,
  };
}

const sitesSchema = z.array(z.looseObject({ id: z.string().regex(/^[\w-]+$/), url: z.string() }));

/** What sites are called at Atlassian's address for apps; a site keeps its id for good. */
const cloudIds = new WeakMap<JiraConfig, string>();

/** Where a site's API is: at the site's own address by an API token, at Atlassian's for apps by OAuth. */
export async function addressOf(context: JiraContext): Promise<string> {
  const { config, secrets } = context;
  if (secrets.apiToken !== undefined) return config.site;
  const api = config.oauth?.api ?? usualPlaces.api;
  const cloudId = cloudIds.get(config) ?? (await findCloudId(context, api));
  cloudIds.set(config, cloudId);
  return `${api}/ex/jira/${cloudId}`;
}

async function findCloudId({ config, http, signal }: JiraContext, api: string): Promise<string> {
  const response = await http.fetch(
    `${api}/oauth/token/accessible-resources`,
    { headers: { accept: 'application/json' }, signal },
    { endpointClass: 'directory', idempotent: true },
  );
  const read = readerOf(config.site);
  const sites = read('accessible-resources', sitesSchema, await readJson(response, api));
  const found = sites.find(({ url }) => plain(url) === plain(config.site));
  if (found) return found.id;
  throw new HubError({
    code: 'PERMISSION_DENIED',
    message: `The app was not let into ${config.site}; it was let into ${sites.map(({ url }) => url).join(', ') || 'no site'}.`,
    remedy: 'Correct `site`, or connect again and choose this site.',
  });
}

const plain = (address: string): string => address.replace(/\/+$/, '').toLowerCase();
