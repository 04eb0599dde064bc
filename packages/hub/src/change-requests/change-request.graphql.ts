import { sql } from 'kysely';
import type { Graph } from '../kernel/graph.ts';
import { person } from '../people/person.ts';
import { project } from '../projects/project.ts';
import { changeRequest } from './change-request.ts';

export function addChangeRequests(graph: Graph): void {
  graph.addKind(changeRequest, {
    plural: 'changeRequests',
    description: 'Something a project is asked to do beyond what was agreed.',
  });
  graph.addList(project, {
    name: 'changeRequests',
    to: 'changeRequest',
    description: 'What it is asked to do beyond what was agreed.',
    belonging: sql`entity.project_id = parent.id`,
  });
  graph.addList(person, {
    name: 'requestedChanges',
    to: 'changeRequest',
    description: 'What they asked for.',
    belonging: sql`entity.requester_id = parent.id`,
  });
}

/** The work behind a change request, whichever side names the other. */
export function addImplementation(graph: Graph): void {
  graph.addList(changeRequest, {
    name: 'workItems',
    to: 'workItem',
    description: 'The work that implements it.',
    belonging: sql`entity.id in (
      select id from work_item where change_request_id = parent.id
      union all select target_id from many_reference where entity_id = parent.id and field = 'workItems')`,
  });
}
