import type { Context } from '../kernel/context.ts';
import type { Rows } from '../kernel/database.ts';
import { present, readFrom, type PresentedMetric } from '../kernel/metric.graphql.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { pickMetrics, projectFigures, workKinds } from '../reports/metrics.graphql.ts';
import { addable, type LeftOut } from '../reports/portfolio.rules.ts';
import { readWorths } from '../reports/portfolio.store.ts';
import { projectsAtOnce, readFactsOfMany } from '../reports/facts-of-many.store.ts';
import { sumOf } from '../reports/project-metrics.rules.ts';
import { readUtilisation } from '../reports/utilisation.store.ts';
import type { FigureQuality } from '../sources/figure-quality.rules.ts';
import { netUtilisation } from '../time/utilisation.metrics.ts';
import { workStandpointOf } from '../time/worked.past.ts';
import { judge, type Judgement } from './judgement.rules.ts';
import { packQuality } from './pack-quality.store.ts';
import { quarterOf } from './quarter.rules.ts';
import { looksAt, type ReviewLens, type ReviewScope } from './review-scope.ts';
import { dealsAsked, readSales } from './sales-figures.store.ts';
import { readSubjects, type Subjects } from './subject.store.ts';
import { readTargets } from './target.store.ts';

/** Of whom, through which lens, in which currency, as of when. */
export interface ReviewQuestion {
  scope: ReviewScope;
  lens: ReviewLens;
  /** ISO 4217 code. */
  currency: string;
  /** Now when null. */
  asOf: string | null;
}

export interface JudgedFigure extends Judgement {
  metric: PresentedMetric;
}

/** A figure with how far what it is computed of can be relied on; null where that is neither deals nor projects. */
export interface PackFigure extends JudgedFigure {
  quality(): Promise<FigureQuality | null>;
}

/** The figures of a review, and what it goes through. */
export interface PackFigures {
  question: ReviewQuestion;
  /** The instant that they are of. */
  now: string;
  /** First and last day of the quarter whose deals and quotas count. */
  quarter: { from: string; to: string };
  subjects: Subjects;
  figures: readonly PackFigure[];
  leftOut: readonly LeftOut[];
}

/** Days whose work utilisation is of, the last one included. */
const UTILISATION_DAYS = 28;

const deliveryFigures = [
  'margin',
  'marginErosion',
  'marginErosionAmount',
  'forecastMargin',
  'costPerformanceIndex',
  'schedulePerformanceIndex',
  'burnGap',
  'leakedTime',
  'revenueAtRisk',
  'netLeakage',
  'changeOrderRatio',
  'riskExposure',
  'unquantifiedRisks',
];

/** In a fixed number of statements, however many deals there are, and for every hundred projects, or twenty as of a past instant. Throws InputError. */
export async function readPackFigures(context: Context, question: ReviewQuestion): Promise<PackFigures> {
  const { scope, lens } = question;
  const standpoint = standpointOf(context, question.asOf);
  const { rows, now } = standpoint;
  const subjects = await readSubjects(rows, question);
  const day = now.slice(0, 10);
  const quarter = quarterOf(day);
  const targets = await readTargets(rows, { scope, day });
  const asked = dealsAsked(question, { quarter, day });
  const sales = looksAt(lens, 'SALES') ? await readSales(rows, { scope, asked }) : [];
  const delivery = looksAt(lens, 'DELIVERY') ? await readDelivery(context, { question, subjects }) : null;
  const standards = { limits: context.warningLimits, elapsed: quarter.elapsed, targets };
  const metrics = [...sales, ...(delivery?.metrics ?? [])];
  const qualityOf = packQuality(context, { standpoint, asked, projectIds: delivery?.projectIds ?? [] });
  return {
    question,
    now,
    quarter,
    subjects,
    figures: metrics.map((metric) => ({
      metric,
      ...judge(metric, standards),
      quality: () => qualityOf(metric.definition.name),
    })),
    leftOut: delivery?.leftOut ?? [],
  };
}

async function readDelivery(
  context: Context,
  { question, subjects }: { question: ReviewQuestion; subjects: Subjects },
): Promise<{ metrics: readonly PresentedMetric[]; leftOut: readonly LeftOut[]; projectIds: readonly string[] }> {
  const { scope, currency, asOf } = question;
  const projectIds = subjects.allProjectIds;
  // First: nothing that is read outside the transaction of the facts may be waited for inside it.
  const { rows, now } = await workStandpointOf(context, asOf, null);
  const facts = await readFacts(context, { projectIds, asOf });
  const worths = await readWorths(rows, { into: currency, on: now.slice(0, 10) });
  const { bases, leftOut } = addable(projectIds, facts, worths);
  const figures = pickMetrics(projectFigures(sumOf(bases), currency), deliveryFigures);
  const out = new Set(leftOut.map(({ projectId }) => projectId));
  const found = { leftOut, projectIds: projectIds.filter((id) => !out.has(id)) };
  if (scope.kind === 'CLIENT') return { ...found, metrics: figures };
  return { ...found, metrics: [...figures, await readNetUtilisation(rows, { context, scope, now })] };
}

/** Of one state, however many statements it takes and whoever writes meanwhile. */
function readFacts(context: Context, asked: { projectIds: readonly string[]; asOf: string | null }) {
  if (asked.projectIds.length <= projectsAtOnce(asked.asOf) || context.rows.isTransaction)
    return readFactsOfMany(context, asked);
  return context.rows
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((rows) => readFactsOfMany({ ...context, rows }, asked));
}

async function readNetUtilisation(
  rows: Rows,
  { context, scope, now }: { context: Context; scope: ReviewScope; now: string },
): Promise<PresentedMetric> {
  const to = Temporal.PlainDate.from(now.slice(0, 10));
  const [found] = await readUtilisation(rows, {
    from: to.subtract({ days: UTILISATION_DAYS - 1 }).toString(),
    to: to.toString(),
    groupBy: null,
    personId: scope.kind === 'PERSON' ? scope.id : null,
    team: scope.team,
    limit: 1,
    settings: context.scope,
    calendars: context.calendars,
  });
  const metric = present(netUtilisation, {
    billableSeconds: found?.billable ?? 0,
    creditedSeconds: 0,
    calendarSeconds: found?.calendar ?? 0,
    excludedSeconds: found?.excluded ?? 0,
  });
  return readFrom([...workKinds, 'capacity'], metric);
}
