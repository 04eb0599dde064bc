import { present, type PresentedMetric } from '../kernel/metric.graphql.ts';
import { handoffCompleteness } from './proposal.metrics.ts';

/** What delivery needs of a deal that was won, in the order in which it comes about. */
export const handoffItems = [
  'ACCEPTED_PROPOSAL',
  'GOVERNANCE',
  'PROJECT',
  'BASELINE',
  'MANAGER',
  'TEAM',
  'MILESTONE',
  'COMMITMENTS_PLANNED',
] as const;
export type HandoffItemName = (typeof handoffItems)[number];

/** What is known of a won deal and of the projects that deliver it. */
export interface HandoffFacts {
  /** How many of its proposals the client has accepted here; one for each project, at most. */
  accepted: number;
  /** Terms of governance that one of those leaves out. */
  ungoverned: readonly string[];
  commitments: number;
  /** Of those, how many no work item keeps. */
  unplanned: number;
  projects: number;
  /** Of those, how many have no baseline, no manager, nobody booked for them, and no milestone with a day. */
  withoutBaseline: number;
  withoutManager: number;
  withoutTeam: number;
  withoutMilestone: number;
}

export interface HandoffItem {
  item: HandoffItemName;
  there: boolean;
  /** What is missing, in one sentence; null where it is there. */
  missing: string | null;
}

export interface Handoff {
  completeness: PresentedMetric;
  items: readonly HandoffItem[];
}

/** What of a won deal has been handed over to delivery. Pure. */
export function handoffOf(facts: HandoffFacts): Handoff {
  const items = handoffItems.map((item) => {
    const missing = lacks[item](facts);
    return { item, there: missing === null, missing };
  });
  const there = items.filter((each) => each.there).length;
  return { completeness: present(handoffCompleteness, { there, wanted: items.length }), items };
}

type Lack = (facts: HandoffFacts) => string | null;

const NOTHING_ACCEPTED = 'The client has accepted no proposal here.';

/** Why each item is not there; null where it is. */
const lacks: Readonly<Record<HandoffItemName, Lack>> = {
  ACCEPTED_PROPOSAL: ({ accepted }) => (accepted > 0 ? null : NOTHING_ACCEPTED),
  GOVERNANCE({ accepted, ungoverned }) {
    if (accepted === 0) return NOTHING_ACCEPTED;
    if (ungoverned.length === 0) return null;
    return `${accepted === 1 ? 'The accepted proposal' : `One of ${accepted} accepted proposals`} says nothing of ${ungoverned.join(', ')}.`;
  },
  PROJECT: ({ projects }) => (projects > 0 ? null : 'It is linked to no project.'),
  BASELINE: ofEveryProject('withoutBaseline', 'no baseline'),
  MANAGER: ofEveryProject('withoutManager', 'no manager'),
  TEAM: ofEveryProject('withoutTeam', 'nobody booked for it'),
  MILESTONE: ofEveryProject('withoutMilestone', 'no milestone with a day'),
  COMMITMENTS_PLANNED({ accepted, commitments, unplanned }) {
    if (accepted === 0) return NOTHING_ACCEPTED;
    return unplanned === 0 ? null : `No work keeps ${unplanned} of ${commitments} commitments.`;
  },
};

function ofEveryProject(
  without: 'withoutBaseline' | 'withoutManager' | 'withoutTeam' | 'withoutMilestone',
  what: string,
): Lack {
  return (facts) => {
    if (facts.projects === 0) return 'It is linked to no project.';
    if (facts[without] === 0) return null;
    return facts.projects === 1
      ? `Its project has ${what}.`
      : `${facts[without]} of ${facts.projects} projects have ${what}.`;
  };
}
