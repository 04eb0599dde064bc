import { keepInMemory, readGrant, type SecretKeeper } from '@plumbline/connector';

/** Keeps what vendors give in exchange for a secret while it is tried, until it is written down in the end. */
export interface TrialKeepers {
  /** For a source with these secrets; the same text opens the same account, however often it is tried. */
  of(secrets: unknown): (member: string) => SecretKeeper | null;
  /** The same secrets, each as it is now. */
  latest(secrets: Readonly<Record<string, string>>): Record<string, string>;
  /** Whether a vendor has put another refresh token in the place of one that was given: that one opens nothing any more. */
  hasSpent(): Promise<boolean>;
}

export function trialKeepers(): TrialKeepers {
  const kept = new Map<string, ReturnType<typeof keepInMemory>>();
  return {
    of: (secrets) => (member) => {
      const text = (secrets as Readonly<Record<string, unknown>>)[member];
      if (typeof text !== 'string') return null;
      const keeper = kept.get(text) ?? keepInMemory(text);
      kept.set(text, keeper);
      return keeper;
    },
    latest: (secrets) =>
      Object.fromEntries(Object.entries(secrets).map(([name, text]) => [name, kept.get(text)?.text ?? text])),
    async hasSpent() {
      for (const [given, keeper] of kept) {
        // In its turn: what the vendor is asked for just now counts.
        const now = await keeper.replace(async (text) => text);
        if (now !== given && isSpent(given, now)) return true;
      }
      return false;
    },
  };
}

function isSpent(given: string, now: string): boolean {
  const [before, after] = [given, now].map((text) => readGrant(text, 'the answer'));
  if (!before || !after || !('refreshToken' in before)) return false;
  return !('refreshToken' in after) || after.refreshToken !== before.refreshToken;
}
