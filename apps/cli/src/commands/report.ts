import { asked, badInput } from './asked.ts';
import type { CommandContext } from './command.ts';
import { withGraph, type Graph } from './graph.ts';
import { reviewData } from './review-data.ts';
import { scopeIn, standing, type Scope, type ScopeFlags } from './review-scope.ts';
import { deliver, formOf, jsonText, type WrittenFlags } from './written.ts';

export interface ReportFlags extends WrittenFlags, ScopeFlags {
  lens: string;
  currency: string;
  since?: string;
  asOf?: string;
  snapshot?: boolean;
}

interface Question {
  scope: Scope;
  lens: string;
  currency: string;
  asOf: string | null;
}

/** Writes a review down, to standard output or to a file; keeps it as a snapshot where that is asked for. */
export async function report(context: CommandContext, flags: ReportFlags): Promise<void> {
  const wanted = scopeIn(flags);
  const { lens, currency, asOf = null } = flags;
  await withGraph(context, flags, async (graph) => {
    const question = { scope: await standing(graph, wanted), lens: lens.toUpperCase(), currency, asOf };
    // Written first: what moved is of behind the last snapshot, which is to be the one before this.
    const review = await reviewed(graph, flags, question);
    const snapshot = flags.snapshot ? await kept(graph, question) : null;
    const text = review.document ?? jsonText(snapshot ? { ...review, snapshot } : review, flags);
    await deliver(context, flags, { text, what: 'The review' });
    if (snapshot) context.console.warn(`It is kept as the snapshot ${snapshot.id}`);
  });
}

async function reviewed(graph: Graph, flags: ReportFlags, question: Question): Promise<{ document?: string }> {
  const form = formOf(flags);
  const review: { document?: string } = {};
  for (const shown of form === null ? reviewData : ['document(form: $form)']) {
    const { reviewPack } = await asked<{ reviewPack: object }>(
      graph,
      `query ($scope: ReviewScopeInput!, $lens: ReviewLens!, $currency: String!, $since: Instant, $asOf: Instant
      ${form === null ? '' : ', $form: DocumentForm!'}) {
      reviewPack(scope: $scope, lens: $lens, currency: $currency, since: $since, asOf: $asOf) { ${shown} } }`,
      { ...question, since: flags.since ?? null, ...(form === null ? {} : { form }) },
    );
    Object.assign(review, reviewPack);
  }
  return review;
}

async function kept(graph: Graph, question: Question): Promise<{ id: string; asOf: string }> {
  const { taken } = await asked<{ taken: { message?: string; remedy?: string; data?: { id: string; asOf: string } } }>(
    graph,
    `mutation ($scope: ReviewScopeInput!, $lens: ReviewLens!, $currency: String!, $asOf: Instant) {
      taken: takeSnapshot(scope: $scope, lens: $lens, currency: $currency, asOf: $asOf) {
        ... on Error { message remedy } ... on TakeSnapshotSuccess { data { id asOf } } } }`,
    { ...question },
  );
  const { message = '', remedy = '', data } = taken;
  if (!data) throw badInput(message, remedy);
  return data;
}
