import type { Random } from '@plumbline/emulator';
import { businessDayUntil, type Day } from './days.ts';
import { makeDeal } from './deals.ts';
import type { ChangeRequest, Deal, Person } from './plan.ts';
import { agreedStates } from './vocabulary.ts';

export interface ChangeOrderInput {
  request: ChangeRequest;
  nextId: () => string;
  sellers: readonly Person[];
  today: Day;
}

/** What people call a change request: its number in the team's register, else its issue's key. */
export function changeRequestName({ issue, registerKey, number }: ChangeRequest): string {
  return registerKey ?? issue?.key ?? String(number);
}

/** The CRM's deal for a change with a price, once it is quoted; null where there is none, or where it is missing on purpose. */
export function changeOrderDeal(random: Random, { request, nextId, sellers, today }: ChangeOrderInput): Deal | null {
  const { project, price, state, path, quirk } = request;
  const quotedOn = path.find((step) => step.state === 'QUOTED')?.on;
  const agreed = agreedStates.includes(state);
  if (!project.client || price === null || price === 0 || quotedOn === undefined || quirk === 'R09') return null;
  if (!agreed && state !== 'QUOTED' && state !== 'REJECTED') return null;
  const decidedOn = path.find((step) => step.state === 'APPROVED' || step.state === 'REJECTED')?.on;
  return makeDeal({
    random,
    id: nextId(),
    name: `${request.title} (${changeRequestName(request)})`,
    client: project.client,
    owner: random.pick(sellers),
    price,
    currency: project.currency,
    state: agreed ? 'WON' : state === 'REJECTED' ? 'LOST' : 'NEGOTIATING',
    today,
    closeOn: decidedOn ?? businessDayUntil(today + random.integer(8, 40)),
    createdOn: Math.min(quotedOn, today - 4),
    pipeline: 'change-orders',
    projectKey: project.key,
    changeRequestKey: changeRequestName(request),
  });
}
