import { sql } from 'kysely';
import { InputError, NotFoundError } from '../kernel/api-error.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import { stepErrors } from '../kernel/builder.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Deciding } from '../kernel/decision.store.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { linkOrigins, linkStatuses, type LinkOrigin, type LinkStatus } from './project-link.ts';
import { decideLink, type LinkWord } from './project-link.store.ts';

interface LinkRow {
  opportunity_id: string;
  project_id: string;
  status: LinkStatus;
  origin: LinkOrigin;
  score: string | null;
  reasons: string[];
  decided_by: string | null;
  decided_at: string | null;
}

/** `projectLinks`, and the mutations that decide on them. */
export function addProjectLinks(graph: Graph): void {
  const { builder } = graph;
  const status = builder.enumType('ProjectLinkStatus', {
    values: linkStatuses,
    description: 'LINKED: they belong together. SUGGESTED: they may, a person decides. REJECTED: a person said no.',
  });
  const origin = builder.enumType('ProjectLinkOrigin', {
    values: linkOrigins,
    description: 'KEY: a source names the other side. PERSON: somebody decided. LIKENESS: they look alike.',
  });
  const link = builder.objectRef<LinkRow>('ProjectLink').implement({
    description: 'That a project delivers an opportunity, or may.',
    fields: (t) => ({
      opportunity: t.field({
        type: graph.typeOf('opportunity').ref,
        description: 'What was sold.',
        resolve: (of, _, context: Context) => context.load.entity('opportunity', of.opportunity_id),
      }),
      project: t.field({
        type: graph.typeOf('project').ref,
        description: 'What delivers it.',
        resolve: (of, _, context: Context) => context.load.entity('project', of.project_id),
      }),
      status: t.field({
        type: status,
        nullable: false,
        description: 'Whether they belong together.',
        resolve: (of) => of.status,
      }),
      origin: t.field({ type: origin, nullable: false, description: 'How that is known.', resolve: (of) => of.origin }),
      score: t.field({
        type: 'Decimal',
        description: 'How alike they are, 0 to 1; only for what LIKENESS suggests.',
        resolve: (of) => of.score,
      }),
      reasons: t.exposeStringList('reasons', { nullable: false, description: 'Why they are suggested, in sentences.' }),
      decidedBy: t.exposeString('decided_by', { description: 'Who decided.' }),
      decidedAt: t.field({
        type: 'Instant',
        description: 'When that was.',
        resolve: (of) => (of.decided_at === null ? null : instantText(of.decided_at)),
      }),
    }),
  });
  builder.queryField('projectLinks', (t) =>
    t.field({
      type: [link],
      nullable: false,
      description: 'Links of one status, the most alike first; at most 100. As of a past instant nothing is SUGGESTED.',
      args: {
        status: t.arg({ type: status, required: true, description: 'Which links.' }),
        ...asOfArgument(builder),
      },
      complexity: (args) => ({ field: figureCost(2, args), multiplier: 25 }),
      async resolve(_, args, context: Context) {
        const { rows } = await sql<LinkRow>`
          select * from project_link where status = ${args.status} order by score desc nulls last, opportunity_id, project_id limit 100`.execute(
          standpointOf(context, args.asOf).rows,
        );
        return rows;
      },
    }),
  );
  const decide = async (
    context: Context,
    args: { opportunity: string; project: string } & Deciding,
    decided: LinkWord['status'],
  ): Promise<LinkRow> => {
    const opportunityId = decodeId(args.opportunity, 'opportunity', 'opportunity');
    const projectId = decodeId(args.project, 'project', 'project');
    const done = await context.database.transaction(async (rows) => {
      await context.own.lock(rows);
      return decideLink(rows, {
        opportunityId,
        projectId,
        status: decided,
        by: context.actor,
        at: context.clock.now().toString(),
        expectedVersion: args.expectedVersion,
        idempotencyKey: args.idempotencyKey,
      });
    });
    if (!done)
      throw new NotFoundError(
        'There is no such opportunity, or no such project.',
        'Read both again; one may have been merged into another.',
      );
    const { rows } = await sql<LinkRow>`
      select * from project_link where opportunity_id = ${opportunityId}::uuid and project_id = ${projectId}::uuid`.execute(
      context.database.rows,
    );
    const [row] = rows;
    if (!row) throw new InputError('opportunity', 'The link is gone.', 'Read both again.');
    return row;
  };
  const mutation = (name: string, decided: LinkWord['status'], description: string): void =>
    builder.mutationField(name, (t) =>
      t.field({
        type: link,
        nullable: false,
        description,
        errors: stepErrors('The link as it is now.'),
        args: {
          opportunity: t.arg.id({ required: true, description: 'Id of the opportunity.' }),
          project: t.arg.id({ required: true, description: 'Id of the project.' }),
          expectedVersion: t.arg.int({
            description:
              'The number of decisions on the opportunity that was looked at; refused when it is another by now.',
          }),
          idempotencyKey: t.arg.string({
            description: 'Any text of the caller; the same call with the same key is made once.',
          }),
        },
        resolve: (_, args, context: Context) => decide(context, args, decided),
      }),
    );
  mutation(
    'confirmLink',
    'LINKED',
    'Says that the project delivers the opportunity, whatever the sources say. Doing it twice changes nothing.',
  );
  mutation(
    'rejectLink',
    'REJECTED',
    'Says that the project does not deliver the opportunity, whatever the sources say. Doing it twice changes nothing.',
  );
}
