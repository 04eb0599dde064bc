import { isObjectType, type GraphQLSchema } from 'graphql';
import { addChangeRequests, addImplementation } from './change-requests/change-request.graphql.ts';
import { addClients } from './clients/client.graphql.ts';
import { allKinds } from './entities.ts';
import { createBuilder } from './kernel/builder.ts';
import type { Row } from './kernel/columns.ts';
import type { RowConnection } from './kernel/connection.ts';
import { encodeId } from './kernel/global-id.ts';
import { createGraph } from './kernel/graph.ts';
import { addProvenance, addProvenanceOf } from './kernel/provenance.graphql.ts';
import { addScalars } from './kernel/scalars.graphql.ts';
import { addExchangeRates } from './money/exchange-rate.graphql.ts';
import { addOpportunities } from './opportunities/opportunity.graphql.ts';
import { addPeople } from './people/people.graphql.ts';
import { addProjectLinks } from './projects/project-link.graphql.ts';
import { addProjects, addWorkItems } from './projects/project.graphql.ts';
import { addRisks } from './risks/risk.graphql.ts';
import { addQuarantine } from './sync/quarantine.graphql.ts';
import { addSyncRuns } from './sync/run.graphql.ts';
import { addSources } from './sync/source.graphql.ts';
import { addTime } from './time/time-entry.graphql.ts';

/** The whole graph, room by room. */
export function buildSchema(): GraphQLSchema {
  const builder = createBuilder();
  addScalars(builder);
  const graph = createGraph(builder);
  addPeople(graph);
  addClients(graph);
  addExchangeRates(graph);
  addOpportunities(graph);
  addProjects(graph);
  addProjectLinks(graph);
  addChangeRequests(graph);
  addWorkItems(graph);
  addImplementation(graph);
  addTime(graph);
  addRisks(graph);
  addSources(graph, addSyncRuns(graph));
  addQuarantine(graph);
  const provenance = addProvenance(builder);
  for (const kind of Object.values(allKinds))
    addProvenanceOf(builder, { kind, ref: graph.typeOf(kind.name).ref, provenance });
  return withPlainRows(builder.toSchema());
}

/**
 * Relay's plugin makes ids in an async function, which makes a promise of every row that is asked for its id, and nodes
 * out of edges, which makes an edge of every row. Ours are at hand.
 */
function withPlainRows(schema: GraphQLSchema): GraphQLSchema {
  for (const { typeName } of Object.values(allKinds)) {
    const [type, connection] = [schema.getType(typeName), schema.getType(`${typeName}Connection`)];
    if (!isObjectType(type) || !isObjectType(connection)) continue;
    const { id } = type.getFields();
    const { nodes } = connection.getFields();
    if (id) id.resolve = (row: Row) => encodeId(typeName, String(row['id']));
    if (nodes) nodes.resolve = (of: RowConnection) => of.nodes;
  }
  return schema;
}
