import { availableParallelism, cpus, totalmem } from 'node:os';
import pg from 'pg';

/** The machine and the versions, in one line: figures say nothing without them. */
export async function describeMachine(server: string): Promise<string> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    const memory = `${Math.round(totalmem() / 1_000_000_000)} GB`;
    return `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, ${memory}; Node ${process.versions.node}; PostgreSQL ${rows[0]?.server_version ?? '?'}`;
  } finally {
    await client.end();
  }
}
