import type { Random } from '@plumbline/emulator';
import { businessDayUntil, isBusinessDay, type Day } from './days.ts';
import type { Engagement } from './engagements.ts';
import { apportion, type Currency } from './money.ts';
import type { Client, Deal, Person } from './plan.ts';
import type { DealQuirk } from './planted.ts';
import { dealStages, type OpportunityState } from './vocabulary.ts';

export interface DealInput {
  random: Random;
  id: string;
  name: string;
  client: Client;
  owner: Person;
  price: number;
  currency: Currency;
  state: OpportunityState;
  today: Day;
  /** Closed deals: the day they closed. Open ones: the day they are expected to. */
  closeOn: Day;
  pipeline?: Deal['pipeline'];
  createdOn?: Day;
  projectKey?: string | null;
  changeRequestKey?: string | null;
  quirk?: DealQuirk | null;
  archived?: boolean;
  duplicateOf?: string;
}

const nextSteps = [
  'Send revised offer',
  'Termin mit dem Einkauf',
  'Call CFO about payment terms',
  '見積書を送付',
  'Enviar contrato',
  'Reference visit',
];

/** One deal with a past that ends in its present values. */
export function makeDeal(input: DealInput): Deal {
  const { random, today, state, price, currency } = input;
  const quirk = input.quirk ?? null;
  const open = state !== 'WON' && state !== 'LOST' && state !== 'NO_DECISION';
  const lastDay = businessDayUntil(open ? today - random.integer(1, 3) : input.closeOn);
  const createdOn = input.createdOn ?? lastDay - random.integer(40, 150);
  const pipeline = input.pipeline ?? 'default';
  return {
    id: input.id,
    name: input.name,
    client: input.client,
    owner: input.owner,
    pipeline,
    stages: stagePath({ random, pipeline, state, createdOn, lastDay, closed: !open }),
    state,
    amounts: amountPath(random, { price, currency, createdOn, lastDay }),
    closeDates: closeDatePath(random, {
      closeOn: input.closeOn,
      pushes: quirk === 'R22' ? random.integer(3, 4) : random.integer(0, 2),
      createdOn,
      lastDay,
    }),
    currency,
    createdOn,
    lastActivityOn:
      open && quirk === 'R21' ? today - random.integer(17, 38) : Math.max(createdOn, lastDay - random.integer(0, 5)),
    nextStep: open ? nextStep(random, today, quirk) : null,
    projectKey: input.projectKey ?? null,
    changeRequestKey: input.changeRequestKey ?? null,
    lineItems: lineItems(input),
    archived: input.archived ?? false,
    duplicateOf: input.duplicateOf ?? null,
  };
}

/** The name of a deal for an engagement. */
export function dealName({ client, title }: Engagement): string {
  return `${client.name} – ${title}`;
}

interface PathInput {
  random: Random;
  pipeline: Deal['pipeline'];
  state: OpportunityState;
  createdOn: Day;
  lastDay: Day;
  closed: boolean;
}

/** A won deal has passed every open stage; a lost one may have ended anywhere; nothing is skipped backwards. */
function stagePath({ random, pipeline, state, createdOn, lastDay, closed }: PathInput): Deal['stages'] {
  const all = dealStages.filter((stage) => stage.pipeline === pipeline);
  const openStages = all.filter((stage) => !stage.isClosed);
  const last = all.find((stage) => stage.state === state && stage.isClosed === closed);
  if (!last) throw new RangeError(`pipeline ${pipeline} has no stage for ${state}`);
  const upTo = closed
    ? state === 'WON'
      ? openStages.length
      : random.integer(1, openStages.length)
    : openStages.indexOf(last) + 1;
  const path = [...openStages.slice(0, upTo), ...(closed ? [last] : [])];
  const on = spread(random, createdOn, lastDay, path.length, closed);
  return path.map(({ id }, index) => ({ stage: id, on: on[index] ?? lastDay }));
}

function amountPath(
  random: Random,
  { price, currency, createdOn, lastDay }: { price: number; currency: Currency; createdOn: Day; lastDay: Day },
): Deal['amounts'] {
  const changes = random.integer(0, 2);
  const on = spread(random, createdOn, lastDay, changes + 1, false);
  return on.map((day, index) => {
    if (index === changes) return { value: price, on: day };
    const factor = random.integer(75, 125) / 100;
    // A first guess that happens to be the final price would be no change at all.
    return { value: price * factor === price ? price * 1.1 : quotedLike(price * factor, currency), on: day };
  });
}

function quotedLike(amount: number, currency: Currency): number {
  return currency === 'JPY' ? Math.round(amount / 1_000) * 1_000 : Math.round(amount / 50) * 50 + 25;
}

/** Close dates it has had, oldest first. Besides pushes a deal is pulled in now and then; both end in the present date. */
function closeDatePath(
  random: Random,
  { closeOn, pushes, createdOn, lastDay }: { closeOn: Day; pushes: number; createdOn: Day; lastDay: Day },
): Deal['closeDates'] {
  const moves = Array.from({ length: pushes }, () => random.integer(10, 40));
  if (random.chance(0.3)) moves.splice(random.integer(0, moves.length), 0, -random.integer(5, 9));
  const values = [closeOn];
  for (const move of moves.toReversed()) values.unshift((values[0] ?? closeOn) - move);
  const on = spread(random, createdOn, lastDay, values.length, false);
  return values.map((value, index) => ({ value, on: on[index] ?? lastDay }));
}

/** So many different days, ascending, the first of them `from`; the last is `to` when something ends there. */
function spread(random: Random, from: Day, to: Day, count: number, endsThere: boolean): Day[] {
  const days = new Set([from]);
  if (endsThere && count > 1) days.add(to);
  while (days.size < Math.min(count, to - from + 1)) days.add(random.integer(from, to));
  return [...days].sort((one, other) => one - other);
}

function nextStep(random: Random, today: Day, quirk: DealQuirk | null): Deal['nextStep'] {
  const text = random.pick(nextSteps);
  if (quirk !== 'R23') return { text, on: today + random.integer(1, 14) };
  return random.chance(0.5) ? null : { text, on: today - random.integer(4, 20) };
}

function lineItems({ random, id, price, currency, pipeline, state }: DealInput): Deal['lineItems'] {
  if (pipeline === 'change-orders' || state === 'QUALIFYING' || state === 'NO_DECISION') return [];
  const names = ['Concept and design', 'Implementation', 'Rollout & training', 'Hypercare', 'Wartung (12 Monate)'];
  const step = currency === 'JPY' ? 1_000 : 20;
  const shares = apportion(
    price,
    Array.from({ length: random.integer(2, 4) }, () => random.integer(2, 9)),
    step,
  );
  return shares.map((amount, index) => {
    // Some lines are discounted by a fifth: then quantity times unit price is not what the line costs.
    const discountPercent = random.chance(0.2) ? 20 : 0;
    const quantity = random.pick([1, 1, 2, 5]);
    const unitPrice = amount / quantity / (1 - discountPercent / 100);
    return {
      id: `${id}${index + 1}`,
      name: names[index] ?? 'Further services',
      quantity,
      unitPrice,
      discountPercent,
      amount,
    };
  });
}

/** A business day on which a deal could have been closed: not later than yesterday. */
export function closableOn(day: Day, today: Day): Day {
  const latest = businessDayUntil(today - 5);
  const wanted = Math.min(day, latest);
  return isBusinessDay(wanted) ? wanted : businessDayUntil(wanted);
}
