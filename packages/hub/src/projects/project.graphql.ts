import { sql } from 'kysely';
import { client } from '../clients/client.ts';
import type { Graph } from '../kernel/graph.ts';
import { opportunity } from '../opportunities/opportunity.ts';
import { person } from '../people/person.ts';
import { allocation } from './allocation.ts';
import { budget } from './budget.ts';
import { milestone } from './milestone.ts';
import { project } from './project.ts';
import { workItem } from './work-item.ts';

export function addProjects(graph: Graph): void {
  graph.addKind(project, { plural: 'projects', description: 'Work for a client: what delivery does.' });
  graph.addKind(budget, {
    plural: 'budgets',
    description: 'What a project may cost and what it brings, from a day on.',
  });
  graph.addKind(milestone, { plural: 'milestones', description: 'Something a project reaches by a day.' });
  graph.addKind(allocation, {
    plural: 'allocations',
    description: 'That a person is booked for a project: so much on each of their working days, for a span of days.',
  });
  graph.addList(project, {
    name: 'allocations',
    to: 'allocation',
    description: 'Who is booked for it.',
    belonging: sql`entity.project_id = parent.id`,
  });
  graph.addList(person, {
    name: 'allocations',
    to: 'allocation',
    description: 'What they are booked for.',
    belonging: sql`entity.person_id = parent.id`,
  });
  graph.addList(project, {
    name: 'budgets',
    to: 'budget',
    description: 'Its budgets, by validity.',
    belonging: sql`entity.project_id = parent.id`,
  });
  graph.addList(project, {
    name: 'milestones',
    to: 'milestone',
    description: 'What it is to reach.',
    belonging: sql`entity.project_id = parent.id`,
  });
  graph.addList(client, {
    name: 'projects',
    to: 'project',
    description: 'What is done for them.',
    belonging: sql`entity.client_id = parent.id`,
  });
  graph.addList(person, {
    name: 'managedProjects',
    to: 'project',
    description: 'The projects they lead.',
    belonging: sql`entity.manager_id = parent.id`,
  });
  graph.addList(opportunity, {
    name: 'projects',
    to: 'project',
    description: 'The projects that deliver it.',
    belonging: sql`entity.id in (select project_id from project_link where opportunity_id = parent.id and status = 'LINKED')`,
  });
  graph.addList(project, {
    name: 'opportunities',
    to: 'opportunity',
    description: 'What it was sold as.',
    belonging: sql`entity.id in (select opportunity_id from project_link where project_id = parent.id and status = 'LINKED')`,
  });
}

/** Work items come behind change requests, which they name. */
export function addWorkItems(graph: Graph): void {
  graph.addKind(workItem, { plural: 'workItems', description: 'A piece of work: an issue, task, story or defect.' });
  graph.addList(project, {
    name: 'workItems',
    to: 'workItem',
    description: 'The work in it.',
    belonging: sql`entity.project_id = parent.id`,
  });
  graph.addList(person, {
    name: 'workItems',
    to: 'workItem',
    description: 'What they are to do, or did.',
    belonging: sql`entity.assignee_id = parent.id`,
  });
  graph.addList(workItem, {
    name: 'children',
    to: 'workItem',
    description: 'The items that are part of it.',
    belonging: sql`entity.parent_id = parent.id`,
  });
}
