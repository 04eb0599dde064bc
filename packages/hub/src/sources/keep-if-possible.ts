import { HubError, keepInMemory, type SecretKeeper } from '@plumbline/connector';

/**
 * Keeps in memory what cannot be written where it is kept, such as on a disk that is read only. For a grant that stays
 * good: what it gave is lost with the process, and asked for again by the next one.
 */
export function keepIfPossible(keeper: SecretKeeper, first: string): SecretKeeper {
  const memory = keepInMemory(first);
  return {
    async replace(change, signal) {
      let begun = false;
      let gained = null as string | null;
      try {
        return await keeper.replace(async (kept) => {
          begun = true;
          return (gained = await change(kept));
        }, signal);
      } catch (error) {
        if (!(error instanceof HubError) || error.code !== 'UNAVAILABLE') throw error;
        if (gained !== null) return gained;
        // Another process that holds the lock will let go; a folder without a place for a lock stays as it is.
        if (begun || error.retryable) throw error;
        return memory.replace(change, signal);
      }
    },
  };
}
