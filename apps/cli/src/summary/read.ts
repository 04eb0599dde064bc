import type { Api } from '@plumbline/hub';
import type { CommandContext } from '../commands/command.ts';
import { findDisagreements } from './disagreements.ts';
import { findLeakage } from './leakage.ts';
import type { Summary } from './print.ts';
import { findPromises } from './promises.ts';
import { countAll } from './totals.ts';

/**
 * What there is, as of `today`. Null where it cannot be told, such as of so much work that a server cuts the question off:
 * that is said, and is no reason for a hub not to run. Throws only what an interruption brings about.
 */
export async function readSummary(
  { console, interruption }: Pick<CommandContext, 'console' | 'interruption'>,
  api: Pick<Api, 'query'>,
  today: string,
): Promise<Summary | null> {
  try {
    return {
      totals: await countAll(api),
      disagreements: await findDisagreements(api, today),
      leakage: await findLeakage(api),
      promises: await findPromises(api, today),
    };
  } catch (error) {
    if (interruption.signal.aborted) throw error;
    console.warn(`There is no summary. ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
