import { explain, HubError, type Logger } from '@plumbline/connector';
import { fromKysely, fromPglite, PgBoss, type ConstructorOptions } from 'pg-boss';
import type { ReminderList } from '../check-ins/reminder.store.ts';
import type { Database, Rows } from '../kernel/database.ts';
import type { InstalledSource } from '../sources/installed-source.ts';
import { cronOf } from './schedule.rules.ts';

const QUEUE = 'sync';

const TIDY = 'tidy';

const ESCALATE = 'escalate';

const REVIEW = 'review';

const REMIND = 'remind';

const SEND_REMINDER = 'send-reminder';

const WEBHOOKS = 'webhooks';

interface SyncJob {
  sourceId: string;
  census?: boolean;
  /** Only what webhooks named. */
  look?: boolean;
}

export interface Jobs {
  /** Asks for a poll of a source as soon as a worker is free; one that waits already is enough. */
  request(sourceId: string): Promise<void>;
  /** Asks, within the transaction, for a look at what webhooks named; a poll that waits already looks at it first. */
  wake(rows: Rows, sourceId: string): Promise<void>;
  /** Asks for subscriptions to be opened and renewed now. */
  renew(): Promise<void>;
  /** Calls back whenever this process has polled a source, however that ended; returns how to stop that. */
  onPolled(listener: (sourceId: string) => void): () => void;
  stop(): Promise<void>;
}

/**
 * pg-boss decides when a source is polled and by which process: one job a source at a time, its heartbeat taken over
 * when a process dies. In an embedded database nobody else can be alive, so jobs left active are dropped at once.
 */
export async function startJobs(input: {
  database: Database;
  sources: readonly InstalledSource[];
  logger: Logger;
  /** Looks at what webhooks named, then polls; with `look` it polls only what is overdue, and says whether it did. */
  poll(sourceId: string, how: { census: boolean; look: boolean; signal: AbortSignal }): Promise<boolean>;
  /** Opens and renews what makes vendors send, and forgets old events; asked for every ten minutes. */
  renew(): Promise<void>;
  /** Removes what is too old to be of use; asked for once a day. */
  tidy(): Promise<void>;
  /** Raises what is past its time; asked for every five minutes, and looks at what is due, so no restart loses any. */
  escalate(): Promise<unknown>;
  /** Takes the snapshots that are due; asked for every quarter of an hour, and looks at what is due, too. */
  review(): Promise<unknown>;
  /** Records whom to remind now, and gives what is to be sent to `queue`; asked for every quarter of an hour. */
  remind(queue: (rows: Rows, lists: readonly ReminderList[]) => Promise<unknown>): Promise<unknown>;
  /** Sends one person's list; tried again for some hours where it throws. */
  sendReminder(list: ReminderList, signal: AbortSignal): Promise<void>;
}): Promise<Jobs> {
  const { database, logger } = input;
  const listeners = new Set<(sourceId: string) => void>();
  const requested = new Set<string>();
  const boss = new PgBoss(bossOptions(database));
  boss.on('error', (error) =>
    logger.error({ error: String(error) }, 'The job queue reports an error; it goes on by itself.'),
  );
  await boss.start();
  await boss.createQueue(QUEUE, {
    policy: 'stately',
    retryLimit: 3,
    retryDelay: 30,
    retryBackoff: true,
    expireInSeconds: 6 * 3600,
    heartbeatSeconds: 20,
  });
  if (database.pglite) await boss.deleteAllJobs(QUEUE);
  await boss.createQueue(TIDY, { policy: 'short' });
  await boss.createQueue(ESCALATE, { policy: 'short' });
  await boss.createQueue(WEBHOOKS, { policy: 'short' });
  await boss.createQueue(REVIEW, { policy: 'short', expireInSeconds: 6 * 3600 });
  await boss.createQueue(REMIND, { policy: 'short' });
  await boss.createQueue(SEND_REMINDER, {
    retryLimit: 10,
    retryDelay: 60,
    retryBackoff: true,
    retryDelayMax: 3600,
    expireInSeconds: 60,
  });
  await schedule(boss, input.sources);
  const say = sayFailures(logger);
  await boss.work(TIDY, () => say(TIDY, () => input.tidy()));
  await boss.work(ESCALATE, () => say(ESCALATE, () => input.escalate()));
  await boss.work(WEBHOOKS, () => say(WEBHOOKS, () => input.renew()));
  await boss.work(REVIEW, () => say(REVIEW, () => input.review()));
  const queue = (rows: Rows, lists: readonly ReminderList[]) =>
    boss.insert(
      SEND_REMINDER,
      lists.map((list) => ({ data: list })),
      { db: fromKysely(rows) },
    );
  await boss.work(REMIND, () => say(REMIND, () => input.remind(queue)));
  await boss.work<ReminderList>(
    SEND_REMINDER,
    { batchSize: 1, pollingIntervalSeconds: 1, localConcurrency: 4 },
    async (jobs) => {
      for (const { data, signal } of jobs) await say(SEND_REMINDER, () => input.sendReminder(data, signal));
    },
  );
  await boss.work<SyncJob>(
    QUEUE,
    { batchSize: 1, pollingIntervalSeconds: 1, localConcurrency: Math.max(1, Math.min(4, input.sources.length)) },
    async (jobs) => {
      for (const { data, signal } of jobs) {
        // A job that only looks may have been waiting when a poll was asked for, which then got no job of its own.
        const wanted = requested.delete(data.sourceId);
        const look = (data.look ?? false) && !wanted;
        let polled = !look;
        try {
          polled = await input.poll(data.sourceId, { census: data.census ?? false, look, signal });
        } finally {
          if (polled) listeners.forEach((listener) => listener(data.sourceId));
        }
      }
    },
  );
  return {
    async request(sourceId) {
      requested.add(sourceId);
      await boss.send(QUEUE, { sourceId }, { singletonKey: sourceId });
    },
    async wake(rows, sourceId) {
      await boss.send(QUEUE, { sourceId, look: true }, { singletonKey: sourceId, db: fromKysely(rows) });
    },
    async renew() {
      await boss.send(WEBHOOKS, {});
    },
    onPolled(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
  };
}

/** The queue keeps failures to itself: they are told to the log, unless the hub is closing, and thrown on. */
function sayFailures(logger: Logger) {
  return async <Result>(job: string, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      const isClosing = error instanceof HubError && error.code === 'ABORTED';
      if (!isClosing) logger.error({ job, error: explain(error) }, 'A job failed.');
      throw error;
    }
  };
}

/** A poll as often as each source says, a census a day; what is scheduled for sources that are gone is dropped. */
async function schedule(boss: PgBoss, sources: readonly InstalledSource[]): Promise<void> {
  const keys = new Set(sources.flatMap(({ id }) => [id, `${id}-census`]));
  for (const { key } of await boss.getSchedules(QUEUE)) if (!keys.has(key)) await boss.unschedule(QUEUE, key);
  for (const { id, everyMinutes } of sources) {
    await boss.schedule(QUEUE, cronOf(everyMinutes), { sourceId: id }, { key: id, singletonKey: id });
    const census = `${id}-census`;
    await boss.schedule(QUEUE, '17 3 * * *', { sourceId: id, census: true }, { key: census, singletonKey: census });
  }
  await boss.schedule(TIDY, '47 3 * * *');
  await boss.schedule(ESCALATE, '*/5 * * * *');
  await boss.schedule(WEBHOOKS, '*/10 * * * *');
  await boss.schedule(REVIEW, '*/15 * * * *');
  await boss.schedule(REMIND, '*/15 * * * *');
}

function bossOptions(database: Database): ConstructorOptions {
  const common = { schema: 'jobs', monitorIntervalSeconds: 10 };
  if (database.pglite) return { ...common, db: fromPglite(database.pglite), backend: 'pglite' };
  if (database.target.engine === 'postgresql')
    return { ...common, connectionString: database.target.url, max: 4, application_name: 'plumbline-jobs' };
  throw new Error('a database that is neither embedded nor a server');
}
