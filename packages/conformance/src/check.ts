import type { Stand } from './stand.ts';
import type { Ability, Proof, Setting } from './subject.ts';

/** One thing that a connector has to get right. */
export interface Check {
  /** What holds when it passes, as a sentence. */
  name: string;
  /** What the subject has to be able to do. */
  wants: readonly Ability[];
  /** For requests that prove themselves in this way only; any when absent. */
  proof?: Proof;
  /** How the vendor is set up; `start` is the vendor's time when the check begins. */
  setting?: Partial<Omit<Setting, 'clock'>> & { start?: string };
  /** How many sources read the account, each from the beginning; 1 when absent. */
  readers?: number;
  /** Throws a Violation when the connector does not get it right. */
  run(stand: Stand): Promise<void>;
}
