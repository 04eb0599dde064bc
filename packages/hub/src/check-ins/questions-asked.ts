import type { Context } from '../kernel/context.ts';
import type { Reader } from './opportunity-view.store.ts';

/** From where, for whom and by which settings questions are asked. */
export interface QuestionsAsked {
  now: string;
  /** Views that are not meant for them ask nothing. */
  reader: Reader;
  settings: Pick<
    Context,
    'checkIns' | 'proposals' | 'warningLimits' | 'earnedValue' | 'scope' | 'nature' | 'calendars'
  >;
}
