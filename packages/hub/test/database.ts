import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { DatabaseTarget } from '../src/kernel/database.ts';

export interface TestDatabase {
  target: DatabaseTarget;
  drop(): Promise<void>;
}

/**
 * An empty database: on the server that PLUMBLINE_TEST_DATABASE_URL names, else embedded, in memory or in a folder for
 * what has to outlive a hub.
 */
export async function emptyDatabase(options: { durable: boolean }): Promise<TestDatabase> {
  const server = process.env['PLUMBLINE_TEST_DATABASE_URL'];
  if (server) return onServer(server);
  if (!options.durable) return { target: { engine: 'pglite', folder: null }, drop: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-test-'));
  return { target: { engine: 'pglite', folder }, drop: () => rm(folder, { recursive: true, force: true }) };
}

async function onServer(server: string): Promise<TestDatabase> {
  const name = `plumbline_test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    target: { engine: 'postgresql', url: url.href },
    drop: () => administer(server, `drop database if exists ${name} with (force)`),
  };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}
