import { sql } from 'kysely';
import { InputError } from '../kernel/api-error.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import { stepErrors } from '../kernel/builder.ts';
import type { Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import type { commitmentActions } from './commitment-link.ts';
import { decideCommitmentLink } from './commitment-link.store.ts';
import { readCommitmentsOfWork, readUnplanned, readWorkOf } from './kept-commitment.store.ts';

const MOST = 100;

/** What was promised and the work that keeps it. Behind work items. */
export function addCommitmentLinks(graph: Graph): void {
  const { builder, typeOf } = graph;
  builder.objectField(typeOf('commitment').ref, 'workItems', (t) =>
    t.field({
      type: [typeOf('workItem').ref],
      nullable: false,
      description: 'The work that keeps it: by a link made here or, without one, by its key in the item’s source.',
      complexity: (args) => ({ field: figureCost(2, args), multiplier: Math.max(1, args.first ?? 25) }),
      args: {
        first: t.arg.int({ description: 'How many; 25 when absent, 100 at most.' }),
        ...asOfArgument(builder),
      },
      resolve(row, { first, asOf }, context: Context) {
        const limit = checkFirst(first);
        return context.load.batch(`work of commitment ${limit} ${asOf ?? ''}`, String(row['id']), (commitmentIds) =>
          readWorkOf(standpointOf(context, asOf).rows, { commitmentIds, limit, ...context.scope }),
        );
      },
    }),
  );
  builder.objectField(typeOf('workItem').ref, 'commitment', (t) =>
    t.field({
      type: typeOf('commitment').ref,
      description:
        'What was promised that it keeps: by a link made here or, without one, by the key that its source names. Null where it keeps nothing.',
      args: asOfArgument(builder),
      complexity: (args) => figureCost(2, args),
      async resolve(row, { asOf }, context: Context) {
        const id = await context.load.batch(`commitment of work ${asOf ?? ''}`, String(row['id']), (ids) =>
          readCommitmentsOfWork(standpointOf(context, asOf).rows, { workItemIds: ids, ...context.scope }),
        );
        return id === null ? null : context.load.entity('commitment', id);
      },
    }),
  );
  addPromisedNotPlanned(graph);
  addLinking(graph, 'linkCommitment', {
    action: 'link',
    description:
      'Says that work keeps a commitment; an item that kept another one keeps this one from now on. Wants a commitment of an accepted proposal, and work of the project it was accepted for. Time on such work is in scope.',
  });
  addLinking(graph, 'unlinkCommitment', {
    action: 'unlink',
    description:
      'Takes back that work keeps a commitment. Items that are not linked to it are left as they are; one whose own source names it is refused.',
  });
}

function checkFirst(first: number | null | undefined): number {
  const limit = first ?? 25;
  if (limit >= 0 && limit <= MOST) return limit;
  throw new InputError('first', `first is ${limit}; 0 to ${MOST} are allowed.`, 'Ask for fewer.');
}

function addPromisedNotPlanned({ builder, typeOf }: Graph): void {
  builder.queryField('promisedNotPlanned', (t) =>
    t.field({
      type: [typeOf('commitment').ref],
      nullable: false,
      description: 'Commitments of accepted proposals that no work item keeps, the first due first.',
      complexity: (args) => ({ field: figureCost(3, args), multiplier: Math.max(1, args.first ?? 25) }),
      args: {
        project: t.arg.id({ description: 'Only of the proposal that was accepted for this project.' }),
        opportunity: t.arg.id({ description: 'Only of the proposal that was accepted for this opportunity.' }),
        first: t.arg.int({ description: 'How many; 25 when absent, 100 at most.' }),
        ...asOfArgument(builder),
      },
      async resolve(_, { project, opportunity, first, asOf }, context: Context) {
        return readUnplanned(standpointOf(context, asOf).rows, {
          projectId: project ? decodeId(project, 'project', 'project') : null,
          opportunityId: opportunity ? decodeId(opportunity, 'opportunity', 'opportunity') : null,
          limit: checkFirst(first),
          ...context.scope,
        });
      },
    }),
  );
}

function addLinking(
  { builder, typeOf }: Graph,
  name: string,
  { action, description }: { action: keyof typeof commitmentActions; description: string },
): void {
  builder.mutationField(name, (t) =>
    t.field({
      type: typeOf('commitment').ref,
      nullable: false,
      description,
      errors: stepErrors('The commitment, with the work that keeps it now.'),
      args: {
        commitment: t.arg.id({ required: true, description: 'Id of the commitment.' }),
        workItems: t.arg.idList({ required: true, description: 'Ids of the work items; 100 at most.' }),
        expectedVersion: t.arg.int({
          description:
            'The number of decisions on the commitment that was looked at; refused when it is another by now.',
        }),
        idempotencyKey: t.arg.string({
          description: 'Any text of the caller; the same call with the same key is made once.',
        }),
      },
      async resolve(_, args, context: Context) {
        const commitmentId = decodeId(args.commitment, 'commitment', 'commitment');
        const workItemIds = args.workItems.map((id) => decodeId(id, 'workItem', 'workItems'));
        await context.database.transaction(async (rows) => {
          await context.own.lock(rows);
          await decideCommitmentLink(rows, {
            ...args,
            action,
            commitmentId,
            workItemIds,
            ...context.scope,
            actor: context.actor,
            now: context.clock.now().toString(),
          });
        });
        return readCommitment(context, commitmentId);
      },
    }),
  );
}

async function readCommitment(context: Context, id: string): Promise<Row> {
  const { rows } = await sql<Row>`select * from commitment where id = ${id}::uuid`.execute(context.database.rows);
  const [row] = rows;
  if (!row) throw new Error(`the commitment ${id} is gone`);
  return row;
}
