/** Work that is done one by one, in the order it came. */
export interface Queue {
  /** How many wait or are being served. */
  readonly length: number;
  /** Does the work when everybody who came before is done; whoever is aborted leaves at once. */
  enter(signal: AbortSignal | undefined, work: () => Promise<void>): Promise<void>;
}

export function createQueue(): Queue {
  let tail: Promise<void> = Promise.resolve();
  let length = 0;
  return {
    get length() {
      return length;
    },
    enter(signal, work) {
      length += 1;
      const served = tail
        .then(() => {
          signal?.throwIfAborted();
          return work();
        })
        .finally(() => {
          length -= 1;
        });
      tail = served.catch(() => undefined);
      return signal ? orAborted(served, signal) : served;
    },
  };
}

function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
