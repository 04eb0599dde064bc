export { testConnector } from './test-connector.ts';
export {
  abilities,
  type Ability,
  type Conformance,
  type Counterfeit,
  type Draft,
  type Proof,
  type Refusal,
  type Setting,
  type Subject,
  type Surrounding,
  type Telling,
} from './subject.ts';
