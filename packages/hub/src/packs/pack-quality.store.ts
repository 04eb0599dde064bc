import type { Context } from '../kernel/context.ts';
import { once } from '../kernel/once.ts';
import type { Standpoint } from '../kernel/standpoint.ts';
import { readDealIds, type PipelineQuestion } from '../opportunities/pipeline.store.ts';
import type { FigureQuality } from '../sources/figure-quality.rules.ts';
import { qualityOfDeals, qualityOfProjects } from '../sources/figure-quality.store.ts';
import type { OpportunityQualityFacts } from '../sources/quality.rules.ts';
import { readOpportunityQuality, readProjectQuality } from '../sources/quality.store.ts';

const open = ['QUALIFYING', 'SCOPING', 'PROPOSED', 'NEGOTIATING'] as const;

/** Where the deals stand that a figure of sales is computed of. */
const statesOf: Readonly<Record<string, readonly OpportunityQualityFacts['state'][]>> = {
  openPipeline: open,
  weightedPipeline: open,
  pipelineCoverage: open,
  quotaAttainment: ['WON'],
  remainingQuotaCoverage: [...open, 'WON'],
  winRate: ['WON', 'LOST'],
};

/** Figures of work, for which no field of a project is mandatory. */
const ofPeople: ReadonlySet<string> = new Set(['netUtilisation']);

/** Tells the quality of a review's figures by their names: all of it is read by three statements, when it is first asked for. */
export function packQuality(
  context: Context,
  of: { standpoint: Standpoint; asked: PipelineQuestion; projectIds: readonly string[] },
): (figure: string) => Promise<FigureQuality | null> {
  const { rows, now } = of.standpoint;
  const deals = once(async () => present(await readOpportunityQuality(rows, await readDealIds(rows, of.asked))));
  const projects = once(async () => qualityOfProjects(context, present(await readProjectQuality(rows, of.projectIds))));
  return async (figure) => {
    if (ofPeople.has(figure)) return null;
    const states = statesOf[figure];
    if (!states) return projects();
    const counted = (await deals()).filter(({ state }) => states.includes(state));
    return qualityOfDeals(context, counted, { now });
  };
}

function present<Facts>(found: readonly (Facts | null)[]): Facts[] {
  return found.filter((facts) => facts !== null);
}
