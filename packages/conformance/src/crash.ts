import type { Database } from '@plumbline/hub';
import type { KyselyPlugin } from 'kysely';

/** Where the next transaction dies: before its first statement, at one of them (from 1), or right after its commit. */
type CrashPoint = 'BEFORE' | 'AFTER' | number;

export interface Crasher {
  /** The next transaction dies there; when it has fewer statements it is left alone. */
  arm(point: CrashPoint): void;
  /** Whether the armed transaction died; disarms. */
  disarm(): boolean;
}

/** What stands for the end of a process: everything after it does not happen. */
class Crash extends Error {
  override readonly name = 'Crash';
}

/** Makes the database's transactions die to order, for real: what a statement before did is rolled back by the database. */
export function crashable(database: Database): Crasher {
  let armed: CrashPoint | null = null;
  let died = false;
  const die = (): never => {
    died = true;
    throw new Crash('The process dies here.');
  };
  const { transaction } = database;
  database.transaction = async (work) => {
    const point = armed;
    armed = null;
    if (point === null) return transaction(work);
    if (point === 'BEFORE') return die();
    const result = await transaction((rows) => work(point === 'AFTER' ? rows : rows.withPlugin(dyingAt(point, die))));
    return point === 'AFTER' ? die() : result;
  };
  return {
    arm(point) {
      armed = point;
      died = false;
    },
    disarm() {
      armed = null;
      return died;
    },
  };
}

function dyingAt(statement: number, die: () => never): KyselyPlugin {
  let seen = 0;
  return {
    transformQuery({ node }) {
      seen += 1;
      if (seen === statement) die();
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}
