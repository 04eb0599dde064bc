export { createBudget, type Budget, type Limit, type Limits } from './budget.ts';
export { memoryLedger, type Booked, type Booking, type BudgetLedger } from './budget-ledger.ts';
export { manualClock, systemClock, type Clock, type ManualClock } from './clock.ts';
export {
  defineConnector,
  defineStream,
  describeIssues,
  type Check,
  type Connector,
  type ConnectorDefinition,
  type CursorWorth,
  type InstalledConnector,
  type Page,
  type PollContext,
  type Listed,
  type Presence,
  type RawRecord,
  type Sight,
  type Stream,
  type StreamDefinition,
} from './connector.ts';
export { errorCodes, explain, HubError, type ErrorCode, type HubErrorDetails } from './errors.ts';
export * as field from './fields.ts';
export { type Field, type FieldType, type JsonValue, type Key, type MoneyValue } from './fields.ts';
export {
  changeRequestStates,
  kindNames,
  kinds,
  milestoneStatuses,
  openPointStatuses,
  opportunityStates,
  personStatuses,
  projectStatuses,
  proposalStates,
  riskStatuses,
  severities,
  statusCategories,
  type FieldName,
  type FieldValues,
  type KindName,
} from './kinds.ts';
export {
  isWrittenAs,
  type Inventory,
  type InventoryDefinition,
  type Item,
  type MappedList,
  type NamedItem,
} from './inventory.ts';
export { silentLogger, type Logger } from './logger.ts';
export {
  fieldsOf,
  isFieldOf,
  parseRecord,
  record,
  type AnyRecord,
  type PastValue,
  type UnifiedRecord,
} from './record.ts';
export { createAccessTokens, withAccess, type AccessTokens, type OAuthClient } from './oauth.ts';
export { readGrant, writeGrant } from './oauth-grant.ts';
export { growingRedactor, redactor, type Redact } from './redact.ts';
export { keepInMemory, type SecretKeeper } from './secret-keeper.ts';
export { diagnoseHttp, readJson, retryAfterMs, type Answer, type Diagnose, type Diagnosis } from './answer.ts';
export {
  answersTo,
  answerTo,
  type Setup,
  type SetupAnswers,
  type SetupDefinition,
  type SetupMapping,
  type SetupOption,
  type SetupQuestion,
} from './setup.ts';
export { nearest } from './nearest.ts';
export { memberName, memberNames, wordsOf } from './words.ts';
export { createTransport, type Call, type Transport, type TransportStats } from './transport.ts';
export {
  view,
  viewItems,
  viewRecords,
  type BoundView,
  type View,
  type ViewField,
  type ViewItems,
  type ViewRecords,
} from './view.ts';
export {
  refused,
  sameSecret,
  type Accepted,
  type Notice,
  type Reception,
  type Refused,
  type StandingSubscriptions,
  type SubscribeInput,
  type Subscription,
  type WebhookDefinition,
  type WebhookRequest,
  type Webhooks,
} from './webhook.ts';
