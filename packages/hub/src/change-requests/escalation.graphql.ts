import { sql } from 'kysely';
import { InputError } from '../kernel/api-error.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';

const MOST = 100;

/** `overdueReviews`: what waits for somebody to decide, longest first. */
export function addOverdueReviews({ builder, typeOf }: Graph): void {
  builder.queryField('overdueReviews', (t) =>
    t.field({
      type: [typeOf('changeRequest').ref],
      nullable: false,
      description: 'The change requests whose commercial review goes on past its time, the longest overdue first.',
      complexity: (args) => ({ field: figureCost(2, args), multiplier: Math.max(1, args.first ?? 25) }),
      args: {
        first: t.arg.int({ description: 'How many; 25 when absent, 100 at most.' }),
        ...asOfArgument(builder),
      },
      async resolve(_, { first, asOf }, context: Context) {
        const limit = first ?? 25;
        if (limit < 0 || limit > MOST)
          throw new InputError('first', `first is ${limit}; 0 to ${MOST} are allowed.`, 'Ask for fewer.');
        const { rows, now } = standpointOf(context, asOf);
        const { rows: found } = await sql<Row>`
          select request.* from commercial_review
          join change_request as request on request.id = change_request_id and request.deleted_at is null
          where closed_at is null and due_at < ${now}::timestamptz
          order by due_at, request.id limit ${limit}`.execute(rows);
        return found;
      },
    }),
  );
}
