import type { Context } from '../kernel/context.ts';
import type { CheckInSettings } from './check-ins.settings.ts';
import type { Reader } from './opportunity-view.store.ts';

declare module '../kernel/context.ts' {
  interface Context {
    checkIns: CheckInSettings;
  }
}

/** Who asks, as views are meant for them. */
export function readerOf({ actor, checkIns }: Pick<Context, 'actor' | 'checkIns'>): Reader {
  return { actor, isLeadership: checkIns.leadership.includes(actor) };
}
