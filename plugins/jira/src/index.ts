export {
  jiraConfigSchema,
  jiraSecretsSchema,
  type JiraConfig,
  type JiraConfigInput,
  type JiraSecrets,
} from './config.ts';
export { jira } from './jira.connector.ts';
