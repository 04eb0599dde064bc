import { startServer } from '../../apps/server/src/index.ts';
import { silentLogger } from '../../packages/connector/src/index.ts';
import type { Random } from '../../packages/emulator/src/index.ts';
import { createApi, type Hub, type RunReport } from '../../packages/hub/src/index.ts';

interface ToldHub {
  hub: Hub;
  url: string;
  port: number;
  close(): Promise<void>;
}

/** A hub that vendors reach. */
export async function listen(hub: Hub, port: number): Promise<ToldHub> {
  const server = await startServer({
    api: createApi(hub),
    webhooks: hub.webhooks,
    port,
    host: '127.0.0.1',
    apiKeys: [],
    logger: silentLogger,
  });
  hub.webhooks.callAt(server.url);
  let closed: Promise<void> | undefined;
  return {
    hub,
    url: server.url,
    port: server.port,
    close: () => (closed ??= server.close().then(() => hub.close())),
  };
}

/** How many events' requests the hub ever took for news. */
export async function taken(hub: Hub): Promise<number> {
  const states = await hub.webhooks.statesOf(hub.sources.map(({ id }) => id));
  return [...states.values()].reduce((sum, { accepted }) => sum + accepted, 0);
}

/** What the queue does after events. */
export async function lookAround(hub: Hub, signal?: AbortSignal): Promise<RunReport[]> {
  const reports: RunReport[] = [];
  for (const { id } of hub.sources) reports.push(...(await hub.look(id, signal)));
  return reports;
}

/** A run that may be aborted after some of its progress, as by a process that is told to end. */
export async function cutOff(
  hub: Hub,
  { random, within, run }: { random: Random; within: number; run(signal: AbortSignal): Promise<RunReport[]> },
): Promise<RunReport[]> {
  const abort = new AbortController();
  let steps = random.chance(0.4) ? random.integer(1, within) : Number.POSITIVE_INFINITY;
  const unwatch = hub.watch(() => {
    steps -= 1;
    if (steps <= 0) abort.abort(new Error('cut off'));
  });
  try {
    return await run(abort.signal);
  } finally {
    unwatch();
  }
}
