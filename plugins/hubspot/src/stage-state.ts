import type { opportunityStates } from '@plumbline/connector';
import type { Stage } from './account.ts';
import type { HubSpotConfig } from './config.ts';

export type OpportunityState = (typeof opportunityStates)[number];

/** Below which chance of winning an open stage means what; the last one has no bound. */
const openStates: readonly { below: number; state: OpportunityState }[] = [
  { below: 0.3, state: 'QUALIFYING' },
  { below: 0.5, state: 'SCOPING' },
  { below: 0.8, state: 'PROPOSED' },
  { below: Number.POSITIVE_INFINITY, state: 'NEGOTIATING' },
];

/**
 * What a stage means: what the configuration says of it, otherwise by its own chance of winning. Undefined for an open
 * stage that has none.
 */
export function stateOfStage(
  stage: Pick<Stage, 'id' | 'probability' | 'isClosed'>,
  stageStates: HubSpotConfig['deals']['stageStates'],
): OpportunityState | undefined {
  const configured = Object.hasOwn(stageStates, stage.id) ? stageStates[stage.id] : undefined;
  if (configured) return configured;
  const { probability, isClosed } = stage;
  if (isClosed) return probability === 1 ? 'WON' : 'LOST';
  return probability === null ? undefined : openStates.find(({ below }) => probability < below)?.state;
}
