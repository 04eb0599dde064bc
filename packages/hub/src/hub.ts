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
import { sql } from 'kysely';
import {
  readPolicy,
  type ChangeControlOptions,
  type ChangeControlPolicy,
} from './change-requests/change-control.settings.ts';
import { escalateReviews } from './change-requests/escalation.store.ts';
import {
  readClientStatusSettings,
  type ClientStatusOptions,
  type ClientStatusSettings,
} from './client-status/client-status.settings.ts';
import { readCheckInSettings, type CheckInOptions, type CheckInSettings } from './check-ins/check-ins.settings.ts';
import { createContexts } from './context.ts';
import { createReminding } from './check-ins/reminding.ts';
import { allKinds, entities } from './entities.ts';
import { openDatabase, type Database, type DatabaseTarget } from './kernel/database.ts';
import { HUB_SOURCE } from './kernel/hub-source.ts';
import { migrate } from './kernel/migrate.ts';
import { migrations } from './migrations/index.ts';
import { readReviewsSettings, type ReviewsOptions } from './packs/reviews.settings.ts';
import { takeDueSnapshots } from './packs/scheduled-snapshot.store.ts';
import { readCalendars, type Calendars, type CalendarsInput } from './people/calendar.ts';
import {
  readEarnedValue,
  type EarnedValueOptions,
  type EarnedValueSettings,
} from './projects/earned-value.settings.ts';
import { suggestLinks } from './projects/project-link.rules.ts';
import { findUnlinked, storeSuggestions } from './projects/project-link.store.ts';
import { readWarningLimits, type WarningLimits, type WarningOptions } from './reports/early-warning.settings.ts';
import { readProposalPolicy, type ProposalOptions, type ProposalPolicy } from './reviews/proposal.settings.ts';
import { buildSchema } from './schema.ts';
import { installSources, type InstalledSource, type SourceOptions } from './sources/installed-source.ts';
import { sharedLedger } from './sources/rate-schedule.store.ts';
import { rankBy, type AuthorityOverrides } from './kernel/authority.ts';
import type { Engine, RunProgress, RunReport } from './sync/engine.ts';
import { lockIngest } from './sync/ingest.ts';
import { startJobs, type Jobs } from './sync/jobs.ts';
import { reportMapping, type MappingReport } from './sync/drift.ts';
import { remapStream } from './sync/remap.ts';
import { checkSource, streamsOf, syncSource, type PollRequest, type SyncRequest } from './sync/sync-source.ts';
import { readMeetingSettings, type MeetingOptions, type MeetingSettings } from './time/meeting.settings.ts';
import { readNatureSettings, type NatureOptions, type NatureSettings } from './time/nature.settings.ts';
import { defaultScope, type ScopeSettings } from './time/worked.store.ts';
import { lookAround } from './sync/look.ts';
import { readErasureSettings, type ErasureOptions, type ErasureSettings } from './sync/erasure.settings.ts';
import { erase, previewErasure } from './sync/erasure.store.ts';
import { closeAbandonedRuns, forgetOldRuns, lastPollAt } from './sync/run-store.ts';
import { createWebhooks, readWebhookAddress, type HubWebhooks, type WebhookOptions } from './sync/webhooks.ts';
import type { HubActions } from './sync/actions.ts';
import type { MergeRules } from './sync/apply.ts';

export interface HubOptions {
  database: DatabaseTarget;
  sources: readonly SourceOptions[];
  /** Who is right, where the site decides otherwise than the defaults. */
  authority?: AuthorityOverrides;
  changeControl?: ChangeControlOptions;
  /** What a proposal has to pass before it goes to the client. */
  proposals?: ProposalOptions;
  /** Working days and holidays, by the names that capacities give. */
  calendars?: CalendarsInput;
  /** How this site tells what work is for. */
  scope?: Partial<ScopeSettings>;
  /** How it is counted how much of a project's work is done. */
  earnedValue?: EarnedValueOptions;
  /** From where on a figure is one to look at. */
  warnings?: WarningOptions;
  /** How this site tells waiting for the client, and rework, from progress. */
  nature?: NatureOptions;
  /** How this site tells status meetings from work. */
  statusMeetings?: MeetingOptions;
  /** How old a view may be, who leads, and from where on something is asked about. */
  checkIns?: CheckInOptions;
  /** Which snapshots are taken without anybody asking for them. */
  reviews?: ReviewsOptions;
  /** Where vendors reach this hub, so that they can tell it of changes. */
  webhooks?: WebhookOptions;
  /** Shows clients how their projects stand. */
  clientStatus?: ClientStatusOptions;
  /** Who may have the hub forget somebody. */
  erasure?: ErasureOptions;
  logger: Logger;
  clock?: Clock;
}

const RUNS_KEPT_DAYS = 90;

/** A run that goes on is heard of every second, wherever it does. */
const DEAD_AFTER_SECONDS = 30;

/** The product, running: sources installed, database open and migrated. */
export interface Hub extends HubActions {
  readonly database: Database;
  readonly sources: readonly InstalledSource[];
  readonly schema: GraphQLSchema;
  readonly clock: Clock;
  readonly rules: MergeRules;
  readonly changeControl: ChangeControlPolicy;
  readonly proposals: ProposalPolicy;
  readonly scope: ScopeSettings;
  readonly nature: NatureSettings;
  readonly meetings: MeetingSettings;
  readonly calendars: Calendars;
  readonly earnedValue: EarnedValueSettings;
  readonly warningLimits: WarningLimits;
  readonly checkIns: CheckInSettings;
  /** Null where clients are shown nothing. */
  readonly clientStatus: ClientStatusSettings | null;
  readonly erasure: ErasureSettings;
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
  const calendars = readCalendars(options.calendars ?? {});
  const earnedValue = readEarnedValue(options.earnedValue ?? {}, calendars);
  const warningLimits = readWarningLimits(options.warnings ?? {});
  const changeControl = readPolicy(options.changeControl ?? {});
  const proposals = readProposalPolicy(options.proposals ?? {}, {
    ...changeControl.settings,
    preset: options.changeControl?.preset,
  });
  const nature = readNatureSettings(options.nature ?? {});
  const checkIns = readCheckInSettings(options.checkIns ?? {});
  const reviews = readReviewsSettings(options.reviews ?? {});
  const meetings = readMeetingSettings(options.statusMeetings ?? {});
  const clientStatus = options.clientStatus ? readClientStatusSettings(options.clientStatus) : null;
  const erasure = readErasureSettings(options.erasure ?? {});
  const webhookAddress = options.webhooks ? readWebhookAddress(options.webhooks.address) : null;
  // An embedded database has one process. Nothing is booked before the database is open.
  const isShared = options.database.engine === 'postgresql';
  const sources = installSources(options.sources, clock, (id) =>
    isShared ? sharedLedger(() => database.rows, id) : memoryLedger(),
  );
  const schema = buildSchema(sources);
  const database = await openDatabase(options.database, { entities, migrations });
  try {
    await migrate(database);
    await rememberSources(database, sources, clock);
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
    const [source] = picked(sources, sourceId);
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
    changeControl,
    proposals,
    scope: { ...defaultScope, ...options.scope },
    nature,
    calendars,
    earnedValue,
    warningLimits,
    checkIns,
    meetings,
    clientStatus,
    erasure,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    check: async (sourceId) =>
      Promise.all(
        picked(sources, sourceId).map(async (source) => ({
          sourceId: source.id,
          checks: [...(await checkSource(engine, source, closing.signal)), webhooks.checkOf(source) ?? []].flat(),
        })),
      ),
    compareMapping: async ({ sourceId, accept = false }) => {
      const [source] = picked(sources, sourceId);
      if (!source) throw new RangeError('a source that was picked is there');
      return reportMapping(engine, source, { accept, signal: closing.signal });
    },
    sync: (request = {}) =>
      underWay.add(async () => {
        const signal = request.signal ? AbortSignal.any([request.signal, closing.signal]) : closing.signal;
        const reports = await Promise.all(
          picked(sources, request.sourceId).map((source) => syncSource(engine, { ...request, source, signal })),
        );
        await suggest(engine);
        return reports.flat();
      }),
    remap: (request = {}) =>
      underWay.add(async () => {
        const signal = request.signal ? AbortSignal.any([request.signal, closing.signal]) : closing.signal;
        const reports: RunReport[] = [];
        for (const source of picked(sources, request.sourceId)) {
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
          picked(sources, sourceId).map((source) => lookAround(engine, { source, signal })),
        );
        await suggest(engine);
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
        takeDueSnapshots(contextOf(HUB_SOURCE), { settings: reviews, openedAt, logger, signal: closing.signal }),
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
          const now = clock.now();
          const unheardSince = now.subtract({ seconds: DEAD_AFTER_SECONDS }).toString();
          await closeAbandonedRuns(database.rows, { sourceId, now: now.toString(), unheardSince });
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

/** What has to end before the database is closed under it. */
function createUnderWay() {
  const tasks = new Set<Promise<unknown>>();
  return {
    async add<Result>(task: () => Promise<Result>): Promise<Result> {
      const running = task();
      tasks.add(running);
      try {
        return await running;
      } finally {
        tasks.delete(running);
      }
    },
    settled: () => Promise.allSettled(tasks),
  };
}

function picked(sources: readonly InstalledSource[], id: string | undefined): readonly InstalledSource[] {
  if (id === undefined) return sources;
  const source = sources.find((each) => each.id === id);
  if (source) return [source];
  throw new HubError({
    code: 'BAD_INPUT',
    message: `There is no source "${id}".`,
    remedy: `There are: ${sources.map((each) => each.id).join(', ') || 'none'}.`,
  });
}

/** Looks for likely pairs anew, but only after something changed that could make or break one. */
async function suggest(engine: Engine): Promise<void> {
  if (!engine.likenessStale) return;
  engine.likenessStale = false;
  const { database } = engine;
  const { projects, opportunities } = await findUnlinked(database.rows);
  const suggestions = suggestLinks(projects, opportunities);
  await database.transaction(async (rows) => {
    await lockIngest(rows);
    await storeSuggestions(rows, suggestions);
  });
}

async function rememberSources(database: Database, sources: readonly InstalledSource[], clock: Clock): Promise<void> {
  for (const source of sources) {
    await sql`
      insert into source (id, connector, title, installed_at)
      values (${source.id}, ${source.connector.name}, ${source.connector.title}, ${clock.now().toString()}::timestamptz)
      on conflict (id) do update set connector = excluded.connector, title = excluded.title
      where (source.connector, source.title) is distinct from (excluded.connector, excluded.title)`.execute(
      database.rows,
    );
    const run = { sourceId: source.id, now: clock.now().toString(), unheardSince: null };
    // An embedded database has one process, and this one has begun nothing yet.
    if (database.pglite) await closeAbandonedRuns(database.rows, run);
  }
}
