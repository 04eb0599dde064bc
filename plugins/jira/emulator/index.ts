export { pathOfSite } from './oauth.ts';
export { type JiraLimits } from './limits.ts';
export { startJiraEmulator, type JiraEmulator, type JiraEmulatorOptions } from './jira-emulator.ts';
export { type IssueDraft, type IssuePatch, type ProjectPatch, type WorklogDraft, type WorklogPatch } from './inputs.ts';
export { type JiraControls, type JiraLoad } from './state.ts';
export {
  type JiraBoard,
  type JiraField,
  type JiraHistory,
  type JiraIssue,
  type JiraProject,
  type JiraSite,
  type JiraUser,
  type JiraVersion,
  type JiraWorklog,
} from './seed.ts';
