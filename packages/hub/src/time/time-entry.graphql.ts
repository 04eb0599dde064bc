import { sql } from 'kysely';
import { changeRequest } from '../change-requests/change-request.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import type { Rows } from '../kernel/database.ts';
import type { Graph } from '../kernel/graph.ts';
import type { Kind } from '../kernel/kind.ts';
import type { Belonging } from '../kernel/list.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { unnest } from '../kernel/unnest.ts';
import { person } from '../people/person.ts';
import { project } from '../projects/project.ts';
import { workItem } from '../projects/work-item.ts';
import { addRetroactiveTime } from './retroactive.graphql.ts';
import { timeEntry } from './time-entry.ts';

/**
 * Which time entries belong to a row: a condition over `entity` and `parent.id`. Several ways are a union and not an
 * `or`, so that each finds its index.
 */
const belongings = {
  workItem: sql`entity.work_item_id = parent.id`,
  project: sql`entity.id in (
      select id from time_entry where project_id = parent.id
      union all select time_entry.id from work_item join time_entry on work_item_id = work_item.id where work_item.project_id = parent.id)`,
  changeRequest: sql`entity.id in (
      select id from time_entry where change_request_id = parent.id
      union all select time_entry.id from work_item join time_entry on work_item_id = work_item.id where work_item.change_request_id = parent.id
      union all select time_entry.id from many_reference join time_entry on work_item_id = target_id where entity_id = parent.id and field = 'workItems')`,
};

export function addTime(graph: Graph): void {
  graph.addKind(timeEntry, { plural: 'timeEntries', description: 'Time somebody worked, on the day it counts for.' });
  graph.addList(person, {
    name: 'timeEntries',
    to: 'timeEntry',
    description: 'What they worked.',
    belonging: sql`entity.person_id = parent.id`,
  });
  graph.addList(workItem, {
    name: 'timeEntries',
    to: 'timeEntry',
    description: 'What was worked on it.',
    belonging: belongings.workItem,
  });
  graph.addList(project, {
    name: 'timeEntries',
    to: 'timeEntry',
    description: 'What was worked on it, directly or on its work items.',
    belonging: belongings.project,
  });
  graph.addList(changeRequest, {
    name: 'timeEntries',
    to: 'timeEntry',
    description: 'What was worked on it, directly or on the work that implements it.',
    belonging: belongings.changeRequest,
  });
  addRetroactiveTime(graph, belongings.changeRequest);
  for (const kind of [workItem, project, changeRequest])
    addLoggedTime(graph, kind, belongings[kind.name as keyof typeof belongings]);
}

/** The sum over the list, without reading it. */
function addLoggedTime(graph: Graph, on: Kind, belonging: Belonging): void {
  graph.builder.objectField(graph.typeOf(on.name).ref, 'loggedTime', (t) =>
    t.field({
      type: 'Duration',
      nullable: false,
      description: 'Time worked on it in all, in seconds: the sum over `timeEntries`.',
      args: asOfArgument(graph.builder),
      complexity: (args) => figureCost(3, args),
      resolve: (row, { asOf }, context: Context) =>
        context.load.batch(`logged time ${on.name} ${asOf ?? ''}`, String(row['id']), (ids) =>
          sumSeconds(standpointOf(context, asOf).rows, belonging, ids),
        ),
    }),
  );
}

async function sumSeconds(rows: Rows, belonging: Belonging, ids: readonly string[]): Promise<number[]> {
  const parents = unnest('parent', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<{ id: string; seconds: string | number }>`
    select parent.id, logged.seconds from ${parents} cross join lateral (
      select coalesce(sum(entity.seconds), 0) as seconds from time_entry as entity where ${belonging} and entity.deleted_at is null
    ) as logged`.execute(rows);
  const byId = new Map(found.map((row) => [row.id, Number(row.seconds)]));
  return ids.map((id) => byId.get(id) ?? 0);
}
