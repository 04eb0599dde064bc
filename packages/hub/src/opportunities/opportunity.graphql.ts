import { sql } from 'kysely';
import { client } from '../clients/client.ts';
import type { Graph } from '../kernel/graph.ts';
import { person } from '../people/person.ts';
import { lineItem } from './line-item.ts';
import { opportunity } from './opportunity.ts';
import { quota } from './quota.ts';

export function addOpportunities(graph: Graph): void {
  graph.addKind(opportunity, { plural: 'opportunities', description: 'A deal that may be won: what sales promised.' });
  graph.addKind(lineItem, { plural: 'lineItems', description: 'One line of what is sold with an opportunity.' });
  graph.addKind(quota, { plural: 'quotas', description: 'What a seller is to sell within a period.' });
  graph.addList(opportunity, {
    name: 'lineItems',
    to: 'lineItem',
    description: 'What is sold with it, line by line.',
    belonging: sql`entity.opportunity_id = parent.id`,
  });
  graph.addList(client, {
    name: 'opportunities',
    to: 'opportunity',
    description: 'What they may buy, or bought.',
    belonging: sql`entity.client_id = parent.id`,
  });
  graph.addList(person, {
    name: 'opportunities',
    to: 'opportunity',
    description: 'What they sell.',
    belonging: sql`entity.owner_id = parent.id`,
  });
  graph.addList(person, {
    name: 'quotas',
    to: 'quota',
    description: 'What they are to sell.',
    belonging: sql`entity.owner_id = parent.id`,
  });
}
