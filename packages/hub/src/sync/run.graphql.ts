import { HubError } from '@plumbline/connector';
import { choice, instant, seconds, text } from '@plumbline/connector/fields';
import { sql } from 'kysely';
import { InputError, NotFoundError, RefusedError } from '../kernel/api-error.ts';
import { mutationErrors } from '../kernel/builder.ts';
import type { Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph, ListedType } from '../kernel/graph.ts';
import type { Listable } from '../kernel/listable.ts';
import { unnest } from '../kernel/unnest.ts';
import type { RunReport } from './engine.ts';
import { askToCancel, readRun } from './run-store.ts';
import { runStatuses, runTasks, type RunCounts } from './run.ts';

const syncRun: Listable = {
  typeName: 'SyncRun',
  table: 'sync_run',
  mortal: false,
  fields: {
    sourceId: text('The source, by the name it was installed under.'),
    stream: text('The stream of the source.'),
    task: choice(
      runTasks,
      'POLL reads what changed, CENSUS looks for what is gone, REMAP applies a new mapping to what is stored, LOOK reads what a webhook named.',
    ),
    status: choice(
      runStatuses,
      'PARTIAL: something was skipped or put into quarantine, `warnings` say what. INTERRUPTED and CANCELLED: what it brought stays, and the next one goes on at the saved cursor.',
    ),
    startedAt: instant('When it began.'),
    endedAt: instant('When it ended; null while it goes on.'),
    error: text('Why it failed and what to do, in a sentence or two.'),
    lag: seconds(
      'How late what changed at the source came into the graph: seconds since the oldest change that it brought. Null where nothing changed, where the vendor does not say when, and for a first reading.',
    ),
    cancelAskedBy: text('Who asked for it to be cancelled; null when nobody did.'),
  },
};

const countDescriptions: Readonly<Record<keyof RunCounts, string>> = {
  read: 'Records the vendor sent.',
  created: 'Records that were new.',
  changed: 'Records that had changed.',
  unchanged: 'Records that were as before; nothing was written for them.',
  deleted: 'Records that are gone from the source.',
  vanished: 'Records that are deleted or hidden from our account, the source does not tell which.',
  quarantined: 'Records that could not be read.',
  released: 'Records that left quarantine.',
  skipped: 'Records the source could not give.',
  erased: 'Records that came again although they were erased, and were not taken.',
  pages: 'Pages that were taken in.',
  requests: 'Requests to the vendor, retries included.',
  bytes: 'Bytes of the vendor’s answers, unpacked, or of the files that were read.',
  throttledMs: 'Milliseconds spent waiting for the rate budget.',
};

/** `syncRuns`, and the mutations `sync`, `remap` and `cancelSync`. */
export function addSyncRuns(graph: Graph): ListedType {
  const { builder } = graph;
  const type = graph.addListable(syncRun, 'One reading of one stream: what it brought and how it ended.');
  const counts = builder.objectRef<RunCounts>('RunCounts').implement({
    description: 'What a run did, in records unless named otherwise.',
    fields: (t) =>
      Object.fromEntries(
        Object.entries(countDescriptions).map(([name, description]) => [
          name,
          // Runs of an older program have not counted everything.
          t.float({ nullable: false, description, resolve: (of) => of[name as keyof RunCounts] ?? 0 }),
        ]),
      ),
  });
  builder.objectFields(type.ref, (t) => ({
    id: t.id({ nullable: false, description: 'Id of the run.', resolve: (row) => String(row['id']) }),
    counts: t.field({
      type: counts,
      nullable: false,
      description: 'What it did.',
      resolve: (row) => row['counts'] as RunCounts,
    }),
    warnings: t.stringList({
      nullable: false,
      description: 'What was skipped and why, at most 100 sentences.',
      resolve: (row) => row['warnings'] as string[],
    }),
  }));
  graph.addRootList(type, 'syncRuns', 'Every run, of every source.');
  addMutations(graph, type);
  addCancel(graph, type);
  return type;
}

function addMutations(graph: Graph, type: ListedType): void {
  const { builder } = graph;
  const target = {
    source: 'The source, by the name it was installed under; every source when absent.',
    stream: 'One stream of the source; all when absent.',
  };
  builder.mutationField('sync', (t) =>
    t.field({
      type: [type.ref],
      nullable: false,
      description: 'Polls now and answers with the runs when they have ended.',
      errors: mutationErrors('The runs, in the order they began.'),
      args: {
        source: t.arg.string({ description: target.source }),
        stream: t.arg.string({ description: target.stream }),
        census: t.arg.boolean({ description: 'Also look for what is gone without a trace.' }),
        again: t.arg.boolean({
          description: 'Read everything from the beginning: for what a vendor changes without telling that it did.',
        }),
      },
      async resolve(_, args, context: Context) {
        const request = targetOf(context, args);
        const how = { ...(args.census ? { census: true } : {}), ...(args.again ? { again: true } : {}) };
        return readRuns(context, await context.actions.sync({ ...request, ...how }));
      },
    }),
  );
  builder.mutationField('remap', (t) =>
    t.field({
      type: [type.ref],
      nullable: false,
      description: 'Applies the present mapping to every stored record, without asking the vendor.',
      errors: mutationErrors('The runs, in the order they began.'),
      args: {
        source: t.arg.string({ description: target.source }),
        stream: t.arg.string({ description: target.stream }),
      },
      resolve: async (_, args, context: Context) =>
        readRuns(context, await context.actions.remap(targetOf(context, args))),
    }),
  );
}

function addCancel({ builder }: Graph, type: ListedType): void {
  builder.mutationField('cancelSync', (t) =>
    t.field({
      type: type.ref,
      nullable: false,
      description:
        'Ends a run that goes on, in whichever process: within seconds it is CANCELLED. The page that is being stored is stored whole.',
      errors: {
        types: [RefusedError, InputError, NotFoundError, HubError],
        dataField: { description: 'The run, which may still be RUNNING.' },
      },
      args: { run: t.arg.id({ required: true, description: 'Id of the run.' }) },
      async resolve(_, { run: id }, { database: { rows }, actor }: Context) {
        assertRunId(id);
        const asked = await askToCancel(rows, { id, by: actor });
        if (asked) return asked;
        const run = await readRun(rows, id);
        if (!run) throw new NotFoundError(`There is no run ${id}.`, 'Ask `syncRuns` for those there are.');
        throw new RefusedError({
          guard: 'running',
          message: `The run has ended already, as ${String(run['status'])}.`,
          remedy: 'Ask `syncRuns` for those that are RUNNING.',
        });
      },
    }),
  );
}

/** Throws InputError for what cannot be the id of a run. */
export function assertRunId(id: string): void {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return;
  throw new InputError('run', 'This is not the id of a run.', 'Take `id` from `syncRuns`.');
}

function targetOf(
  context: Context,
  args: { source?: string | null | undefined; stream?: string | null | undefined },
): { sourceId?: string; stream?: string } {
  if (!args.source) {
    if (args.stream) throw new InputError('stream', 'A stream belongs to a source.', 'Give `source` too.');
    return {};
  }
  const source = context.sources.find((each) => each.id === args.source);
  if (!source)
    throw new InputError(
      'source',
      `There is no source "${args.source}".`,
      `There are: ${context.sources.map((each) => each.id).join(', ')}.`,
    );
  if (!args.stream) return { sourceId: source.id };
  try {
    return { sourceId: source.id, stream: source.stream(args.stream).name };
  } catch (error) {
    if (error instanceof HubError) throw new InputError('stream', error.message, error.remedy);
    throw error;
  }
}

async function readRuns(context: Context, reports: readonly RunReport[]): Promise<Row[]> {
  const asked = unnest(
    'asked',
    reports.map((report) => report.runId),
    [{ name: 'id', type: 'uuid', value: (id) => id }],
  );
  const { rows } =
    await sql<Row>`select run.* from ${asked} join sync_run as run on run.id = asked.id order by run.started_at, run.id`.execute(
      context.database.rows,
    );
  return rows;
}
