import type { Stream } from '@plumbline/connector';
import { sql } from 'kysely';
import { instantText, type Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph, ListedType } from '../kernel/graph.ts';
import { unnest } from '../kernel/unnest.ts';
import type { InstalledSource } from '../sources/installed-source.ts';
import { addMappingState, readMappingStates, type MappingState } from './drift.graphql.ts';
import { nextPoll } from './schedule.rules.ts';
import { addWebhookHealth, readWebhookStates } from './webhook.graphql.ts';
import type { WebhookState } from './webhooks.ts';

interface SourceStream {
  source: InstalledSource;
  stream: Stream;
}

/** `sources`: the connectors that are installed, their streams, and how fresh each is. */
export function addSources(graph: Graph, runs: ListedType): void {
  const { builder } = graph;
  const stream = builder.objectRef<SourceStream>('SourceStream').implement({
    description: 'One kind of record of a source, read by a cursor of its own.',
    fields: (t) => ({
      name: t.string({ nullable: false, description: 'Its name within the source.', resolve: (of) => of.stream.name }),
      description: t.string({
        nullable: false,
        description: 'What it brings.',
        resolve: (of) => of.stream.description,
      }),
      kinds: t.stringList({
        nullable: false,
        description: 'The kinds of entity it fills.',
        resolve: (of) => [...of.stream.kinds],
      }),
      lastRun: t.field({
        type: runs.ref,
        description: 'The latest run; null before the first.',
        complexity: 3,
        resolve: (of, _, context: Context) =>
          context.load.batch<Row | null>('last run', `${of.source.id} ${of.stream.name}`, (names) =>
            readLastRuns(context, names),
          ),
      }),
      freshAsOf: t.field({
        type: 'Instant',
        description: 'The source was read to its end at this time; null before the first complete run.',
        complexity: 3,
        resolve: (of, _, context: Context) =>
          context.load.batch<string | null>('fresh', `${of.source.id} ${of.stream.name}`, (names) =>
            readFreshness(context, names),
          ),
      }),
      nextRunAt: t.field({
        type: 'Instant',
        nullable: false,
        description:
          'When the schedule reads it next, give or take a minute, as long as a hub that schedules is running. Later than the next poll of its source for lists that change seldom.',
        complexity: 3,
        resolve: async (of, _, context: Context) => {
          const ended = await context.load.batch<string | null>('read', `${of.source.id} ${of.stream.name}`, (names) =>
            readLastEnds(context, names),
          );
          return nextRunOf(of, { ended, now: context.clock.now() }).toString();
        },
      }),
    }),
  });
  const webhooks = addWebhookHealth(graph);
  const mapping = addMappingState(graph);
  const source = builder.objectRef<InstalledSource>('Source').implement({
    description: 'A connector that is installed with its configuration.',
    fields: (t) => ({
      name: t.exposeString('id', { nullable: false, description: 'The name it was installed under.' }),
      connector: t.string({ nullable: false, description: 'The connector.', resolve: (of) => of.connector.name }),
      title: t.string({ nullable: false, description: 'The vendor, for people.', resolve: (of) => of.connector.title }),
      everyMinutes: t.exposeInt('everyMinutes', {
        nullable: false,
        description: 'How often the schedule polls it, in minutes.',
      }),
      nextPollAt: t.field({
        type: 'Instant',
        nullable: false,
        description:
          'When the schedule polls it next, give or take a minute, as long as a hub that schedules is running.',
        resolve: (of, _, { clock }: Context) => nextPoll(of.everyMinutes, clock.now()).toString(),
      }),
      mapping: t.field({
        type: mapping,
        description:
          'Whether the mapping still fits what the account has; null before the first look, and where the connector cannot tell.',
        complexity: 3,
        resolve: (of, _, context: Context) =>
          context.load.batch<MappingState | null>('mapping', of.id, (ids) => readMappingStates(context, ids)),
      }),
      streams: t.field({
        type: [stream],
        nullable: false,
        description: 'What it brings.',
        resolve: (of) => of.connector.streams.map((each) => ({ source: of, stream: each })),
      }),
      webhooks: t.field({
        type: webhooks,
        description:
          'How the vendor’s own notifications go; null where the connector has none or their secret is not set.',
        complexity: 3,
        resolve: (of, _, context: Context) =>
          of.connector.webhooks?.isSetUp
            ? context.load.batch<WebhookState | null>('webhooks', of.id, (ids) => readWebhookStates(context, ids))
            : null,
      }),
    }),
  });
  builder.queryField('sources', (t) =>
    t.field({
      type: [source],
      nullable: false,
      description: 'The connectors that are installed.',
      resolve: (_, __, context: Context) => [...context.sources],
    }),
  );
}

/** The latest run of each stream, named as `source stream`. */
async function readLastRuns(context: Context, names: readonly string[]): Promise<(Row | null)[]> {
  const { rows } = await sql<Row>`
    select asked.name as asked_name, run.* from ${streamsNamed(names)} cross join lateral (
      select * from sync_run where source_id = asked.source_id and stream = asked.stream order by started_at desc, id desc limit 1
    ) as run`.execute(context.rows);
  const byName = new Map(rows.map((row) => [String(row['asked_name']), row]));
  return names.map((name) => byName.get(name) ?? null);
}

/** A stream that changes seldom is left out until it is due. */
function nextRunOf(
  { source, stream }: SourceStream,
  { ended, now }: { ended: string | null; now: Temporal.Instant },
): Temporal.Instant {
  const due = ended === null ? now : Temporal.Instant.from(ended).add({ minutes: stream.everyMinutes });
  // A poll at the very minute at which it is due reads it.
  const isLater = Temporal.Instant.compare(due, now) > 0;
  return nextPoll(source.everyMinutes, isLater ? due.subtract({ nanoseconds: 1 }) : now);
}

function readFreshness(context: Context, names: readonly string[]): Promise<(string | null)[]> {
  return readCompletions(context, names, 'started_at');
}

function readLastEnds(context: Context, names: readonly string[]): Promise<(string | null)[]> {
  return readCompletions(context, names, 'ended_at');
}

async function readCompletions(
  context: Context,
  names: readonly string[],
  column: 'started_at' | 'ended_at',
): Promise<(string | null)[]> {
  const { rows } = await sql<{ name: string; at: string }>`
    select asked.name, run.at from ${streamsNamed(names)} cross join lateral (
      select ${sql.ref(column)} as at from sync_run
      where source_id = asked.source_id and stream = asked.stream and task = 'POLL' and status in ('SUCCEEDED', 'PARTIAL') and not unread
      order by started_at desc limit 1
    ) as run`.execute(context.rows);
  const byName = new Map(rows.map((row) => [row.name, instantText(row.at)]));
  return names.map((name) => byName.get(name) ?? null);
}

function streamsNamed(names: readonly string[]) {
  return unnest('asked', names, [
    { name: 'name', type: 'text', value: (name) => name },
    { name: 'source_id', type: 'text', value: (name) => name.slice(0, name.indexOf(' ')) },
    { name: 'stream', type: 'text', value: (name) => name.slice(name.indexOf(' ') + 1) },
  ]);
}
