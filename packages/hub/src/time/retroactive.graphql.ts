import { sql } from 'kysely';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Rows } from '../kernel/database.ts';
import type { Graph } from '../kernel/graph.ts';
import type { Belonging } from '../kernel/list.ts';
import { localDay } from '../kernel/local-day.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { unnest } from '../kernel/unnest.ts';

/** `retroactiveTime` of a change request: what was worked on it before anybody had asked. */
export function addRetroactiveTime(graph: Graph, belonging: Belonging): void {
  graph.builder.objectField(graph.typeOf('changeRequest').ref, 'retroactiveTime', (t) =>
    t.field({
      type: 'Duration',
      nullable: false,
      description:
        'Time worked on it on days before it was submitted, in seconds; above 0 it is RETROACTIVE. Days are those of who worked, and for the submission those of its project.',
      args: asOfArgument(graph.builder),
      complexity: (args) => figureCost(3, args),
      resolve: (row, { asOf }, context: Context) =>
        context.load.batch(`retroactive time ${asOf ?? ''}`, String(row['id']), (ids) =>
          sumEarly(standpointOf(context, asOf).rows, belonging, ids),
        ),
    }),
  );
}

async function sumEarly(rows: Rows, belonging: Belonging, ids: readonly string[]): Promise<number[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: submitted } = await sql<{ id: string; submitted_at: string; zone: string | null }>`
    select request.id, request.submitted_at, project.zone
    from ${asked} join change_request as request on request.id = asked.id and request.submitted_at is not null
    left join project on project.id = request.project_id`.execute(rows);
  const parents = unnest('parent', submitted, [
    { name: 'id', type: 'uuid', value: (each) => each.id },
    { name: 'submitted_on', type: 'date', value: (each) => localDay(instantText(each.submitted_at), each.zone) },
  ]);
  const { rows: found } = await sql<{ id: string; seconds: string | number }>`
    select parent.id, early.seconds from ${parents} cross join lateral (
      select coalesce(sum(entity.seconds), 0) as seconds from time_entry as entity
      where ${belonging} and entity.deleted_at is null and entity.local_date < parent.submitted_on
    ) as early`.execute(rows);
  const byId = new Map(found.map((row) => [row.id, Number(row.seconds)]));
  return ids.map((id) => byId.get(id) ?? 0);
}
