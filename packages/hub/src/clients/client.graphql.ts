import type { Graph } from '../kernel/graph.ts';
import { client } from './client.ts';

export function addClients(graph: Graph): void {
  graph.addKind(client, { plural: 'clients', description: 'A firm that buys, one over all sources.' });
}
