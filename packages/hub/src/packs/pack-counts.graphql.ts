import type { Graph } from '../kernel/graph.ts';
import type { ReviewPack } from './review-pack.store.ts';

/** How much a review has of everything. Returns its type. */
export function addPackCounts({ builder }: Graph) {
  return builder.objectRef<ReviewPack>('PackCounts').implement({
    description: 'How much there is of everything that a review lists.',
    fields: (t) => ({
      opportunities: t.int({
        nullable: false,
        description: 'Open deals. Questions, obstacles and views are of the first 500.',
        resolve: ({ subjects }) => subjects.openDeals,
      }),
      projects: t.int({
        nullable: false,
        description: 'Projects under way. Questions, obstacles and views are of the first 500, figures of all.',
        resolve: ({ subjects }) => subjects.allProjectIds.length,
      }),
      leftOut: t.int({
        nullable: false,
        description: 'Projects that are in none of the figures.',
        resolve: ({ leftOut }) => leftOut.length,
      }),
      movements: t.int({
        nullable: false,
        description: 'Movements of the records that are read.',
        resolve: async (of) => (await of.movements()).movements.length,
      }),
      unreadRecords: t.int({
        nullable: false,
        description: 'Records that moved too, whose movements are not read: of each kind, those beyond the last 500.',
        resolve: async (of) => (await of.movements()).recordsLeftOut,
      }),
      obstacles: t.int({
        nullable: false,
        description: 'Open obstacles.',
        resolve: async (of) => (await of.points()).filter(({ kind }) => kind === 'obstacle').length,
      }),
      closeNeeds: t.int({
        nullable: false,
        description: 'Open needs.',
        resolve: async (of) => (await of.points()).filter(({ kind }) => kind === 'closeNeed').length,
      }),
      questions: t.int({
        nullable: false,
        description: 'Questions.',
        resolve: async (of) => (await of.questions()).length,
      }),
      narratives: t.int({
        nullable: false,
        description: 'Views.',
        resolve: async (of) => (await of.narratives()).length,
      }),
    }),
  });
}
