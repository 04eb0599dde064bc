import { asked } from './asked.ts';
import type { CommandContext } from './command.ts';
import { withGraph, type GraphFlags } from './graph.ts';
import { scopeIn, standing, type ScopeFlags } from './review-scope.ts';

export interface SnapshotsFlags extends GraphFlags, ScopeFlags {
  lens?: string;
}

interface Listed {
  id: string;
  asOf: string;
  lens: 'SALES' | 'DELIVERY' | 'BOTH';
  currency: string;
  takenAt: string;
  takenBy: string;
}

/** As many as the graph gives at once. */
const MOST = 100;

const lensWords = { SALES: 'sales', DELIVERY: 'delivery', BOTH: 'sales and delivery' } as const;

/** Lists the snapshots of a scope, the latest first. */
export async function snapshots(context: CommandContext, flags: SnapshotsFlags): Promise<void> {
  const wanted = scopeIn(flags);
  const { console } = context;
  const answer = await withGraph(context, flags, async (graph) =>
    asked<{ snapshots: Listed[] }>(
      graph,
      `query ($scope: ReviewScopeInput!, $lens: ReviewLens) {
        snapshots(scope: $scope, lens: $lens, first: ${MOST}) { id asOf lens currency takenAt takenBy } }`,
      { scope: await standing(graph, wanted), lens: flags.lens?.toUpperCase() ?? null },
    ),
  );
  console.emit(answer);
  for (const { id, asOf, lens, currency, takenBy } of answer.snapshots) {
    console.say(`${asOf.slice(0, 16).replace('T', ' ')} UTC: ${lensWords[lens]}, in ${currency}, by ${takenBy}`);
    console.say(`  ${id}`);
  }
  if (answer.snapshots.length === 0) console.say('There is none yet. `plumbline report` with --snapshot takes one.');
  if (answer.snapshots.length === MOST) console.warn(`These are the latest ${MOST}; there may be older ones.`);
}
