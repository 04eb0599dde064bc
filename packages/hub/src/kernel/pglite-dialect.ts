import type { PGlite, Transaction } from '@electric-sql/pglite';
import { CompiledQuery, PGliteDialect, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';

/**
 * Kysely's own PGlite driver hands one connection object to everybody, so a read that runs while a transaction is open
 * sees what is not committed, and two transactions mix. This one makes a connection for each user; PGlite itself makes
 * them wait for each other. See docs/decisions/0004.
 */
export class ExclusivePGliteDialect extends PGliteDialect {
  readonly #pglite: PGlite;

  constructor(pglite: PGlite) {
    super({ pglite });
    this.#pglite = pglite;
  }

  override createDriver(): Driver {
    const pglite = this.#pglite;
    return {
      init: () => pglite.waitReady,
      acquireConnection: async () => new ExclusiveConnection(pglite),
      beginTransaction: (connection) => (connection as ExclusiveConnection).begin(),
      commitTransaction: (connection) => (connection as ExclusiveConnection).end('commit'),
      rollbackTransaction: (connection) => (connection as ExclusiveConnection).end('rollback'),
      savepoint: (connection, name) => run(connection, `savepoint "${name}"`),
      rollbackToSavepoint: (connection, name) => run(connection, `rollback to savepoint "${name}"`),
      releaseSavepoint: (connection, name) => run(connection, `release savepoint "${name}"`),
      releaseConnection: async () => undefined,
      destroy: async () => undefined,
    };
  }
}

async function run(connection: DatabaseConnection, statement: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(statement));
}

class ExclusiveConnection implements DatabaseConnection {
  readonly #pglite: PGlite;
  #open: {
    transaction: Transaction;
    finish: PromiseWithResolvers<'commit' | 'rollback'>;
    closed: Promise<void>;
  } | null = null;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  async executeQuery<Result>(query: CompiledQuery): Promise<QueryResult<Result>> {
    const target = this.#open?.transaction ?? this.#pglite;
    const result = await target.query<Result>(query.sql, [...query.parameters]);
    return { rows: result.rows, numAffectedRows: BigInt(result.affectedRows ?? 0) };
  }

  // oxlint-disable-next-line require-yield -- the interface wants a generator; PGlite has no cursors to stream from
  async *streamQuery<Result>(): AsyncIterableIterator<QueryResult<Result>> {
    throw new Error('PGlite cannot stream rows; page through them by key instead.');
  }

  async begin(): Promise<void> {
    const finish = Promise.withResolvers<'commit' | 'rollback'>();
    const begun = Promise.withResolvers<Transaction>();
    const closed = this.#pglite.transaction(async (transaction) => {
      begun.resolve(transaction);
      if ((await finish.promise) === 'rollback') await transaction.rollback();
    });
    closed.catch(begun.reject);
    this.#open = { transaction: await begun.promise, finish, closed };
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    const open = this.#open;
    this.#open = null;
    open?.finish.resolve(how);
    await open?.closed;
  }
}
