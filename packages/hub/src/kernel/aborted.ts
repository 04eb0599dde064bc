/** Resolves once one of the signals is aborted, and leaves nothing behind on those that go on. */
export function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    function come(): void {
      for (const signal of signals) signal.removeEventListener('abort', come);
      resolve();
    }
    if (signals.some((signal) => signal.aborted)) return resolve();
    for (const signal of signals) signal.addEventListener('abort', come);
  });
}
