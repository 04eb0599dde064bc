import { readJson, type PollContext } from '@plumbline/connector';
import type { CloudClient } from 'jira.js/cloud';
import type { Client, SendRequestOptions } from 'jira.js/core';
import type { JiraConfig, JiraSecrets } from './config.ts';
import { addressOf } from './oauth.ts';
import { classify } from './rate-limits.ts';

export type JiraContext = PollContext<JiraConfig, JiraSecrets>;

/**
 * The official client over our transport. Its response schemas are left out on purpose: they turn timestamps into Date
 * and lose the offset, which decides the day a worklog belongs to.
 */
export async function jiraClient(context: JiraContext): Promise<CloudClient> {
  // Loaded late: it costs some 0.4 s and 80 MB, which only who reads a Jira site should pay.
  const { createCloudClient } = await import('jira.js/cloud');
  return createCloudClient(await transportClient(context));
}

/** What jira.js takes in place of its own HTTP: anything that sends a request. */
export async function transportClient(context: JiraContext): Promise<Client> {
  const { http, signal, logger } = context;
  const address = await addressOf(context);
  const authorization = authorizationOf(context);
  return {
    async sendRequest<T>(options: SendRequestOptions<T>): Promise<T> {
      const method = options.method ?? 'GET';
      const url = new URL(`${address}${options.url}`);
      appendSearchParams(url, options.searchParams);
      const body = options.body === undefined ? undefined : JSON.stringify(options.body);
      const response = await http.fetch(
        url,
        {
          method,
          signal,
          headers: {
            accept: 'application/json',
            ...authorization,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...options.headers,
          },
          ...(body === undefined ? {} : { body }),
        },
        classify(method, url.pathname),
      );
      if (response.status === 204 || response.status === 202) return undefined as T;
      logger.debug({ method, path: url.pathname, status: response.status }, 'Jira answered');
      return (await readJson(response, url.host)) as T;
    },
  };
}

/** An app's access token is brought by the transport. */
function authorizationOf({ config, secrets }: JiraContext): Record<string, string> {
  if (secrets.apiToken === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${config.email}:${secrets.apiToken}`).toString('base64')}` };
}

/** Arrays become repeated parameters, as jira.js itself writes them; what is not set is left out. */
function appendSearchParams(url: URL, searchParams: Record<string, unknown> | undefined): void {
  for (const [name, value] of Object.entries(searchParams ?? {})) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) url.searchParams.append(name, String(each));
    }
  }
}
