import { unlessStopped } from './unless-stopped.ts';

/** Where a secret is kept that its vendor replaces from time to time. */
export interface SecretKeeper {
  /**
   * Runs `change` with what is kept, while nobody else does, in this process or another, and keeps what it gives before
   * it resolves. A secret that a person stored meanwhile stays. Resolves with what is kept then; throws what `change`
   * throws, and HubError when it cannot be kept. `signal` ends the wait for its turn, and nothing that has begun.
   */
  replace(change: (kept: string) => Promise<string>, signal?: AbortSignal): Promise<string>;
}

/** Keeps it for as long as the process lives. */
export function keepInMemory(first: string): SecretKeeper & { readonly text: string } {
  let kept = first;
  let last: Promise<unknown> = Promise.resolve();
  return {
    get text() {
      return kept;
    },
    replace(change, signal) {
      const turn = unlessStopped(last, signal).then(async () => (kept = await change(kept)));
      last = Promise.allSettled([last, turn]).then(() => undefined);
      return turn;
    },
  };
}
