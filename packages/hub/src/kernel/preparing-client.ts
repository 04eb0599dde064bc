import { createHash } from 'node:crypto';
import pg from 'pg';

/** A statement is prepared when a connection runs it so often: dashboards ask the same few again and again. */
const WORTH_PREPARING = 3;
/** Statements that one connection keeps prepared; further ones are planned each time, as without this. */
const MOST_PREPARED = 200;

/**
 * A connection that has the server keep the statements it runs repeatedly, so that they are read and planned once and
 * not for every request. The server still plans anew where it finds that the parameters matter, and after it has
 * gathered new statistics.
 */
export class PreparingClient extends pg.Client {
  readonly #runs = new Map<string, number>();
  readonly #names = new Map<string, string>();

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const run = this.query.bind(this) as (...arguments_: unknown[]) => unknown;
    const prepared = (query: unknown, values?: unknown, ...rest: unknown[]): unknown => {
      const name = typeof query === 'string' && Array.isArray(values) ? this.#nameOf(query) : null;
      return name === null ? run(query, values, ...rest) : run({ name, text: query, values }, ...rest);
    };
    this.query = prepared as typeof this.query;
  }

  #nameOf(text: string): string | null {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (this.#names.size >= MOST_PREPARED) return null;
    const runs = (this.#runs.get(text) ?? 0) + 1;
    if (runs < WORTH_PREPARING) {
      if (this.#runs.size >= 5 * MOST_PREPARED) this.#runs.clear();
      this.#runs.set(text, runs);
      return null;
    }
    this.#runs.delete(text);
    const name = `plumbline_${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
    this.#names.set(text, name);
    return name;
  }
}
