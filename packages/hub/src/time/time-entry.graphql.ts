import { sql } from 'kysely';
import { changeRequest } from '../change-requests/change-request.ts';
import type { Graph } from '../kernel/graph.ts';
import { person } from '../people/person.ts';
import { project } from '../projects/project.ts';
import { workItem } from '../projects/work-item.ts';
import { timeEntry } from './time-entry.ts';

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
    belonging: sql`entity.work_item_id = parent.id`,
  });
  graph.addList(project, {
    name: 'timeEntries',
    to: 'timeEntry',
    description: 'What was worked on it, directly or on its work items.',
    belonging: sql`(entity.project_id = parent.id or entity.work_item_id in (select id from work_item where project_id = parent.id))`,
  });
  graph.addList(changeRequest, {
    name: 'timeEntries',
    to: 'timeEntry',
    description: 'What was worked on it, directly or on the work that implements it.',
    belonging: sql`(entity.change_request_id = parent.id or entity.work_item_id in (
      select id from work_item where change_request_id = parent.id
      union select target_id from many_reference where entity_id = parent.id and field = 'workItems'))`,
  });
}
