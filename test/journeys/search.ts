import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '../../packages/connector/src/index.ts';
import { openHub, type Hub } from '../../packages/hub/src/index.ts';
import type { TestDatabase } from '../../packages/hub/test/database.ts';

/** Every secret as it is, and as it may stand in addresses and headers; `user` is the one it opens an account with. */
export function spellingsOf(secrets: readonly string[], user: string): string[] {
  return secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(`${user}:${secret}`).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
  ]);
}

/** Files below a folder that hold one of these texts. */
export function filesWith(folder: string, texts: readonly string[]): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesWith(path, texts);
    if (!entry.isFile()) return [];
    const content = readFileSync(path);
    return texts.some((text) => content.includes(text)) ? [path] : [];
  });
}

/** Tables of a database that hold one of these texts: what is compressed in its files is found here. */
export async function tablesWith(database: TestDatabase['target'], texts: readonly string[]): Promise<string[]> {
  const hub = await openHub({ database, sources: [], logger: silentLogger });
  try {
    return await tablesOf(hub, texts);
  } finally {
    await hub.close();
  }
}

/** The same of the database of a hub that is open. */
export async function tablesOf(hub: Pick<Hub, 'database'>, texts: readonly string[]): Promise<string[]> {
  const execute = <Row>(statement: string) => hub.database.orm.em.getConnection().execute(statement) as Promise<Row[]>;
  const tables = await execute<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  if (tables.length < 20) throw new RangeError(`there are only ${tables.length} tables to look into`);
  const matches = texts.map((text) => `strpos(t::text, '${text.replaceAll("'", "''")}') > 0`).join(' or ');
  const holding: string[] = [];
  for (const { name } of tables) {
    const rows = await execute(`select 1 from ${name} as t where ${matches} limit 1`);
    if (rows.length > 0) holding.push(name);
  }
  return holding;
}
