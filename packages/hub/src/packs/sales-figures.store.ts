import type { Rows } from '../kernel/database.ts';
import { present, readFrom, type PresentedMetric } from '../kernel/metric.graphql.ts';
import { together } from '../kernel/together.ts';
import { pipelineKinds } from '../opportunities/pipeline-groups.graphql.ts';
import {
  openPipeline,
  pipelineCoverage,
  quotaAttainment,
  remainingQuotaCoverage,
  weightedPipeline,
  winRate,
} from '../opportunities/pipeline.metrics.ts';
import {
  countDeals,
  readOpenPipeline,
  readQuota,
  readWonAmount,
  type PipelineQuestion,
} from '../opportunities/pipeline.store.ts';
import type { ReviewQuestion } from './pack-figures.store.ts';
import type { ReviewScope } from './review-scope.ts';

/** The deals and quotas of the quarter that sales figures of a review are of. */
export function dealsAsked(
  { scope, currency }: ReviewQuestion,
  { quarter, day }: { quarter: { from: string; to: string }; day: string },
): PipelineQuestion {
  return {
    from: quarter.from,
    to: quarter.to,
    currency,
    today: day,
    owner: scope.kind === 'PERSON' ? scope.id : null,
    client: scope.kind === 'CLIENT' ? scope.id : null,
    team: scope.team,
    pipeline: null,
  };
}

/** What was won and may be; in a fixed number of statements. */
export async function readSales(
  rows: Rows,
  { scope, asked }: { scope: ReviewScope; asked: PipelineQuestion },
): Promise<PresentedMetric[]> {
  const { currency } = asked;
  // Quotas are kept by seller: a client has none.
  const noQuota = { amount: null, unconverted: [] };
  const [open, won, quota, counts] = await together([
    readOpenPipeline(rows, asked),
    readWonAmount(rows, asked),
    scope.kind === 'CLIENT' ? Promise.resolve(noQuota) : readQuota(rows, asked),
    countDeals(rows, asked),
  ]);
  const openAmount = openPipeline.compute({ ...open }).value;
  const [beforeOpen, beforeWon] = [open.unconverted, won.unconverted].map((each) => [...each, ...quota.unconverted]);
  const covered = { openAmount, quota: quota.amount, unconverted: beforeOpen ?? [] };
  const ofQuota =
    scope.kind === 'CLIENT'
      ? []
      : [
          present(
            quotaAttainment,
            { wonAmount: won.amount, quota: quota.amount, unconverted: beforeWon ?? [] },
            currency,
          ),
          present(pipelineCoverage, covered, currency),
          present(
            remainingQuotaCoverage,
            { ...covered, wonAmount: won.amount, unconverted: [...covered.unconverted, ...won.unconverted] },
            currency,
          ),
        ];
  const metrics = [
    present(openPipeline, { ...open }, currency),
    present(weightedPipeline, { ...open }, currency),
    ...ofQuota,
    present(winRate, { ...counts }),
  ];
  return metrics.map((metric) => readFrom(pipelineKinds, metric));
}
