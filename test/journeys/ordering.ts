import { expect } from 'vitest';

type Ask = <Data>(query: string, variables: Record<string, unknown>) => Promise<Data>;
type Money = { amount: string; currency: string };
type Outcome = { message?: string; remedy?: string; data?: { id?: string } };

const evidence = { decidedBy: 'Head of IT', reference: 'mail of 19 November' };
const steps = {
  triage: `mutation ($id: ID!) { done: triageChangeRequest(id: $id) { ... on Error { message remedy } ... on TriageChangeRequestSuccess { data { id } } } }`,
  assess: `mutation ($id: ID!, $price: MoneyInput!, $cost: MoneyInput!) {
    done: assessChangeRequest(id: $id, priceDelta: $price, costDelta: $cost, effortDelta: 36000, scheduleDeltaDays: 2) {
      ... on Error { message remedy } ... on AssessChangeRequestSuccess { data { id } } } }`,
  quote: `mutation ($id: ID!, $approver: ID!) { done: quoteChangeRequest(id: $id, approver: $approver, waiver: "It was worked already.") {
    ... on Error { message remedy } ... on QuoteChangeRequestSuccess { data { id } } } }`,
  approve: `mutation ($id: ID!, $evidence: EvidenceInput!) { done: approveChangeRequest(id: $id, evidence: $evidence) {
    ... on Error { message remedy } ... on ApproveChangeRequestSuccess { data { id } } } }`,
  order: `mutation ($id: ID!, $price: MoneyInput!) { done: createChangeOrder(name: "Afterwards", changeRequests: [$id], amount: $price) {
    ... on Error { message remedy } ... on CreateChangeOrderSuccess { data { id } } } }`,
  send: `mutation ($order: ID!) { done: moveChangeOrder(id: $order, step: SEND) { ... on Error { message remedy } ... on MoveChangeOrderSuccess { data { id } } } }`,
  execute: `mutation ($order: ID!, $evidence: EvidenceInput!) { done: moveChangeOrder(id: $order, step: EXECUTE, signedOn: "2026-11-20", evidence: $evidence) {
    ... on Error { message remedy } ... on MoveChangeOrderSuccess { data { id } } } }`,
  baseline: `mutation ($project: ID!, $evidence: EvidenceInput!) { done: acceptBaseline(project: $project, evidence: $evidence) {
    ... on Error { message remedy } ... on AcceptBaselineSuccess { data { version } } } }`,
} as const;

/** A request with its project, where its source says it stands, and what is to be paid for it. */
export interface ToOrder {
  project: string;
  request: string;
  state: string;
  price: Money;
}

/** Takes a request, step by step, to the client's yes. Returns how to execute the order. */
export async function approveRequest(ask: Ask, of: ToOrder): Promise<() => Promise<void>> {
  const { project, request, state, price } = of;
  const take = async (step: keyof typeof steps, variables: Record<string, unknown> = {}): Promise<string> => {
    const { done } = await ask<{ done: Outcome }>(steps[step], { id: request, ...variables });
    expect([step, state, done.message, done.remedy]).toEqual([step, state, undefined, undefined]);
    return done.data?.id ?? '';
  };
  await take('baseline', { project, evidence });
  if (state === 'CAPTURED') await take('triage');
  // What is QUOTED in its source, or beyond, awaits the client's decision.
  if (['CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW'].includes(state)) {
    await take('assess', { price, cost: { ...price, amount: '100' } });
    await take('quote', { approver: await approverOf(ask, request) });
  }
  const order = await take('order', { price });
  await take('approve', { evidence });
  return async () => {
    await take('send', { order });
    await take('execute', { order, evidence });
  };
}

/** Somebody who did not ask for it. */
async function approverOf(ask: Ask, id: string): Promise<string> {
  const { node, people } = await ask<{
    node: { requester: { id: string } | null };
    people: { nodes: { id: string }[] };
  }>(
    `query ($id: ID!) { node(id: $id) { ... on ChangeRequest { requester { id } } } people(first: 2, filter: { status: { eq: ACTIVE } }) { nodes { id } } }`,
    { id },
  );
  return people.nodes.find((person) => person.id !== node.requester?.id)?.id ?? '';
}
