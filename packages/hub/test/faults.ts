import { createApi } from '../src/api.ts';
import type { Hub } from '../src/hub.ts';

/**
 * Makes a mutation again and again, each time with the next statement of its transaction failing, until it goes through.
 * Returns how many statements failed. `look` is called after each failure.
 */
export async function failEverywhere(hub: Hub, mutation: string, look: () => Promise<void>): Promise<number> {
  let failed = 0;
  while (await failAt(hub, failed + 1, mutation)) {
    failed += 1;
    await look();
  }
  return failed;
}

/** Asks while the nth statement of the transaction fails; false when the transaction has fewer. */
async function failAt(hub: Hub, n: number, query: string): Promise<boolean> {
  let statements = 0;
  let failed = false;
  const { transaction } = hub.database;
  const broken = createApi({
    ...hub,
    database: {
      ...hub.database,
      transaction: (work) =>
        transaction((rows) =>
          work(
            rows.withPlugin({
              transformQuery({ node }) {
                statements += 1;
                if (statements === n) {
                  failed = true;
                  throw new Error('the database went away');
                }
                return node;
              },
              transformResult: async ({ result }) => result,
            }),
          ),
        ),
    },
  });
  await broken.query(query);
  return failed;
}
