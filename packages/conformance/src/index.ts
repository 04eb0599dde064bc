export { testConnector } from './test-connector.ts';
export {
  abilities,
  type Ability,
  type Conformance,
  type Draft,
  type Refusal,
  type Setting,
  type Subject,
  type Telling,
} from './subject.ts';
