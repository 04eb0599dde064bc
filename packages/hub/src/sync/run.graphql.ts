import { HubError } from '@plumbline/connector';
import { choice, instant, text } from '@plumbline/connector/fields';
import { sql } from 'kysely';
import { InputError } from '../kernel/api-error.ts';
import { mutationErrors } from '../kernel/builder.ts';
import type { Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph, ListedType } from '../kernel/graph.ts';
import type { Listable } from '../kernel/listable.ts';
import { unnest } from '../kernel/unnest.ts';
import type { RunReport } from './engine.ts';
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
      'PARTIAL: something was skipped or put into quarantine, `warnings` say what. INTERRUPTED: goes on at the saved cursor next time.',
    ),
    startedAt: instant('When it began.'),
    endedAt: instant('When it ended; null while it goes on.'),
    error: text('Why it failed and what to do, in a sentence or two.'),
  },
};

const countDescriptions: Readonly<Record<keyof RunCounts, string>> = {
  read: 'Records the vendor sent.',
  created: 'Records that were new.',
  changed: 'Records that had changed.',
  unchanged: 'Records that were as before; nothing was written for them.',
  deleted: 'Records that are gone from the source.',
  quarantined: 'Records that could not be read.',
  released: 'Records that left quarantine.',
  skipped: 'Records the source could not give.',
  pages: 'Pages that were taken in.',
  requests: 'Requests to the vendor, retries included.',
  bytes: 'Characters of the vendor’s answers.',
  throttledMs: 'Milliseconds spent waiting for the rate budget.',
};

/** `syncRuns`, and the mutations `sync` and `remap`. */
export function addSyncRuns(graph: Graph): ListedType {
  const { builder } = graph;
  const type = graph.addListable(syncRun, 'One reading of one stream: what it brought and how it ended.');
  const counts = builder.objectRef<RunCounts>('RunCounts').implement({
    description: 'What a run did, in records unless named otherwise.',
    fields: (t) =>
      Object.fromEntries(
        Object.entries(countDescriptions).map(([name, description]) => [
          name,
          t.float({ nullable: false, description, resolve: (of) => of[name as keyof RunCounts] }),
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
      },
      async resolve(_, args, context: Context) {
        const request = targetOf(context, args);
        return readRuns(context, await context.actions.sync({ ...request, ...(args.census ? { census: true } : {}) }));
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
