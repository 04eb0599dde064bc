/** A hub's API, as somebody with a key of that name reaches it. */
export type Fetch = (request: Request, actor: string) => Promise<Response>;

/** What happens in the story, and what each step takes beside an idempotency key. */
const steps = {
  publishTemplate: '$name: String!, $terms: ProposalTermsInput!',
  createProposal: '$opportunity: ID!, $revises: ID, $template: String, $terms: ProposalTermsInput',
  requestReview: '$proposal: ID!',
  recordVerdict:
    '$review: ID!, $scope: FindingInput!, $timeline: FindingInput!, $resources: FindingInput!, $estimate: FindingInput!, $conditions: [String!]',
  decideGate: '$proposal: ID!, $gate: GateName!, $outcome: GateOutcome!, $reason: String, $waiver: String',
  approveProposal: '$id: ID!, $conditionsAcceptedBy: String',
  submitProposal: '$id: ID!',
  acceptProposal: '$id: ID!, $project: ID, $evidence: EvidenceInput',
  captureChangeRequest: '$project: ID!, $title: String!, $said: String, $channel: String, $requester: ID',
  triageChangeRequest: '$id: ID!',
  assessChangeRequest:
    '$id: ID!, $priceDelta: MoneyInput, $costDelta: MoneyInput, $effortDelta: Duration, $scheduleDeltaDays: Int',
  quoteChangeRequest: '$id: ID!, $approver: ID',
  checkIn:
    '$subject: ID!, $perspective: ViewPerspective!, $text: String!, $confidence: Decimal, $nextStep: NextStepInput, $obstacles: [OpenPointInput!], $needsToClose: [OpenPointInput!], $helpWanted: String, $asOf: Instant',
  takeSnapshot: '$scope: ReviewScopeInput!, $lens: ReviewLens!, $currency: String!, $asOf: Instant',
  reportSent: '$snapshot: ID!, $to: String!',
} as const;
type Step = keyof typeof steps;

/** Tells a hub one thing after the other; whatever it was told before changes nothing. */
export interface Teller {
  /** Throws an Error with the hub's own words. */
  ask<Data>(actor: string, document: string, variables?: Record<string, unknown>): Promise<Data>;
  /** Takes a step once, as this person; `name` is unlike that of any other step. Returns the id of what it gives. */
  take(actor: string, step: Step, name: string, variables: Record<string, unknown>): Promise<string>;
}

export function createTeller(fetch: Fetch): Teller {
  const ask: Teller['ask'] = async <Data>(actor: string, query: string, variables: Record<string, unknown> = {}) => {
    const request = new Request('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await (await fetch(request, actor)).json()) as {
      data: Data;
      errors?: { message: string }[];
    };
    const [error] = errors ?? [];
    if (error) throw new Error(error.message);
    return data;
  };
  return {
    ask,
    async take(actor, step, name, variables) {
      const key = `sandbox story: ${name}`;
      const told = await ask<Record<Step, { message?: string; data?: { id?: string } }>>(actor, documents[step], {
        ...variables,
        key,
      });
      const { message, data } = told[step];
      if (!data) throw new Error(`${name}: ${message}`);
      return data.id ?? '';
    },
  };
}

const documents = Object.fromEntries(
  Object.entries(steps).map(([step, signature]) => {
    const given = [...signature.matchAll(/\$(\w+):/g)].map(([, name]) => `${name}: $${name}`).join(', ');
    const success = `${step.charAt(0).toUpperCase()}${step.slice(1)}Success`;
    const result = step === 'publishTemplate' ? 'name' : 'id';
    return [
      step,
      `mutation (${signature}, $key: String) { ${step}(${given}, idempotencyKey: $key) { ... on Error { message } ... on ${success} { data { ${result} } } } }`,
    ];
  }),
) as Record<Step, string>;
