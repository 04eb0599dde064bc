import { sql } from 'kysely';
import { canonical } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { isToBePublished, type Publishing } from './publishing.store.ts';
import { checkClauses, firstStandard, type Clause, type Standard } from './standard.rules.ts';

export interface PublishedStandard extends Standard {
  /** Null for what the hub asks for as long as nothing is published. */
  publishedBy: string | null;
  publishedAt: string | null;
}

interface StandardRow {
  version: number;
  clauses: Clause[];
  published_by: string;
  published_at: string;
}

/** The standard that holds, or did at an instant; the hub's own as long as nothing is published. */
export async function readStandard(rows: Rows, at: string | null = null): Promise<PublishedStandard> {
  const [latest] = await readStandards(rows, 1, at);
  return latest ?? { ...firstStandard, publishedBy: null, publishedAt: null };
}

/** A version of the standard; null where there is none. */
export async function readStandardVersion(rows: Rows, version: number): Promise<Standard | null> {
  if (version === firstStandard.version) return firstStandard;
  const { rows: found } = await sql<StandardRow>`select * from sow_standard where version = ${version}`.execute(rows);
  return found[0] ? { version, clauses: found[0].clauses } : null;
}

/** The standards that are published, or were at an instant; the latest first. */
export async function readStandards(rows: Rows, limit: number, at: string | null = null): Promise<PublishedStandard[]> {
  const { rows: found } = await sql<StandardRow>`
    select * from sow_standard where ${at}::timestamptz is null or published_at <= ${at}::timestamptz
    order by version desc limit ${limit}`.execute(rows);
  return found.map(({ version, clauses, published_by: publishedBy, published_at: publishedAt }) => ({
    version: Number(version),
    clauses,
    publishedBy,
    publishedAt,
  }));
}

export interface StandardCall extends Publishing {
  clauses: readonly Clause[];
}

/** Publishes the next version; one that says the same as the last is that one. Throws InputError and ConflictError. */
export async function publishStandard(rows: Rows, call: StandardCall): Promise<PublishedStandard> {
  const { clauses, actor, now } = call;
  checkClauses(clauses);
  const latest = await readStandard(rows);
  const isNext = await isToBePublished(rows, { kind: 'sowStandard', name: '', version: latest.version }, call);
  if (!isNext || (latest.publishedAt !== null && canonical(latest.clauses) === canonical(clauses))) return latest;
  const version = latest.version + 1;
  await sql`
    insert into sow_standard (version, clauses, published_by, published_at)
    values (${version}, ${JSON.stringify(clauses)}::jsonb, ${actor}, ${now}::timestamptz)`.execute(rows);
  return { version, clauses, publishedBy: actor, publishedAt: now };
}
