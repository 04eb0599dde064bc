import {
  HubError,
  parseRecord,
  systemClock,
  type AnyRecord,
  type Check,
  type Logger,
  type PollContext,
} from '@plumbline/connector';
import type { InstalledSource, SourceOptions } from '@plumbline/hub';

/** A source that is not installed yet, opened to look at its account. */
export interface Account {
  readonly source: InstalledSource;
  readonly context: PollContext;
}

/** What mapping makes of the first records of an account. */
export interface Preview {
  records: readonly AnyRecord[];
  /** Sentences about records that could not be read. */
  problems: readonly string[];
}

const MOST_SHOWN = 10;
const MOST_STREAMS = 5;

/** Throws HubError BAD_CONFIG when the answers make no valid configuration. */
export async function openAccount(
  option: SourceOptions,
  how: { logger: Logger; signal: AbortSignal },
): Promise<Account> {
  const { installSources, openVendor } = await import('@plumbline/hub');
  try {
    const [source] = installSources([option], systemClock);
    if (!source) throw new RangeError('one source was to be installed');
    const context = openVendor({ clock: systemClock, logger: how.logger }, source, { signal: how.signal, tries: 2 });
    return { source, context };
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== 'BAD_CONFIG') throw error;
    const { code, message } = error;
    throw new HubError({ code, message, remedy: 'Correct the answer.' }, { cause: error });
  }
}

/** The first thing that is wrong with credentials, scopes or mapping; null when nothing is. */
export async function problemOf({ source, context }: Account): Promise<HubError | null> {
  let checks: readonly Check[];
  try {
    checks = await source.connector.check(context);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof HubError)) throw error;
    return new HubError({ code: error.code, message: source.redact(error.message), remedy: error.remedy });
  }
  const failed = checks.find(({ ok }) => !ok);
  if (!failed) return null;
  return new HubError({ code: 'BAD_CONFIG', message: source.redact(failed.message), remedy: failed.remedy });
}

/** Reads a first page of these streams and maps it: ten records, of every kind some. */
export async function previewOf({ source, context }: Account, streams: readonly string[]): Promise<Preview> {
  const kinds = new Map<string, AnyRecord[]>();
  const problems: string[] = [];
  for (const name of streams.slice(0, MOST_STREAMS)) {
    const stream = source.stream(name);
    for await (const page of stream.poll(context, null)) {
      for (const { id, payload } of page.records) {
        try {
          for (const record of stream.map(payload).map(parseRecord)) {
            kinds.set(record.kind, [...(kinds.get(record.kind) ?? []), record]);
          }
        } catch (error) {
          problems.push(source.redact(`${id}: ${error instanceof Error ? error.message : String(error)}`));
        }
      }
      // A first page is enough, unless it was empty.
      if (kinds.size > 0) break;
    }
  }
  return { records: inTurn([...kinds.values()], MOST_SHOWN), problems };
}

/** One of each list, then a second of each, until there are enough; kinds stay together. */
function inTurn(lists: readonly (readonly AnyRecord[])[], most: number): AnyRecord[] {
  const shares = lists.map(() => 0);
  for (let left = most; left > 0;) {
    const before = left;
    for (const [at, list] of lists.entries()) {
      if (left === 0 || (shares[at] ?? 0) >= list.length) continue;
      shares[at] = (shares[at] ?? 0) + 1;
      left -= 1;
    }
    if (left === before) break;
  }
  return lists.flatMap((list, at) => list.slice(0, shares[at]));
}
