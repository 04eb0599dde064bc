import {
  changeOrderConversion,
  changeOrderRatio,
  changeRequestCycleTime,
  openChangeRequestAge,
  scopeCreepIndexByHours,
  scopeCreepIndexByItems,
  scopeGrowth,
} from './change-requests/change-request.metrics.ts';
import { longestDecisionWait } from './change-requests/decision-wait.metrics.ts';
import type { MetricDefinition } from './kernel/metric.ts';
import { discountOnList } from './money/discount.metrics.ts';
import {
  forecastMargin,
  margin,
  marginErosion,
  marginErosionAmount,
  marginWithChangeOrders,
  overrun,
} from './money/margin.metrics.ts';
import {
  closeDateChanges,
  closeDatePulls,
  closeDatePushes,
  closeDateSlippage,
} from './opportunities/close-date.metrics.ts';
import {
  forecastAccuracy,
  forecastBias,
  openPipeline,
  pipelineCoverage,
  quotaAttainment,
  remainingQuotaCoverage,
  rigourUplift,
  weightedPipeline,
  winRate,
} from './opportunities/pipeline.metrics.ts';
import { stageAgeing } from './opportunities/stage.metrics.ts';
import { allocationRatio, demandRatio } from './projects/allocation.metrics.ts';
import { fallingCostPerformance } from './projects/cost-trend.metrics.ts';
import {
  burnGap,
  costPerformanceIndex,
  estimateAtCompletion,
  estimateAtCompletionAsPlanned,
  estimateAtCompletionByCostAndSchedule,
  runway,
  schedulePerformanceIndex,
  toCompletePerformanceIndex,
  varianceAtCompletion,
} from './projects/earned-value.metrics.ts';
import { handoffCompleteness, sowCompliance } from './proposals/proposal.metrics.ts';
import { missedReportCount, unsentReportDays } from './reports/missed-report.metrics.ts';
import { riskExposure, unquantifiedRisks } from './risks/risk.metrics.ts';
import { drift, freshness, quality } from './sources/source.metrics.ts';
import { workLoad } from './time/load.metrics.ts';
import { statusMeetingShare } from './time/meeting.metrics.ts';
import {
  costLeak,
  leakedTime,
  netLeakage,
  recoveredRevenue,
  revenueAtRisk,
  revenueLeakageRatio,
  unratedLeakage,
} from './time/leakage.metrics.ts';
import {
  clientWaitCost,
  clientWaitPrice,
  clientWaitShare,
  clientWaitTime,
  reworkCost,
  reworkPrice,
  reworkShare,
  reworkTime,
  unratedClientWait,
  unratedRework,
} from './time/nature.metrics.ts';
import {
  billableRatio,
  bookingRatio,
  freeCapacity,
  grossUtilisation,
  netUtilisation,
} from './time/utilisation.metrics.ts';

/** Definitions that belong together, under the title people look for. */
export interface MetricRoom {
  readonly title: string;
  readonly metrics: readonly MetricDefinition[];
}

/** Every figure the product knows how to compute. */
export const metricRooms: readonly MetricRoom[] = [
  {
    title: 'Margin',
    metrics: [margin, marginErosion, marginErosionAmount, marginWithChangeOrders, forecastMargin, overrun],
  },
  {
    title: 'Pipeline',
    metrics: [
      openPipeline,
      weightedPipeline,
      pipelineCoverage,
      remainingQuotaCoverage,
      quotaAttainment,
      forecastAccuracy,
      forecastBias,
      winRate,
      rigourUplift,
      closeDateChanges,
      closeDatePushes,
      closeDatePulls,
      closeDateSlippage,
      stageAgeing,
    ],
  },
  { title: 'Before the signature', metrics: [sowCompliance, handoffCompleteness] },
  { title: 'Reports', metrics: [missedReportCount, unsentReportDays] },
  {
    title: 'Earned value',
    metrics: [
      costPerformanceIndex,
      schedulePerformanceIndex,
      estimateAtCompletion,
      estimateAtCompletionAsPlanned,
      estimateAtCompletionByCostAndSchedule,
      varianceAtCompletion,
      toCompletePerformanceIndex,
      burnGap,
      runway,
      fallingCostPerformance,
    ],
  },
  {
    title: 'Change requests and scope',
    metrics: [
      scopeGrowth,
      scopeCreepIndexByItems,
      scopeCreepIndexByHours,
      changeOrderRatio,
      changeOrderConversion,
      changeRequestCycleTime,
      discountOnList,
      openChangeRequestAge,
      longestDecisionWait,
    ],
  },
  {
    title: 'Leakage',
    metrics: [leakedTime, unratedLeakage, revenueAtRisk, costLeak, recoveredRevenue, netLeakage, revenueLeakageRatio],
  },
  {
    title: 'Waiting and rework',
    metrics: [
      clientWaitTime,
      clientWaitShare,
      clientWaitPrice,
      clientWaitCost,
      unratedClientWait,
      reworkTime,
      reworkShare,
      reworkPrice,
      reworkCost,
      unratedRework,
      statusMeetingShare,
    ],
  },
  {
    title: 'Utilisation and capacity',
    metrics: [
      netUtilisation,
      grossUtilisation,
      billableRatio,
      bookingRatio,
      freeCapacity,
      allocationRatio,
      demandRatio,
      workLoad,
    ],
  },
  { title: 'Risk', metrics: [riskExposure, unquantifiedRisks] },
  { title: 'Data', metrics: [freshness, quality, drift] },
];
