import type { Check } from '@plumbline/connector';
import type { InstalledSource } from '../sources/installed-source.ts';
import type { RunProgress, RunReport } from './engine.ts';
import type { ErasureRequest, ErasureRow } from './erasure.store.ts';
import type { HubWebhooks } from './webhooks.ts';

/** What the API may ask of the hub beside reading rows. */
export interface HubActions {
  sync(request: { sourceId?: string; stream?: string; census?: boolean; again?: boolean }): Promise<RunReport[]>;
  remap(request: { sourceId?: string; stream?: string }): Promise<RunReport[]>;
  /** Forgets a record or a person, in one transaction; the same again for the same key. */
  erase(request: ErasureRequest): Promise<ErasureRow>;
  /** What that would do, done and taken back. */
  previewErasure(request: ErasureRequest): Promise<ErasureRow>;
  check(sourceId?: string): Promise<{ sourceId: string; checks: Check[] }[]>;
  /** Calls back as runs of this process go on; returns how to stop that. */
  watch(listener: (progress: RunProgress) => void): () => void;
  readonly webhooks: Pick<HubWebhooks, 'statesOf' | 'addressOf'>;
}

declare module '../kernel/context.ts' {
  interface Context {
    sources: readonly InstalledSource[];
    actions: HubActions;
  }
}
