import type { ViewTypes } from '../check-ins/opportunity-view.graphql.ts';
import type { addQuestions } from '../check-ins/question.graphql.ts';
import type { DocumentFormRef } from '../kernel/document.graphql.ts';
import type { Graph } from '../kernel/graph.ts';
import type { MetricRef } from '../kernel/metric.graphql.ts';
import type { LeftOutRef } from '../reports/portfolio.graphql.ts';
import type { FigureQualityRef } from '../sources/figure-quality.graphql.ts';
import { addMissedReports } from './missed-report.graphql.ts';
import { addPackFigure } from './pack-figure.graphql.ts';
import { addReportSendings } from './report-sending.graphql.ts';
import { addReviewPack } from './review-pack.graphql.ts';
import { addReviewScope } from './review-scope.graphql.ts';
import { addSnapshots } from './snapshot.graphql.ts';
import { target } from './target.ts';

/** Reviews: what somebody goes through, what is kept of it, and what figures are to reach. */
export function addPacks(
  graph: Graph,
  of: {
    metric: MetricRef;
    figureQuality: FigureQualityRef;
    leftOut: LeftOutRef;
    view: ViewTypes['view'];
    severity: ReturnType<typeof addQuestions>;
    form: DocumentFormRef;
  },
): void {
  graph.addKind(target, { plural: 'targets', description: 'What a figure is to reach within a period.' });
  const types = { ...of, scope: addReviewScope(graph), figure: addPackFigure(graph, of) };
  const snapshot = addSnapshots(graph, types);
  addReportSendings(graph, snapshot);
  addReviewPack(graph, { ...types, snapshot });
  addMissedReports(graph, { snapshot, severity: of.severity });
}
