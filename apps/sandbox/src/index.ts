export { generateCompany, type Company } from './company.ts';
export {
  figureDefinitions,
  scopeClasses,
  type AbsorbedChange,
  type Figures,
  type Leakage,
  type MoneyText,
  type Overrun,
  type ProjectFigures,
  type ScopeClass,
  type Slippage,
} from './figure-types.ts';
export { type HubSpotBatch } from './hubspot-holding.ts';
export { type JiraBatch } from './jira-holding.ts';
export { type CompanyOptions } from './plan.ts';
export { startSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';
export { saidAmongColleagues, tellStory, type StoryOptions, type Told } from './story/story.ts';
export { type SandboxSource } from './sources.ts';
export {
  ruleConditions,
  type Anomaly,
  type Likely,
  type Link,
  type Named,
  type Quarantined,
  type RuleId,
  type Truth,
} from './truth-types.ts';
