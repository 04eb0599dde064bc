import { silentLogger, systemClock } from '@plumbline/connector';
import { createApi, openHub, type DatabaseTarget, type Hub } from '@plumbline/hub';
import pg from 'pg';
import { scratchDatabase } from '../scratch-database.ts';
import type { Answer } from './hand.ts';
import type { Question } from './questions.ts';
import { seed } from './seed.ts';
import { today, type Size } from './size.ts';
import { worklogConnector } from './worklog-connector.ts';

/** A hub over a seeded database. */
export interface Company {
  ask(question: Question): Promise<Answer>;
  /** Takes in one page with one worklog nobody has seen before. */
  log(): Promise<void>;
  /** Speaks to the same database without the hub; null where there is no server to speak to. */
  client: pg.Client | null;
  close(): Promise<void>;
}

/** On a server, in a database of its own. */
export async function companyOnServer(server: string, size: Size): Promise<Company> {
  const scratch = await scratchDatabase(server);
  // What takes a second is not worth compiling, nor starting more processes for.
  const options = '-c jit=off -c max_parallel_workers_per_gather=0 -c timezone=UTC';
  const client = new pg.Client({ connectionString: scratch.url, options });
  try {
    await client.connect();
    const hub = await open({ engine: 'postgresql', url: scratch.url }, size);
    await seed((statement) => client.query(statement), size);
    return {
      ...asking(hub),
      client,
      async close() {
        await hub.close();
        await client.end();
        await scratch.drop();
      },
    };
  } catch (error) {
    await client.end();
    await scratch.drop();
    throw error;
  }
}

/** Embedded, in memory. */
export async function companyEmbedded(size: Size): Promise<Company> {
  const hub = await open({ engine: 'pglite', folder: null }, size);
  await seed(async (statement) => hub.database.pglite?.exec(statement), size);
  return { ...asking(hub), client: null, close: () => hub.close() };
}

function open(database: DatabaseTarget, size: Size): Promise<Hub> {
  let count = size.timeEntries;
  const connector = worklogConnector(() => {
    count += 1;
    return { id: String(count), item: (count * 7919) % size.workItems, person: count % size.persons, day: today };
  });
  return openHub({
    database,
    sources: [{ id: 'bench', connector, config: {}, secrets: {} }],
    logger: silentLogger,
    clock: { ...systemClock, now: () => Temporal.Instant.from(`${today}T12:00:00Z`) },
  });
}

function asking(hub: Hub): Pick<Company, 'ask' | 'log'> {
  const api = createApi(hub);
  return {
    async ask({ what, document, read }) {
      const { data, errors } = await api.query(document);
      if (errors || !data) throw new Error(`${what}: ${errors?.[0]?.message ?? 'no data'}`, { cause: errors });
      return read(data);
    },
    async log() {
      const [report] = await hub.sync();
      if (report?.status !== 'SUCCEEDED' || report.counts.created !== 1)
        throw new Error(`One worklog was not taken in: ${report?.error ?? report?.status}.`);
    },
  };
}
