import { sql } from 'kysely';
import type { Graph } from '../kernel/graph.ts';
import { project } from '../projects/project.ts';
import { risk } from './risk.ts';

export function addRisks(graph: Graph): void {
  graph.addKind(risk, { plural: 'risks', description: 'Something that may happen to a project.' });
  graph.addList(project, {
    name: 'risks',
    to: 'risk',
    description: 'What may happen to it.',
    belonging: sql`entity.project_id = parent.id`,
  });
}
