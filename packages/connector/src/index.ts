export { createBudget, type Budget, type Limit, type Limits } from './budget.ts';
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
  type Presence,
  type RawRecord,
  type Stream,
  type StreamDefinition,
} from './connector.ts';
export { errorCodes, explain, HubError, type ErrorCode, type HubErrorDetails } from './errors.ts';
export { type Field, type FieldType, type JsonValue, type Key, type MoneyValue } from './fields.ts';
export {
  changeRequestStates,
  kindNames,
  kinds,
  milestoneStatuses,
  opportunityStates,
  personStatuses,
  projectStatuses,
  riskStatuses,
  statusCategories,
  type FieldName,
  type FieldValues,
  type KindName,
} from './kinds.ts';
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
export { redactor, type Redact } from './redact.ts';
export { diagnoseHttp, readJson, retryAfterMs, type Answer, type Diagnose, type Diagnosis } from './answer.ts';
export { createTransport, type Call, type Transport, type TransportStats } from './transport.ts';
