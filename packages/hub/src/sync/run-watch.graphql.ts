import { HubError } from '@plumbline/connector';
import { aborted } from '../kernel/aborted.ts';
import { InputError, NotFoundError } from '../kernel/api-error.ts';
import { canonical, type Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph, ListedType } from '../kernel/graph.ts';
import { readRun, watchedRuns } from './run-store.ts';
import { assertRunId } from './run.graphql.ts';

/** Runs of other processes are looked for this often; those of this one tell of themselves. */
const LOOK_EVERY_MS = 1_000;
/** However much happens, and however many runs tell of it, a watcher reads no more often. */
const LEAST_MS = 250;
const MOST_RUNS = 50;
const MOST_WATCHERS = 50;

interface Watched {
  /** One run; what is watched ends with it. */
  run: string | null;
  sourceId: string | null;
}

/** `syncProgress`: runs as they go on. */
export function addRunWatch({ builder }: Graph, type: ListedType): void {
  let watchers = 0;
  async function* limited(context: Context, watched: Watched, left: AbortSignal): AsyncGenerator<Row> {
    if (watchers >= MOST_WATCHERS) throw tooMany();
    watchers += 1;
    try {
      yield* progressOf(context, watched, left);
    } finally {
      watchers -= 1;
    }
  }
  builder.subscriptionField('syncProgress', (t) =>
    t.field({
      type: type.ref,
      nullable: false,
      description:
        'Runs as they go on: those under way at first, then each whenever it begins, has taken in a page, or ends. Of runs in another process it hears within a second.',
      args: {
        run: t.arg.id({ description: 'Only this run; the subscription ends with it.' }),
        source: t.arg.string({ description: 'Only runs of this source, by the name it was installed under.' }),
      },
      subscribe(_, { run, source }, context: Context) {
        if (run) assertRunId(run);
        if (source && !context.sources.some(({ id }) => id === source))
          throw new InputError('source', `There is no source "${source}".`, 'Ask `sources` for those there are.');
        return untilLeft((left) => limited(context, { run: run ?? null, sourceId: source ?? null }, left));
      },
      resolve: (row) => row,
    }),
  );
}

/** A generator hears that its reader has left only when it yields; this one's signal tells it while it waits. */
function untilLeft<Item>(generate: (left: AbortSignal) => AsyncGenerator<Item>): AsyncIterableIterator<Item> {
  const leaving = new AbortController();
  const items = generate(leaving.signal);
  return {
    next: () => items.next(),
    return() {
      leaving.abort();
      return items.return(undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* progressOf(context: Context, watched: Watched, left: AbortSignal): AsyncGenerator<Row> {
  let told: ReadonlyMap<string, Told> | null = null;
  while (!left.aborted) {
    // Before they are read: what happens while they are is not missed.
    const moment = nextMoment(context, left);
    const runs = await readWatched(context, watched, told);
    const states = new Map(runs.map((run) => [String(run['id']), toldOf(run)]));
    for (const run of runs) {
      const id = String(run['id']);
      const isNews =
        told === null ? watched.run !== null || isGoingOn(run) : told.get(id)?.state !== states.get(id)?.state;
      if (isNews) yield run;
    }
    if (watched.run !== null && !runs.some(isGoingOn)) return;
    told = states;
    await moment;
  }
}

async function readWatched(
  { rows }: Context,
  { run: id, sourceId }: Watched,
  told: ReadonlyMap<string, Told> | null,
): Promise<readonly Row[]> {
  if (id === null) {
    // However many have begun since: of these the end has still to be told.
    const ids = [...(told ?? [])].filter(([, { goesOn }]) => goesOn).map(([each]) => each);
    return watchedRuns(rows, { sourceId, most: MOST_RUNS, ids });
  }
  const run = await readRun(rows, id);
  if (run) return [run];
  throw new NotFoundError(`There is no run ${id}.`, 'Ask `syncRuns` for those there are.');
}

interface Told {
  goesOn: boolean;
  state: string;
}

function isGoingOn(run: Row): boolean {
  return run['status'] === 'RUNNING';
}

function toldOf(run: Row): Told {
  const { status, counts, warnings, cancel_asked_by: cancelAskedBy } = run;
  return { goesOn: isGoingOn(run), state: canonical([status, counts, warnings, cancelAskedBy]) };
}

/** Something happened to a run of this process, or it is time to look for what happened elsewhere. */
async function nextMoment({ actions, clock }: Context, left: AbortSignal): Promise<void> {
  const [soonest, latest] = [clock.timeout(LEAST_MS), clock.timeout(LOOK_EVERY_MS)];
  const news = new AbortController();
  const stop = actions.watch(() => news.abort());
  await aborted(news.signal, latest, left);
  stop();
  await aborted(soonest, left);
}

function tooMany(): HubError {
  return new HubError({
    code: 'UNAVAILABLE',
    message: `${MOST_WATCHERS} people watch runs already.`,
    remedy: 'Ask `syncRuns`, or try again later.',
  });
}
