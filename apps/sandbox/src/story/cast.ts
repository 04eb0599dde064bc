import { headOffice } from '../vocabulary.ts';
import type { Teller } from './teller.ts';

export interface Player {
  id: string;
  name: string;
  /** The name of the key they speak by. */
  email: string;
}

export interface MoneyText {
  amount: string;
  currency: string;
}

export interface OpenDeal {
  id: string;
  name: string;
  state: string;
  amount: MoneyText;
  seller: Player;
}

/** A project that is under way, and the one deal it was sold as. */
export interface Delivery {
  id: string;
  start: string;
  end: string;
  manager: Player;
  client: { id: string; name: string };
  deal: { id: string; amount: MoneyText; seller: Player };
  planned: { cost: MoneyText; seconds: number };
}

/** Who and what the story is about: the same again as long as the vendors' data stay the same. */
export interface Cast {
  controller: Player;
  /** Those who lead projects. */
  managers: readonly Player[];
  /** Open deals that close later than today: those before their client first, then by name. */
  deals: readonly OpenDeal[];
  /** Projects under way. */
  projects: readonly { id: string; manager: Player }[];
  delivery: Delivery;
}

type Found<Type> = { [Name in keyof Type]: Type[Name] | null };
type FoundPerson = Found<Player> & { status: string | null };

interface FoundDeal {
  id: string;
  name: string | null;
  state: string;
  amount: MoneyText | null;
  customFields: { changeRequestKey?: string | null };
  owner: FoundPerson | null;
}

interface FoundProject {
  id: string;
  currency: string | null;
  start: string | null;
  end: string | null;
  manager: FoundPerson | null;
  client: Delivery['client'] | null;
  opportunities: { nodes: FoundDeal[] };
  budgets: { nodes: { plannedCost: MoneyText | null; plannedSeconds: number | null }[] };
}

const person = 'id name email status';
const deal = `id name state amount { amount currency } customFields owner { ${person} }`;

/** Looks the players up; null in a company that is too small for the story. */
export async function findCast({ ask }: Teller, today: string): Promise<Cast | null> {
  const local = 'local';
  const { people, deals } = await ask<{
    people: { nodes: (FoundPerson & { role: string })[] };
    deals: { nodes: FoundDeal[] };
  }>(
    local,
    `query ($today: LocalDate!) {
      people(first: 100, filter: { role: { in: ["Controller", "Project manager"] } }, orderBy: { field: NAME }) { nodes { ${person} role } }
      deals: opportunities(first: 100, filter: { state: { in: [SCOPING, PROPOSED, NEGOTIATING] }, closeDate: { gt: $today } }, orderBy: { field: NAME }) { nodes { ${deal} } }
    }`,
    { today },
  );
  const { projects } = await ask<{ projects: { nodes: FoundProject[] } }>(
    local,
    `{ projects(first: 60, filter: { status: { eq: ACTIVE } }, orderBy: { field: CODE }) { nodes {
      id currency start end manager { ${person} } client { id name }
      opportunities(first: 5, filter: { state: { eq: WON } }) { nodes { ${deal} } }
      budgets(first: 1) { nodes { plannedCost { amount currency } plannedSeconds } }
    } } }`,
  );
  const playing = (role: string): Player[] =>
    people.nodes.flatMap((each) => (each.role === role ? (playerOf(each) ?? []) : []));
  const [controller] = playing('Controller');
  const managers = playing('Project manager');
  const deliveries = projects.nodes.flatMap((project) => deliveryOf(project, today) ?? []);
  const delivery = deliveries.find((each) => each.deal.amount.currency === headOffice.currency) ?? deliveries[0];
  if (!controller || managers.length < 2 || !delivery) return null;
  return {
    controller,
    managers,
    deals: deals.nodes
      .flatMap((each) => openDealOf(each) ?? [])
      .toSorted((a, b) => Number(isOffered(b)) - Number(isOffered(a))),
    projects: projects.nodes.flatMap(({ id, manager }) => {
      const leading = playerOf(manager);
      return leading && id !== delivery.id ? { id, manager: leading } : [];
    }),
    delivery,
  };
}

/** Whether the client has an offer, by the CRM. */
export function isOffered({ state }: OpenDeal): boolean {
  return state === 'PROPOSED' || state === 'NEGOTIATING';
}

function playerOf(found: FoundPerson | null): Player | null {
  if (!found?.id || !found.name || !found.email || found.status === 'LEFT') return null;
  return { id: found.id, name: found.name, email: found.email };
}

/** Null for a deal that nobody sells, and for one that is the price of a change. */
function openDealOf({ id, name, state, amount, customFields, owner }: FoundDeal): OpenDeal | null {
  const seller = playerOf(owner);
  if (!seller || !name || !amount || customFields.changeRequestKey) return null;
  return { id, name, state, amount, seller };
}

/** Null for a project that was not sold as exactly one deal, in its own currency and with a budget. */
function deliveryOf(project: FoundProject, today: string): Delivery | null {
  const { id, start, end, client, currency, budgets, opportunities } = project;
  const [deal, ...others] = opportunities.nodes.filter(({ customFields }) => !customFields.changeRequestKey);
  const [budget] = budgets.nodes;
  const sold = deal && openDealOf(deal);
  const manager = playerOf(project.manager);
  if (!sold || others.length > 0 || sold.amount.currency !== currency || sold.seller.id === manager?.id) return null;
  if (!start || !end || end <= today || !manager || !client || !budget?.plannedCost || !budget.plannedSeconds)
    return null;
  if (budget.plannedCost.currency !== currency) return null;
  const planned = { cost: budget.plannedCost, seconds: budget.plannedSeconds };
  return { id, start, end, manager, client, deal: { id: sold.id, amount: sold.amount, seller: sold.seller }, planned };
}
