import { pastChangeOrders } from './change-requests/change-order.past.ts';
import { pastReviews } from './change-requests/commercial-review.past.ts';
import { pastViews } from './check-ins/opportunity-view.past.ts';
import { allKinds } from './entities.ts';
import { pastKinds } from './kernel/as-of.ts';
import { pastDecisions } from './kernel/decision.past.ts';
import type { PastTable } from './kernel/past-tables.ts';
import { pastBaselines } from './projects/baseline.past.ts';
import { pastReportSendings } from './packs/report-sending.past.ts';
import { pastReportSnapshots } from './packs/report-snapshot.past.ts';
import { pastProjectLinks } from './projects/project-link.past.ts';
import { pastCommitmentLinks } from './proposals/commitment-link.past.ts';
import { pastFeasibilityReviews } from './reviews/feasibility-review.past.ts';

/** Every table that can be read as it was, each behind those it is made of. */
export const pastTables: readonly PastTable[] = [
  ...pastKinds(Object.values(allKinds)),
  pastProjectLinks,
  ...pastChangeOrders,
  pastReviews,
  pastBaselines,
  pastCommitmentLinks,
  pastFeasibilityReviews,
  pastDecisions,
  pastViews,
  pastReportSnapshots,
  pastReportSendings,
];
