export {
  startHubSpotEmulator,
  undatedPath,
  type HubSpotEmulator,
  type HubSpotEmulatorOptions,
} from './hubspot-emulator.ts';
export type { EmulatorLimits } from './answers.ts';
export type { ChangeOrigin } from './operations.ts';
export type { Patch } from './portal-state.ts';
export type {
  HubSpotAssociation,
  HubSpotHistoryEntry,
  HubSpotObjectType,
  HubSpotOwner,
  HubSpotPipeline,
  HubSpotPortal,
  HubSpotRecord,
} from './seed.ts';
