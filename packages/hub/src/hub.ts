import {
  explain,
  HubError,
  memoryLedger,
  systemClock,
  type Check,
  type Clock,
  type Logger,
} from '@plumbline/connector';
import type { GraphQLSchema } from 'graphql';
import { escalateReviews } from './change-requests/escalation.store.ts';
import { createReminding } from './check-ins/reminding.ts';
import type { PlumblineConfig } from './config.ts';
import { createContexts } from './context.ts';
import { allKinds, entities } from './entities.ts';
import { rankBy } from './kernel/authority.ts';
import { openDatabase, type Database, type DatabaseTarget } from './kernel/database.ts';
import { HUB_SOURCE } from './kernel/hub-source.ts';
import { migrate } from './kernel/migrate.ts';
import { createUnderWay } from './kernel/under-way.ts';
import { migrations } from './migrations/index.ts';
import { takeDueSnapshots } from './packs/scheduled-snapshot.store.ts';
import { buildSchema } from './schema.ts';
import { readSettings, type HubSettings } from './settings.ts';
import { installSources, pickSources, type InstalledSource } from './sources/installed-source.ts';
import { sharedLedger } from './sources/rate-schedule.store.ts';
import { rememberSources } from './sources/source.store.ts';
import type { HubActions } from './sync/actions.ts';
import type { MergeRules } from './sync/apply.ts';
import { reportMapping, type MappingReport } from './sync/drift.ts';
import type { Engine, RunProgress, RunReport } from './sync/engine.ts';
import { erase, previewErasure } from './sync/erasure.store.ts';
import { lockIngest } from './sync/ingest.ts';
import { startJobs, type Jobs } from './sync/jobs.ts';
import { lookAround } from './sync/look.ts';
import { remapStream } from './sync/remap.ts';
import { closeAbandonedRuns, forgetOldRuns, lastPollAt } from './sync/run-store.ts';
import { suggestAnew } from './sync/suggest-links.ts';
import { checkSource, streamsOf, syncSource, type PollRequest, type SyncRequest } from './sync/sync-source.ts';
import { createWebhooks, readWebhookAddress, type HubWebhooks } from './sync/webhooks.ts';

export interface HubOptions extends PlumblineConfig {
  database: DatabaseTarget;
  logger: Logger;
  clock?: Clock;
}

const RUNS_KEPT_DAYS = 90;

/** A run that goes on is heard of every second, wherever it does. */
const DEAD_AFTER_SECONDS = 30;

/** The product, running: sources installed, database open and migrated. */
export interface Hub extends HubActions, HubSettings {
  readonly database: Database;
  readonly sources: readonly InstalledSource[];
  readonly schema: GraphQLSchema;
  readonly clock: Clock;
  readonly rules: MergeRules;
  /** Calls back as runs go on; returns how to stop that. */
  watch(listener: (progress: RunProgress) => void): () => void;
  /** Asks each source's vendor about credentials, scopes and mapping. */
  check(sourceId?: string): Promise<{ sourceId: string; checks: Check[] }[]>;
  /** Compares mappings with what the accounts have; `accept` takes what there is as what they were made for. Throws HubError. */
  compareMapping(request: { sourceId: string; accept?: boolean }): Promise<MappingReport>;
  /** Polls now, in this process: sources side by side, the streams of one in their order. */
  sync(request?: PollRequest): Promise<RunReport[]>;
  remap(request?: SyncRequest): Promise<RunReport[]>;
  /** Reads what vendors have named and nobody has read yet, in this process, as the queue does by itself. */
  look(sourceId: string, signal?: AbortSignal): Promise<RunReport[]>;
  readonly webhooks: HubWebhooks;
  /** Raises commercial reviews that are past their time, as the queue does by itself; returns how many. */
  escalate(): Promise<number>;
  /** Takes the snapshots that are due, as the queue does by itself; returns how many. */
  takeDueSnapshots(): Promise<number>;
  /** Records of what people are reminded now, as the queue does by itself, which sends it too; returns of how many people. */
  remind(): Promise<number>;
  /** Lets the queue poll on schedule; `request` on the result asks for one at once. */
  startJobs(): Promise<Jobs>;
  close(): Promise<void>;
}

/** Opens the database, migrates it, installs the sources. Throws HubError with what to do. */
export async function openHub(options: HubOptions): Promise<Hub> {
  const clock = options.clock ?? systemClock;
  const { logger } = options;
  const settings = readSettings(
    options,
    options.sources.map(({ id }) => id),
  );
  const { calendars, changeControl, checkIns } = settings;
  const webhookAddress = options.webhooks ? readWebhookAddress(options.webhooks.address) : null;
  // An embedded database has one process. Nothing is booked before the database is open.
  const isShared = options.database.engine === 'postgresql';
  const sources = installSources(options.sources, clock, (id) =>
    isShared ? sharedLedger(() => database.rows, id) : memoryLedger(),
  );
  const schema = buildSchema(sources);
  const database = await openDatabase(options.database, { entities, migrations });
  const closeRuns = (sourceId: string, unheardSince: string | null): Promise<unknown> =>
    closeAbandonedRuns(database.rows, { sourceId, now: clock.now().toString(), unheardSince });
  try {
    await migrate(database);
    await rememberSources(database.rows, sources, clock);
    // An embedded database has one process, and this one has begun nothing yet.
    if (database.pglite) for (const { id } of sources) await closeRuns(id, null);
  } catch (error) {
    await database.close();
    throw error;
  }
  const listeners = new Set<(progress: RunProgress) => void>();
  const connectors = new Map(sources.map((source) => [source.id, source.connector.name]));
  const rules = { kinds: allKinds, rank: rankBy(options.authority ?? {}, (id) => connectors.get(id) ?? id) };
  const engine: Engine = {
    database,
    rules,
    clock,
    logger,
    likenessStale: true,
    onProgress: (progress) => listeners.forEach((listener) => listener(progress)),
  };
  const closing = new AbortController();
  const openedAt = clock.now().toString();
  const reminding = createReminding({ database, settings: checkIns, calendars, clock, lock: lockIngest });
  const underWay = createUnderWay();
  let jobs: Jobs | null = null;

  /** A look takes the place of a poll that was due while it waited. */
  async function isOverdue(sourceId: string): Promise<boolean> {
    const last = await lastPollAt(database.rows, sourceId);
    const [source] = pickSources(sources, sourceId);
    return last === null || clock.now().since(last).total('minutes') >= (source?.everyMinutes ?? 0);
  }
  const webhooks = createWebhooks(engine, {
    sources,
    address: webhookAddress,
    // Before the queue runs, what is named waits for the first poll.
    wake: async (rows, sourceId) => jobs?.wake(rows, sourceId),
  });

  const hub: Hub = {
    database,
    webhooks,
    sources,
    schema,
    clock,
    rules,
    ...settings,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    check: async (sourceId) =>
      Promise.all(
        pickSources(sources, sourceId).map(async (source) => ({
          sourceId: source.id,
          checks: [...(await checkSource(engine, source, closing.signal)), webhooks.checkOf(source) ?? []].flat(),
        })),
      ),
    compareMapping: async ({ sourceId, accept = false }) => {
      const [source] = pickSources(sources, sourceId);
      if (!source) throw new RangeError('a source that was picked is there');
      return reportMapping(engine, source, { accept, signal: closing.signal });
    },
    sync: (request = {}) =>
      underWay.add(async () => {
        const signal = request.signal ? AbortSignal.any([request.signal, closing.signal]) : closing.signal;
        const reports = await Promise.all(
          pickSources(sources, request.sourceId).map((source) => syncSource(engine, { ...request, source, signal })),
        );
        await suggestAnew(engine);
        return reports.flat();
      }),
    remap: (request = {}) =>
      underWay.add(async () => {
        const signal = request.signal ? AbortSignal.any([request.signal, closing.signal]) : closing.signal;
        const reports: RunReport[] = [];
        for (const source of pickSources(sources, request.sourceId)) {
          for (const stream of streamsOf(source, request.stream)) {
            reports.push(await remapStream(engine, { source, stream, signal }));
          }
        }
        return reports;
      }),
    look: (sourceId, given) =>
      underWay.add(async () => {
        const signal = given ? AbortSignal.any([given, closing.signal]) : closing.signal;
        const reports = await Promise.all(
          pickSources(sources, sourceId).map((source) => lookAround(engine, { source, signal })),
        );
        await suggestAnew(engine);
        return reports.flat();
      }),
    erase: (request) => underWay.add(() => erase(engine, request)),
    previewErasure: (request) => underWay.add(() => previewErasure(engine, request)),
    escalate: () =>
      underWay.add(() =>
        database.transaction(async (rows) => {
          await lockIngest(rows);
          const raised = await escalateReviews(rows, { policy: changeControl, now: clock.now().toString() });
          if (raised > 0) logger.warn({ reviews: raised }, 'Commercial reviews past their time were escalated.');
          return raised;
        }),
      ),
    takeDueSnapshots: () =>
      underWay.add(() =>
        takeDueSnapshots(contextOf(HUB_SOURCE), {
          settings: settings.reviews,
          openedAt,
          logger,
          signal: closing.signal,
        }),
      ),
    remind: () => underWay.add(() => reminding.record(async () => undefined)),
    async startJobs() {
      jobs ??= await startJobs({
        database,
        sources,
        logger,
        async poll(sourceId, { census, look, signal }) {
          await hub.look(sourceId, signal);
          if (look && !(await isOverdue(sourceId))) return false;
          await closeRuns(sourceId, clock.now().subtract({ seconds: DEAD_AFTER_SECONDS }).toString());
          await hub.sync({ sourceId, census, signal });
          return true;
        },
        renew: () => underWay.add(() => webhooks.renew(closing.signal)),
        tidy: () =>
          forgetOldRuns(
            database.rows,
            clock
              .now()
              .subtract({ hours: 24 * RUNS_KEPT_DAYS })
              .toString(),
          ),
        escalate: () => hub.escalate(),
        review: () => hub.takeDueSnapshots(),
        remind: (queue) => underWay.add(() => reminding.record(queue)),
        sendReminder: (list, signal) =>
          underWay.add(() => reminding.send(list, AbortSignal.any([signal, closing.signal]))),
      });
      await jobs.renew();
      return jobs;
    },
    async close() {
      closing.abort(
        new HubError({
          code: 'ABORTED',
          message: 'The hub is closing.',
          remedy: 'The next run goes on from the saved cursor.',
        }),
      );
      await jobs?.stop();
      await underWay.settled();
      await Promise.all(sources.map((source) => closeAccess(source, logger)));
      await webhooks.flush().catch((error: unknown) => logger.warn({ error: String(error) }, 'Counts were lost.'));
      await database.close();
    },
  };
  const contextOf = createContexts(hub);
  return hub;
}

/** Runs leave an exchange of tokens alone; what it gives is kept before the process ends. */
async function closeAccess({ id, access, redact }: InstalledSource, logger: Logger): Promise<void> {
  try {
    await access?.close();
  } catch (error) {
    logger.warn({ source: id }, redact(`Its tokens were not renewed: ${explain(error)}`));
  }
}
