import { defineConnector } from '@plumbline/connector';
import { checkSite } from './check.ts';
import { jiraConfigSchema, jiraSecretsSchema, type JiraConfig, type JiraSecrets } from './config.ts';
import { webhookPathOf } from './dynamic-webhooks.ts';
import { issuesStream } from './issues.stream.ts';
import { projectsStream } from './projects.stream.ts';
import { inventory } from './inventory.ts';
import { oauthClient } from './oauth.ts';
import { diagnoseJira, jiraLimits } from './rate-limits.ts';
import { setup } from './setup.ts';
import { usersStream } from './users.stream.ts';
import { versionsStream } from './versions.stream.ts';
import { webhooks } from './webhooks.ts';
import { worklogsStream } from './worklogs.stream.ts';

/** Reads one Jira Cloud site, by an API token or as an OAuth app. */
export const jira = defineConnector<JiraConfig, JiraSecrets>({
  name: 'jira',
  title: 'Jira Cloud',
  config: jiraConfigSchema,
  secrets: jiraSecretsSchema,
  keySchemes: [
    'jira-account',
    'jira-project',
    'jira-project-key',
    'jira-version',
    'jira-issue',
    'jira-issue-key',
    'jira-worklog',
  ],
  limits: jiraLimits,
  diagnose: diagnoseJira,
  oauth: oauthClient,
  // The refresh token is hidden by whoever exchanges it.
  secretTexts: (secrets) =>
    [secrets.apiToken, secrets.clientSecret, secrets.webhookSecret, webhookPathOf(secrets)].filter(
      (text) => text !== undefined,
    ),
  check: checkSite,
  inventory,
  setup,
  streams: [usersStream, projectsStream, versionsStream, issuesStream, worklogsStream],
  webhooks,
});
