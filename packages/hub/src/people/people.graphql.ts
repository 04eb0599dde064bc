import { sql } from 'kysely';
import type { Graph } from '../kernel/graph.ts';
import { capacity } from './capacity.ts';
import { person } from './person.ts';
import { rate } from './rate.ts';

export function addPeople(graph: Graph): void {
  graph.addKind(person, {
    plural: 'people',
    description:
      'Somebody who sells, delivers or asks: one person over all sources, unified by e-mail address and account.',
  });
  graph.addKind(rate, {
    plural: 'rates',
    description: 'What an hour of a person or role costs the firm and the client, for a span of days.',
  });
  graph.addKind(capacity, {
    plural: 'capacities',
    description: 'How much a person works on a working day, for a span of days.',
  });
  graph.addList(person, {
    name: 'rates',
    to: 'rate',
    description: 'Their rates, by validity.',
    belonging: sql`entity.person_id = parent.id`,
  });
  graph.addList(person, {
    name: 'capacities',
    to: 'capacity',
    description: 'Their working time, by validity.',
    belonging: sql`entity.person_id = parent.id`,
  });
}
