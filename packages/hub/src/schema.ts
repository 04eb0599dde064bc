import { isObjectType, type GraphQLSchema } from 'graphql';
import { addChangeControl } from './change-requests/change-control.graphql.ts';
import { addChangeOrders } from './change-requests/change-order.graphql.ts';
import { addChangeRequests, addImplementation } from './change-requests/change-request.graphql.ts';
import { addCommercial } from './change-requests/commercial.graphql.ts';
import { addStage } from './change-requests/change-stage.graphql.ts';
import { addOverdueReviews } from './change-requests/escalation.graphql.ts';
import { addQuotes } from './change-requests/quote.graphql.ts';
import { addSmallChanges } from './change-requests/small-changes.graphql.ts';
import { addClientTokens } from './client-status/client-token.graphql.ts';
import { addCheckIn } from './check-ins/check-in.graphql.ts';
import { addOpenPointMutations } from './check-ins/open-point-mutations.graphql.ts';
import { addOpenPoints } from './check-ins/open-point.graphql.ts';
import { addOpportunityViews } from './check-ins/opportunity-view.graphql.ts';
import { addQuestions } from './check-ins/question.graphql.ts';
import { addReminders } from './check-ins/reminder.graphql.ts';
import { addViewsDue } from './check-ins/views-due.graphql.ts';
import { addClients } from './clients/client.graphql.ts';
import { allKinds } from './entities.ts';
import { createBuilder } from './kernel/builder.ts';
import type { Row } from './kernel/columns.ts';
import type { RowConnection } from './kernel/connection.ts';
import { addControlInputs } from './kernel/control-inputs.graphql.ts';
import { encodeId } from './kernel/global-id.ts';
import { addDecision, addDecisionsOf } from './kernel/decision.graphql.ts';
import { addDocumentForm } from './kernel/document.graphql.ts';
import { createGraph } from './kernel/graph.ts';
import { addHistory, addHistoryOf } from './kernel/history.graphql.ts';
import { addProvenance, addProvenanceOf } from './kernel/provenance.graphql.ts';
import { addMetric } from './kernel/metric.graphql.ts';
import { addScalars } from './kernel/scalars.graphql.ts';
import { addExchangeRates } from './money/exchange-rate.graphql.ts';
import { addOpportunityMetrics } from './opportunities/opportunity-metrics.graphql.ts';
import { addOpportunities } from './opportunities/opportunity.graphql.ts';
import { addPipeline } from './opportunities/pipeline.graphql.ts';
import { addPacks } from './packs/packs.graphql.ts';
import { addPeople } from './people/people.graphql.ts';
import { addBaselines } from './projects/baseline.graphql.ts';
import { addProjectLinks } from './projects/project-link.graphql.ts';
import { addProjects, addWorkItems } from './projects/project.graphql.ts';
import { addCapacityCheck } from './proposals/capacity-check.graphql.ts';
import { addCommitmentLinks } from './proposals/commitment.graphql.ts';
import { addHandoff } from './proposals/handoff.graphql.ts';
import { addProposalMutations } from './proposals/proposal-mutations.graphql.ts';
import { addProposalTerms } from './proposals/proposal-terms.graphql.ts';
import { addProposals } from './proposals/proposal.graphql.ts';
import { addDecideGate, addReviewMutations } from './proposals/review-mutations.graphql.ts';
import { addReviews } from './proposals/review.graphql.ts';
import { addRigour } from './proposals/rigour.graphql.ts';
import { addStandards } from './proposals/standard.graphql.ts';
import { addTemplates } from './proposals/template.graphql.ts';
import { addBookings } from './reports/bookings.graphql.ts';
import { addEarlyWarnings } from './reports/early-warning.graphql.ts';
import { addPortfolio } from './reports/portfolio.graphql.ts';
import { addUtilisation } from './reports/utilisation.graphql.ts';
import { addWaste } from './reports/waste.graphql.ts';
import { addReports } from './reports/metrics.graphql.ts';
import { addFeasibilityReview } from './reviews/feasibility-review.graphql.ts';
import { addGate } from './reviews/gate.graphql.ts';
import { addRisks } from './risks/risk.graphql.ts';
import { addGovernancePack } from './signature/governance-pack.graphql.ts';
import { addRiskAudit } from './signature/risk-audit.graphql.ts';
import type { InstalledSource } from './sources/installed-source.ts';
import { addQuality } from './sources/quality.graphql.ts';
import { addViews } from './sources/view.graphql.ts';
import { addErasures } from './sync/erasure.graphql.ts';
import { addQuarantine } from './sync/quarantine.graphql.ts';
import { addRunWatch } from './sync/run-watch.graphql.ts';
import { addSyncRuns } from './sync/run.graphql.ts';
import { addSources } from './sync/source.graphql.ts';
import { addMeetings } from './time/meeting.graphql.ts';
import { addNature } from './time/nature.graphql.ts';
import { addScope } from './time/scope.graphql.ts';
import { addWorkByScope } from './time/work-by-scope.graphql.ts';
import { addTime } from './time/time-entry.graphql.ts';
import { addUnpromisedWork } from './time/unpromised-work.graphql.ts';

/** The whole graph, room by room, and what the connectors of these sources add to it. */
export function buildSchema(sources: readonly InstalledSource[] = []): GraphQLSchema {
  const builder = createBuilder();
  addScalars(builder);
  const metric = addMetric(builder);
  const graph = createGraph(builder);
  addPeople(graph);
  addClients(graph);
  addExchangeRates(graph);
  addOpportunities(graph);
  addOpportunityMetrics(graph, metric);
  const pipeline = addPipeline(graph, metric);
  addProjects(graph);
  addProjectLinks(graph);
  const inputs = addControlInputs(builder);
  addProposals(graph, addBaselines(graph, inputs));
  const terms = addProposalTerms(graph, inputs);
  addProposalMutations(graph, inputs, terms);
  const review = addFeasibilityReview(graph);
  const gate = addGate(graph);
  addReviews(graph, { ...review, ...gate });
  addRigour(graph, { pipeline, metric });
  addReviewMutations(graph, review);
  addDecideGate(graph, gate);
  addStandards(graph, metric);
  addTemplates(graph, terms);
  addHandoff(graph, metric);
  addChangeRequests(graph);
  addChangeControl(graph, inputs);
  addCommercial(graph, metric);
  const decision = addDecision(builder);
  for (const kind of ['opportunity', 'project', 'proposal', 'commitment', 'changeRequest'] as const)
    addDecisionsOf(builder, { ref: graph.typeOf(kind).ref, decision });
  addStage(graph);
  addOverdueReviews(graph);
  const form = addDocumentForm(builder);
  addQuotes(graph, form);
  addSmallChanges(graph);
  addChangeOrders(graph, inputs);
  addWorkItems(graph);
  addCommitmentLinks(graph);
  addImplementation(graph);
  addTime(graph);
  addWorkByScope(graph, addScope(graph));
  addUnpromisedWork(graph);
  addNature(graph);
  addMeetings(graph, metric);
  addRisks(graph);
  addReports(graph, metric);
  addWaste(graph, metric);
  const { portfolio, leftOut } = addPortfolio(graph, metric);
  addEarlyWarnings(graph, metric, portfolio);
  addBookings(graph, { metric, group: addUtilisation(graph, metric) });
  addCapacityCheck(graph);
  const point = addOpenPoints(graph);
  addOpenPointMutations(graph, point);
  const views = addOpportunityViews(graph);
  addCheckIn(graph, { ...views, point });
  addViewsDue(graph, views);
  addReminders(graph, views);
  const severity = addQuestions(graph);
  addRiskAudit(graph, { severity, form });
  addGovernancePack(graph, form);
  addPacks(graph, { metric, leftOut, view: views.view, severity, form });
  for (const kind of ['obstacle', 'closeNeed'] as const)
    addDecisionsOf(builder, { ref: graph.typeOf(kind).ref, decision });
  const runs = addSyncRuns(graph);
  addRunWatch(graph, runs);
  addSources(graph, runs);
  addQuarantine(graph);
  addErasures(graph);
  addViews(graph, sources);
  addQuality(graph, { metric, portfolio, pipeline });
  addClientTokens(graph);
  const provenance = addProvenance(builder);
  const history = addHistory(builder);
  for (const kind of Object.values(allKinds)) {
    const { ref } = graph.typeOf(kind.name);
    addProvenanceOf(builder, { kind, ref, provenance });
    addHistoryOf(builder, { kind, ref, history });
  }
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
