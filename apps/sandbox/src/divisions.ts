import { createRandom, type Random } from '@plumbline/emulator';
import { planChangeRequests } from './change-requests.ts';
import { planClients } from './clients.ts';
import { addBusinessDays, businessDayUntil, dayOf, type Day } from './days.ts';
import { closableOn, dealName, makeDeal } from './deals.ts';
import { createMarket, type Engagement } from './engagements.ts';
import { changeOrderDeal } from './change-orders.ts';
import { fillPipeline } from './pipeline.ts';
import type { Client, CompanyOptions, Deal, Division, Person, Project } from './plan.ts';
import { planPeople } from './people.ts';
import { planProjects } from './projects.ts';

/** How many divisions a company has. */
export const divisionsOf: Readonly<Record<CompanyOptions['size'], number>> = { small: 1, large: 100 };

/** Deals of one division, contract deals and change orders among them. */
const dealsPerDivision = 200;

/** Hands out the ids of a division's deals in the order they are made. */
function createDealIds(division: number): () => string {
  let last = 30_000_000_000 + division * 10_000;
  return () => String((last += 1));
}

/** Everything of one division but its issues and worklogs; the same for the same options and number. */
export function planDivision(options: CompanyOptions, number: number): Division {
  const seed = `${options.seed}/${number}`;
  const random = createRandom(seed);
  const today = dayOf(options.today);
  const lastDay = businessDayUntil(today - 1);
  const people = planPeople(random.fork('people'), number, today);
  const sellers = people.filter((person) => person.role === 'Seller' && person.leftOn === null);
  const managers = people.filter((person) => person.role === 'Project manager');
  const clients = planClients(random.fork('clients'), number, sellers);
  const engage = createMarket(random.fork('market'));
  const projects = planProjects({
    random: random.fork('projects'),
    division: number,
    today,
    clients,
    engage,
    staff: {
      managers: managers.filter(({ leftOn }) => leftOn === null),
      formerManager: managers.find(({ leftOn }) => leftOn !== null) ?? required('a project manager who has left'),
      consultants: people.filter(({ role }) => role === 'Consultant'),
    },
  });
  const nextId = createDealIds(number);
  const contracts = projects.flatMap((project) =>
    contractDeals(random.fork(`contract-${project.index}`), { project, nextId, sellers, today, engage }),
  );
  const changeRequests = planChangeRequests(random.fork('changes'), { division: number, projects, lastDay });
  const orders = changeRequests.flatMap(
    (request) => changeOrderDeal(random.fork(`order-${request.number}`), { request, nextId, sellers, today }) ?? [],
  );
  const others = fillPipeline(random.fork('pipeline'), {
    count: dealsPerDivision - contracts.length - orders.length,
    clients,
    sellers,
    formerSeller:
      people.find(({ role, leftOn }) => role === 'Seller' && leftOn !== null) ?? required('a seller who has left'),
    nextId,
    today,
    engage,
  });
  return {
    number,
    seed,
    today,
    lastDay,
    people,
    clients,
    projects,
    changeRequests,
    deals: [...contracts, ...orders, ...others],
  };
}

interface ContractInput {
  project: Project;
  nextId: () => string;
  sellers: readonly Person[];
  today: Day;
  engage: (client: Client) => Engagement;
}

/** What a project was sold as: one won deal, unless something is planted there. */
function contractDeals(random: Random, { project, nextId, sellers, today, engage }: ContractInput): Deal[] {
  const { client, quirk } = project;
  if (!client) return [];
  const named = project.jiraId === null || !project.namesDeals || project.index % 3 === 1;
  const make = (price: number, name: string): Deal =>
    makeDeal({
      random,
      id: nextId(),
      name,
      client,
      owner: random.pick(sellers),
      price,
      currency: quirk === 'R05' ? 'EUR' : project.currency,
      state: quirk === 'R02' ? 'NEGOTIATING' : quirk === 'R03' ? 'LOST' : 'WON',
      today,
      closeOn: contractCloseDay(random, project, today),
      projectKey: named && quirk !== 'likely' ? project.key : null,
    });
  const title = `${client.name} – ${project.service}`;
  const deals = [make(dealPrice(random, project), title)];
  if (quirk === 'R34') {
    const second = engage(client);
    deals.push(make(second.price, dealName(second)));
    project.contractValue += second.price;
  }
  project.contract.push(...deals);
  return deals;
}

function dealPrice(random: Random, { contractValue, quirk }: Project): number {
  if (quirk === 'R04') return Math.round(contractValue * random.pick([0.88, 1.07, 1.12, 1.2]));
  if (quirk === 'near') return Math.round(contractValue * 1.006);
  return contractValue;
}

function contractCloseDay(random: Random, { start, quirk }: Project, today: Day): Day {
  switch (quirk) {
    case 'R02':
      return businessDayUntil(today + random.integer(12, 40));
    case 'R03':
      return closableOn(start + random.integer(20, 50), today);
    case 'R06':
      return closableOn(addBusinessDays(start, random.integer(8, 20)), today);
    default:
      return closableOn(start - random.integer(4, 25), today);
  }
}

function required(what: string): never {
  throw new RangeError(`a division wants ${what}`);
}
