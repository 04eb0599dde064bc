import type { Random } from '@plumbline/emulator';
import { addBusinessDays, businessDayUntil, isBusinessDay, type Day } from './days.ts';
import { closableOn, dealName, makeDeal, type DealInput } from './deals.ts';
import type { Engagement } from './engagements.ts';
import type { Client, Deal, Person } from './plan.ts';
import { duplicatePairs, openDealQuirks, repeated, undeliveredDeals } from './planted.ts';
import type { OpportunityState } from './vocabulary.ts';

export interface PipelineInput {
  /** How many deals there are to be; archived ones come on top. */
  count: number;
  clients: readonly Client[];
  sellers: readonly Person[];
  formerSeller: Person;
  nextId: () => string;
  today: Day;
  engage(client: Client): Engagement;
}

const archivedDeals = 3;
const openStates: readonly OpportunityState[] = ['QUALIFYING', 'SCOPING', 'PROPOSED', 'NEGOTIATING'];

/** Deals that no project delivers: open ones, lost ones, and what the rules about them are to find. */
export function fillPipeline(random: Random, input: PipelineInput): Deal[] {
  const { today, count } = input;
  const quirks = repeated(openDealQuirks);
  const undelivered = undeliveredDeals.overdue + undeliveredDeals.fresh;
  const plain = count - undelivered - duplicatePairs;
  const closed = Math.round((plain - quirks.length) * 0.45);
  const open = plain - closed;
  const make = (index: number, given: Partial<DealInput> & Pick<DealInput, 'state' | 'closeOn'>): Deal =>
    makeDeal({ ...common(random, input, index), ...given });

  const deals: Deal[] = [];
  for (let index = 0; index < open; index += 1) {
    const quirk = quirks[index] ?? null;
    deals.push(
      make(index, {
        state: openStates[index % openStates.length] ?? 'QUALIFYING',
        closeOn:
          quirk === 'R07'
            ? businessDayUntil(today - random.integer(4, 25))
            : businessDayUntil(today + random.integer(8, 110)),
        quirk,
        ...(quirk === 'R19' ? { owner: input.formerSeller } : {}),
      }),
    );
  }
  for (let index = 0; index < closed; index += 1) {
    const closeOn = closableOn(today - random.integer(6, 300), today);
    deals.push(make(open + index, { state: index % 4 === 3 ? 'NO_DECISION' : 'LOST', closeOn }));
  }
  for (let index = 0; index < undelivered; index += 1) {
    const overdue = index < undeliveredDeals.overdue;
    const closeOn = overdue ? closableOn(today - random.integer(8, 60), today) : latestBusinessDays(today, 1);
    deals.push(make(open + closed + index, { state: 'WON', closeOn }));
  }
  for (let pair = 0; pair < duplicatePairs; pair += 1) {
    const original = deals[quirks.length + pair];
    if (original) deals.push(duplicateOf(random, original, input));
  }
  for (let index = 0; index < archivedDeals; index += 1) {
    deals.push(make(plain + index, { state: 'QUALIFYING', closeOn: addBusinessDays(today, 20), archived: true }));
  }
  return deals;
}

function common(
  random: Random,
  { clients, sellers, nextId, today, engage }: PipelineInput,
  index: number,
): Omit<DealInput, 'state' | 'closeOn'> {
  const client = clients[(index * 11 + 3) % clients.length] ?? random.pick(clients);
  const engagement = engage(client);
  return {
    random,
    id: nextId(),
    name: dealName(engagement),
    client,
    owner: random.pick(sellers),
    price: engagement.price,
    currency: client.region.currency,
    today,
  };
}

/** The same deal entered again by somebody else: nearly the same name, price and date. */
function duplicateOf(random: Random, original: Deal, { sellers, nextId, today }: PipelineInput): Deal {
  const price = original.amounts.at(-1)?.value ?? 0;
  const closeOn = original.closeDates.at(-1)?.value ?? today;
  return makeDeal({
    random,
    id: nextId(),
    name: `${original.name} (new)`,
    client: original.client,
    owner: random.pick(sellers),
    price: Math.round(price * 1.04),
    currency: original.currency,
    state: original.state,
    today,
    closeOn: businessDayUntil(closeOn + random.integer(3, 12)),
    duplicateOf: original.id,
  });
}

/** The business day so many business days before; today counts as the first one after it. */
function latestBusinessDays(today: Day, count: number): Day {
  let day = today;
  for (let left = count; left > 0; left -= 1) {
    day -= 1;
    while (!isBusinessDay(day)) day -= 1;
  }
  return day;
}
