import { pathOfSite } from '../emulator/index.ts';

/**
 * Every operation that the connector calls, as contracts write them. The contract test sees each of them; every other test
 * fails when one is called that is not here.
 */
export const operations = [
  'POST /oauth/token',
  'GET /oauth/token/accessible-resources',
  'GET /rest/api/3/myself',
  'GET /rest/api/3/users/search',
  'GET /rest/api/3/project/search',
  'GET /rest/api/3/project/{projectIdOrKey}/versions',
  'GET /rest/api/3/status',
  'GET /rest/api/3/field',
  'GET /rest/api/3/issuetype',
  'GET /rest/api/3/issueLinkType',
  'POST /rest/api/3/search/jql',
  'POST /rest/api/3/search/approximate-count',
  'POST /rest/api/3/jql/match',
  'POST /rest/api/3/issue/bulkfetch',
  'POST /rest/api/3/changelog/bulkfetch',
  'GET /rest/api/3/worklog/updated',
  'GET /rest/api/3/worklog/deleted',
  'POST /rest/api/3/worklog/list',
  'GET /rest/api/3/webhook',
  'POST /rest/api/3/webhook',
  'DELETE /rest/api/3/webhook',
  'PUT /rest/api/3/webhook/refresh',
  'GET /rest/agile/1.0/board',
  'GET /rest/agile/1.0/board/{boardId}/sprint',
];

/** Apps are answered at an address of Atlassian's, with the site's paths behind it. */
export function withoutGateway({ method, path }: { method: string; path: string }): { method: string; path: string } {
  return { method, path: pathOfSite(path) };
}
