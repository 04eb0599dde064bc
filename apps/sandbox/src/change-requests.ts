import type { Random } from '@plumbline/emulator';
import { addBusinessDays, businessDayFrom, businessDayUntil, type Day } from './days.ts';
import { apportion, quotedSmall } from './money.ts';
import type { ChangeRequest, Project } from './plan.ts';
import { missingChangeOrders } from './planted.ts';
import { agreedStates, registerTeam, type ChangeRequestState } from './vocabulary.ts';
import { changeOrigins, changes } from './words.ts';

const wantedPerDivision = 150;

/** Where a change request comes through on the way to each state. */
const ways: Readonly<Record<ChangeRequestState, readonly ChangeRequestState[]>> = {
  CAPTURED: ['CAPTURED'],
  TRIAGED: ['CAPTURED', 'TRIAGED'],
  IMPACT_ASSESSED: ['CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED'],
  COMMERCIAL_REVIEW: ['CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW'],
  QUOTED: ['CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'QUOTED'],
  APPROVED: ['CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'QUOTED', 'APPROVED'],
  IMPLEMENTING: ['CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'QUOTED', 'APPROVED', 'IMPLEMENTING'],
  IMPLEMENTED: [
    'CAPTURED',
    'TRIAGED',
    'IMPACT_ASSESSED',
    'COMMERCIAL_REVIEW',
    'QUOTED',
    'APPROVED',
    'IMPLEMENTING',
    'IMPLEMENTED',
  ],
  CLOSED: [
    'CAPTURED',
    'TRIAGED',
    'IMPACT_ASSESSED',
    'COMMERCIAL_REVIEW',
    'QUOTED',
    'APPROVED',
    'IMPLEMENTING',
    'IMPLEMENTED',
    'CLOSED',
  ],
  REJECTED: ['CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'QUOTED', 'REJECTED'],
  DEFERRED: ['CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'DEFERRED'],
  WITHDRAWN: ['CAPTURED', 'TRIAGED', 'WITHDRAWN'],
  ABSORBED: ['CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'ABSORBED'],
};

const underway: readonly ChangeRequestState[] = [
  'IMPLEMENTING',
  'QUOTED',
  'IMPLEMENTED',
  'COMMERCIAL_REVIEW',
  'APPROVED',
  'CAPTURED',
  'CLOSED',
  'REJECTED',
  'TRIAGED',
  'IMPACT_ASSESSED',
  'DEFERRED',
  'WITHDRAWN',
  'ABSORBED',
];
const ended: readonly ChangeRequestState[] = ['CLOSED', 'REJECTED', 'CLOSED', 'ABSORBED', 'WITHDRAWN'];

/** The state a planted change request has, and the one it is in the list for. */
const plantedStates: Readonly<Record<'R10' | 'R14' | 'R16', readonly ChangeRequestState[]>> = {
  R10: ['QUOTED', 'COMMERCIAL_REVIEW', 'IMPLEMENTING'],
  R14: ['REJECTED'],
  R16: ['IMPLEMENTING'],
};
/** Small ones add up to more than 5,000 euros within weeks; each alone would pass as a favour. */
const smallStates: readonly ChangeRequestState[] = ['QUOTED', 'APPROVED', 'COMMERCIAL_REVIEW', 'IMPLEMENTED', 'QUOTED'];

/** The change requests of one division's projects. */
export function planChangeRequests(
  random: Random,
  { division, projects, lastDay }: { division: number; projects: readonly Project[]; lastDay: Day },
): ChangeRequest[] {
  const eligible = projects.filter(takesChanges);
  const planted = eligible.filter(({ quirk }) => quirk === 'R35').length * smallStates.length;
  const others = eligible.filter(({ quirk }) => quirk !== 'R35');
  const counts = apportion(
    wantedPerDivision - planted,
    others.map(({ issueCount }) => issueCount),
    1,
  );
  const countOf = new Map(others.map((project, index) => [project, counts[index] ?? 0]));
  const made: ChangeRequest[] = [];
  const seen = new Map<string, number>();
  for (const project of eligible) {
    const count = project.quirk === 'R35' ? smallStates.length : Math.max(1, countOf.get(project) ?? 1);
    for (let at = 0; at < count; at += 1) {
      const kind = plantedKind(project, at);
      const turn = seen.get(kind ?? '') ?? 0;
      seen.set(kind ?? '', turn + 1);
      made.push(plan(random, { division, project, at, kind, turn, number: made.length, lastDay }));
    }
  }
  return withMissingOrders(made);
}

/** Not before work has begun, and not where the estimates are to be compared with what was sold. */
function takesChanges({ client, jiraId, status, quirk }: Project): boolean {
  const excepted = quirk === 'R25' || quirk === 'R02' || quirk === 'R03' || quirk === 'likely';
  return client !== null && jiraId !== null && status !== 'PLANNED' && !excepted;
}

function plantedKind({ quirk }: Project, at: number): 'R10' | 'R14' | 'R16' | 'R35' | null {
  if (quirk === 'R35') return 'R35';
  return at === 0 && (quirk === 'R10' || quirk === 'R14' || quirk === 'R16') ? quirk : null;
}

interface PlanInput {
  division: number;
  project: Project;
  at: number;
  kind: 'R10' | 'R14' | 'R16' | 'R35' | null;
  /** How many of this kind there were before. */
  turn: number;
  number: number;
  lastDay: Day;
}

function plan(random: Random, { division, project, at, kind, turn, number, lastDay }: PlanInput): ChangeRequest {
  const state = stateFor(project, kind, turn, number, at);
  const until = businessDayUntil(Math.min(project.end, lastDay));
  const path = pathTo(random, state, { project, kind, at, until });
  const inRegister = project.teamName === registerTeam;
  const inJira = !inRegister || number % 4 === 0;
  return {
    number: division * 1_000 + number,
    project,
    title: changes[(project.index * 5 + at) % changes.length] ?? random.pick(changes),
    origin: random.pick(changeOrigins),
    state,
    path,
    approvedOn: path.find((step) => step.state === 'APPROVED')?.on ?? null,
    requester: random.chance(0.6) ? project.manager : random.pick(project.team),
    ...deltas(random, project, state, kind),
    issue: inJira ? { id: issueId(division, project, at + 1), key: `${project.key}-${at + 1}` } : null,
    registerKey: inRegister ? `CR-${String(division * 1_000 + number + 1).padStart(4, '0')}` : null,
    quirk: kind,
  };
}

/** Id of a project's nth issue; change requests come first. */
export function issueId(division: number, project: Pick<Project, 'index'>, n: number): string {
  return String(1_000_000 + division * 100_000 + project.index * 1_000 + n);
}

function stateFor(
  project: Project,
  kind: PlanInput['kind'],
  turn: number,
  number: number,
  at: number,
): ChangeRequestState {
  if (kind === 'R35') return smallStates[at % smallStates.length] ?? 'QUOTED';
  if (kind) return plantedStates[kind][turn % plantedStates[kind].length] ?? 'QUOTED';
  const states = project.status === 'ACTIVE' || project.status === 'ON_HOLD' ? underway : ended;
  return states[number % states.length] ?? 'CAPTURED';
}

interface WayInput {
  project: Project;
  kind: PlanInput['kind'];
  at: number;
  until: Day;
}

/** The days on which it changed state: after the project began, with room behind for the work that follows. */
function pathTo(
  random: Random,
  state: ChangeRequestState,
  { project, kind, at, until }: WayInput,
): ChangeRequest['path'] {
  const steps = ways[state];
  const waits = steps.slice(1).map((step) => (step === 'IMPLEMENTED' ? random.integer(6, 12) : random.integer(1, 3)));
  const needed = waits.reduce((sum, days) => sum + days, 0);
  // Work before submission, or after a decision, needs three weeks of its own.
  const tail = kind ? 16 : state === 'IMPLEMENTING' ? 8 : 1;
  const earliest = addBusinessDays(project.start, kind ? 18 : 4);
  const latest = backBusinessDays(until, needed + tail);
  const first =
    kind === 'R35' ? backBusinessDays(until, 34 - at * 2) : random.integer(earliest, Math.max(earliest, latest));
  let on = businessDayFrom(first);
  return steps.map((step, index) => {
    if (index > 0) on = addBusinessDays(on, waits[index - 1] ?? 1);
    return { state: step, on };
  });
}

function backBusinessDays(day: Day, count: number): Day {
  let reached = day;
  for (let left = count; left > 0; left -= 1) reached = businessDayUntil(reached - 1);
  return reached;
}

/** What is known by then: nothing before the impact is assessed, no price before the commercial review. */
function deltas(
  random: Random,
  { currency }: Project,
  state: ChangeRequestState,
  kind: PlanInput['kind'],
): Pick<ChangeRequest, 'price' | 'cost' | 'effortHours' | 'days'> {
  if (state === 'CAPTURED' || state === 'TRIAGED' || state === 'WITHDRAWN')
    return { price: null, cost: null, effortHours: null, days: null };
  const euros = kind === 'R35' ? random.integer(1_100, 2_300) : sizeInEuros(random, kind);
  const effortHours = Math.round(euros === 0 ? random.integer(3, 20) : euros / 118);
  const cost = quotedSmall(effortHours * 64, currency);
  const assessedOnly = state === 'IMPACT_ASSESSED' || state === 'DEFERRED';
  return {
    price: assessedOnly ? null : quotedSmall(euros, currency),
    cost,
    effortHours,
    days: effortHours > 200 ? random.integer(10, 30) : random.integer(0, 8),
  };
}

function sizeInEuros(random: Random, kind: PlanInput['kind']): number {
  if (kind) return random.integer(9_000, 22_000);
  const draw = random.next();
  if (draw < 0.14) return 0;
  if (draw < 0.24) return -random.integer(3_000, 12_000);
  return draw < 0.82 ? random.integer(6_000, 25_000) : random.integer(25_000, 90_000);
}

/** Takes the change-order deal away from a few that the client has agreed to pay for. */
function withMissingOrders(made: ChangeRequest[]): ChangeRequest[] {
  let left = missingChangeOrders;
  return made.map((request) => {
    const payable = agreedStates.includes(request.state) && (request.price ?? 0) > 0;
    if (left === 0 || !payable || request.quirk || request.project.quirk) return request;
    left -= 1;
    return { ...request, quirk: 'R09' };
  });
}
