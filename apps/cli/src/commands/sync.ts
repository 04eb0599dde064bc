import type { Hub, RunReport } from '@plumbline/hub';
import { createView, type Plan } from '../progress/index.ts';
import { openInstallation } from '../setup/installation.ts';
import { checkSources } from './checks.ts';
import { installOptions, type CommandContext, type CommonFlags } from './command.ts';
import { concludeRuns } from './runs.ts';

export interface SyncFlags extends CommonFlags {
  census?: boolean;
  again?: boolean;
  believe?: boolean;
}

interface Target {
  source?: string | undefined;
  stream?: string | undefined;
}

/** Polls now and ends; throws Ended when a source cannot be read or a run fails. */
export async function sync(context: CommandContext, flags: SyncFlags, target: Target): Promise<void> {
  const installation = await openInstallation(installOptions(context, flags));
  try {
    const { hub, sandbox } = installation;
    // What a vendor refuses now is said at once, instead of after every stream's retries.
    const { readable, failed } = sandbox
      ? { readable: sourceIds(hub, target.source), failed: [] }
      : await checkSources(hub, context.console, target.source);
    const plan = planOf(hub, readable, target.stream, 'POLL');
    const { signal } = context.interruption;
    const reports = await watched(context, hub, plan, (sourceId) =>
      hub.sync({
        sourceId,
        signal,
        ...streamOf(target),
        census: flags.census ?? false,
        again: flags.again ?? false,
        believe: flags.believe ?? false,
      }),
    );
    concludeRuns(context.console, reports, failed);
  } finally {
    await installation.close();
  }
}

/** Applies the present mapping to what is stored; throws Ended when a run fails. */
export async function remap(context: CommandContext, flags: CommonFlags, target: Target): Promise<void> {
  const installation = await openInstallation(installOptions(context, flags));
  try {
    const { hub } = installation;
    const plan = planOf(hub, sourceIds(hub, target.source), target.stream, 'REMAP');
    const { signal } = context.interruption;
    const reports = await watched(context, hub, plan, (sourceId) =>
      hub.remap({ sourceId, signal, ...streamOf(target) }),
    );
    concludeRuns(context.console, reports);
  } finally {
    await installation.close();
  }
}

async function watched(
  context: CommandContext,
  hub: Hub,
  plan: Plan,
  read: (sourceId: string) => Promise<RunReport[]>,
): Promise<RunReport[]> {
  const view = await createView(context.console, plan);
  const stop = hub.watch((progress) => view.show(progress));
  try {
    const reports = await Promise.all(
      plan.sources.map(async ({ id }) => {
        const own = await read(id);
        view.finish(id);
        return own;
      }),
    );
    return reports.flat();
  } finally {
    stop();
    await view.close();
  }
}

function sourceIds(hub: Hub, only: string | undefined): string[] {
  return only === undefined ? hub.sources.map(({ id }) => id) : [only];
}

export function planOf(hub: Hub, sourceIds: readonly string[], stream: string | undefined, task: Plan['task']): Plan {
  const planned = hub.sources.filter(({ id }) => sourceIds.includes(id));
  return {
    task,
    sources: planned.map((source) => ({
      id: source.id,
      streams: stream === undefined ? source.connector.streams.map(({ name }) => name) : [source.stream(stream).name],
    })),
  };
}

function streamOf({ stream }: Target): { stream?: string } {
  return stream === undefined ? {} : { stream };
}
