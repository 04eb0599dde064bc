import { sql, type RawBuilder } from 'kysely';
import type { Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Rows } from '../kernel/database.ts';
import { readHistories } from '../kernel/history.store.ts';
import { snakeCase } from '../kernel/names.ts';
import { personOfKey } from '../kernel/person-of-key.ts';
import { unnest } from '../kernel/unnest.ts';
import { readHolders } from '../reviews/party.store.ts';
import { movementsOf, movingKinds, type Decided, type Movement, type MovingKind } from './movement.rules.ts';
import { dealsInScope, projectsInScope, type ReviewLens, type ReviewScope } from './review-scope.ts';

/** As many records of one kind whose movements are read. */
const MOST_RECORDS = 500;

export interface Movements {
  /** Newest first. */
  movements: readonly Movement[];
  /** Records that moved too, but before those that are read. */
  recordsLeftOut: number;
}

interface Asked {
  scope: ReviewScope;
  lens: ReviewLens;
  since: string;
  now: string;
}

interface Moved {
  ids: readonly string[];
  total: number;
}

/** What moved in the scope since an instant; a fixed number of statements for each kind. `rows` is a standpoint. */
export async function readMovements(
  { kinds, knownSince }: Pick<Context, 'kinds' | 'knownSince'>,
  rows: Rows,
  { scope, lens, since, now }: Asked,
): Promise<Movements> {
  const found: Movement[][] = [];
  let recordsLeftOut = 0;
  for (const kind of movingKinds(lens)) {
    const { ids, total } = await readMoved(rows, { kind, scope, since, now });
    recordsLeftOut += total - ids.length;
    const [histories, decisions, known] = await Promise.all([
      readHistories(rows, kinds[kind], ids),
      readDecisions(rows, { ids, since, now }),
      knownSince([kind]),
    ]);
    found.push(
      ids.flatMap((id, index) =>
        movementsOf({ kind, id }, histories[index] ?? [], {
          since,
          now,
          knownSince: known,
          decidedAt: (at) => decisions.get(`${id} ${at}`) ?? [],
        }),
      ),
    );
  }
  const movements = found.flat().toSorted((a, b) => Temporal.Instant.compare(b.at, a.at));
  return { movements, recordsLeftOut };
}

/** Records of the scope that something happened to, the last ones first. */
async function readMoved(
  rows: Rows,
  { kind, scope, since, now }: Omit<Asked, 'lens'> & { kind: MovingKind },
): Promise<Moved> {
  const within = (column: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`${column} > ${since}::timestamptz and ${column} <= ${now}::timestamptz`;
  const table = sql.table(snakeCase(kind));
  const { rows: found } = await sql<{ id: string; total: string | number }>`
    select id, count(*) over () as total from (
      select moved.id, max(moved.at) as at from (
        select entity_id as id, valid_from as at from version where kind = ${kind} and ${within(sql`valid_from`)}
        union all select entity_id, until from past where kind = ${kind} and ${within(sql`until`)}
      ) as moved join ${table} on ${table}.id = moved.id where ${recordsInScope(kind, scope)} group by moved.id
    ) as record order by at desc, id limit ${MOST_RECORDS}`.execute(rows);
  return { ids: found.map(({ id }) => id), total: Number(found[0]?.total ?? 0) };
}

function recordsInScope(kind: MovingKind, scope: ReviewScope): RawBuilder<unknown> {
  if (kind === 'opportunity') return dealsInScope(scope);
  if (kind === 'project') return projectsInScope(scope);
  return sql`${sql.table(snakeCase(kind))}.project_id in (select project.id from project where ${projectsInScope(scope)})`;
}

/** Which person it was, as is known now; read together for all movements of a pack. Null where that is not known. */
export async function personOf({ person }: Pick<Movement, 'person'>, context: Context): Promise<Row | null> {
  if (person === null) return null;
  if ('key' in person) return personOfKey(context, person.key);
  const id = await context.load.batch<string | null>('person of actor', person.actor, (actors) =>
    readHolders(context.rows, actors),
  );
  return id === null ? null : context.load.entity('person', id);
}

/** What was decided on these records, by record and instant. */
async function readDecisions(
  rows: Rows,
  { ids, since, now }: { ids: readonly string[]; since: string; now: string },
): Promise<Map<string, Decided[]>> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<Decided & { id: string; at: string }>`
    select asked.id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as at, actor, to_state as "toState"
    from ${asked} join decision on subject_id = asked.id
    where at > ${since}::timestamptz and at <= ${now}::timestamptz order by decision.version`.execute(rows);
  return Map.groupBy(found, ({ id, at }) => `${id} ${Temporal.Instant.from(`${at}Z`).toString()}`);
}
