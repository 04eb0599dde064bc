import { sql } from 'kysely';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { opportunity } from '../opportunities/opportunity.ts';
import type { BaselineRef } from '../projects/baseline.graphql.ts';
import { project } from '../projects/project.ts';
import { commitment } from './commitment.ts';
import { isAccepted } from './kept-commitment.store.ts';
import { proposalRole } from './proposal-role.ts';
import { readProposals } from './proposal-terms.store.ts';
import { proposal } from './proposal.ts';

const MOST = 100;

/** Proposals, their roles, and where they hang in the graph. */
export function addProposals(graph: Graph, baseline: BaselineRef): void {
  const { builder } = graph;
  const { ref } = graph.addKind(proposal, {
    plural: 'proposals',
    description: 'What is offered to a client for an opportunity. Other terms are another proposal.',
  });
  graph.addKind(proposalRole, {
    plural: 'proposalRoles',
    description: 'The planned work of one role within a proposal.',
  });
  graph.addKind(commitment, {
    plural: 'commitments',
    description: 'Something a proposal promises, to be kept by work once the client has accepted it.',
  });
  graph.addList(proposal, {
    name: 'commitments',
    to: 'commitment',
    description: 'What it promises, one by one.',
    belonging: sql`entity.proposal_id = parent.id`,
  });
  graph.addList(proposal, {
    name: 'roles',
    to: 'proposalRole',
    description: 'Its planned work, role by role.',
    belonging: sql`entity.proposal_id = parent.id`,
  });
  graph.addList(opportunity, {
    name: 'proposals',
    to: 'proposal',
    description: 'What was offered for it.',
    belonging: sql`entity.opportunity_id = parent.id`,
  });
  graph.addList(project, {
    name: 'proposals',
    to: 'proposal',
    description: 'What was offered for the opportunities it delivers, and what was accepted for it.',
    belonging: sql`(entity.project_id = parent.id or entity.opportunity_id in (
      select opportunity_id from project_link where project_id = parent.id and status = 'LINKED'))`,
  });
  builder.objectField(ref, 'contentHash', (t) =>
    t.string({
      description:
        'Fingerprint of its terms as they are now, but for its name: equal terms have equal ones. Null for one that is deleted.',
      complexity: 2,
      resolve: async (row, _, context: Context) =>
        (await context.load.batch('proposal terms', String(row['id']), (ids) => readProposals(context.rows, ids)))
          ?.contentHash ?? null,
    }),
  );
  builder.objectField(baseline, 'proposal', (t) =>
    t.field({
      type: ref,
      description: 'The proposal it was accepted with; null where a person said what was agreed.',
      resolve: (of, _, { load }: Context) => (of.proposal_id === null ? null : load.entity('proposal', of.proposal_id)),
    }),
  );
  addWonWithoutProposal(graph);
}

/** Deals that were won without anybody having shown what was agreed. */
function addWonWithoutProposal({ builder, typeOf }: Graph): void {
  builder.queryField('wonWithoutProposal', (t) =>
    t.field({
      type: [typeOf('opportunity').ref],
      nullable: false,
      description: `Opportunities that are WON and have no proposal that was accepted here, the latest won first; ${MOST} at most.`,
      args: asOfArgument(builder),
      complexity: (args) => ({ field: figureCost(2, args), multiplier: 25 }),
      async resolve(_, { asOf }, context: Context) {
        const { rows: found } = await sql<Row>`
          select * from opportunity where state = 'WON' and deleted_at is null and not exists (
            select 1 from proposal where opportunity_id = opportunity.id and ${isAccepted}
          ) order by close_date desc nulls last, id limit ${MOST}`.execute(standpointOf(context, asOf).rows);
        return found;
      },
    }),
  );
}
