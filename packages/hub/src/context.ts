import type { Context } from './kernel/context.ts';
import type { Database } from './kernel/database.ts';
import { createLoaders, type Loaders } from './kernel/loaders.ts';
import type { Hub } from './hub.ts';
import { pastTables } from './past.ts';
import { createFreshness } from './sources/source-freshness.store.ts';
import { readKnownSince } from './sync/known-since.store.ts';
import { createOwnRecords } from './sync/own-records.ts';

/** Gives what all that one request reads and writes shares, by who asks. */
export function createContexts(hub: Hub): (actor: string) => Context {
  const own = createOwnRecords(hub.rules);
  return (actor) => ({
    rows: hub.database.reader,
    ...readAnew(hub.database, createLoaders(hub.database.reader, hub.rules.kinds)),
    kinds: hub.rules.kinds,
    past: pastTables,
    knownSince: (kinds) => readKnownSince(hub.database.reader, hub.sources, kinds),
    freshnessOf: createFreshness(hub.database.reader, hub),
    rank: hub.rules.rank,
    sources: hub.sources,
    actions: hub,
    own,
    changeControl: { own, ...hub.changeControl },
    proposals: hub.proposals,
    scope: hub.scope,
    nature: hub.nature,
    calendars: hub.calendars,
    earnedValue: hub.earnedValue,
    warningLimits: hub.warningLimits,
    checkIns: hub.checkIns,
    meetings: hub.meetings,
    clientStatus: hub.clientStatus,
    erasure: hub.erasure,
    clock: hub.clock,
    actor,
  });
}

/** Whatever a transaction of the request wrote, what is read behind it is not what was read before it. */
function readAnew(database: Database, load: Loaders): Pick<Context, 'database' | 'load'> {
  const transaction: Database['transaction'] = async (work) => {
    try {
      return await database.transaction(work);
    } finally {
      load.clear();
    }
  };
  return { load, database: { ...database, transaction } };
}
