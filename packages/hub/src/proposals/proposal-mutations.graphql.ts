import { stepErrors } from '../kernel/builder.ts';
import type { Context } from '../kernel/context.ts';
import type { ControlInputs, Evidence } from '../kernel/control-inputs.graphql.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { createProposal } from './create-proposal.store.ts';
import { readProposalRow } from './proposal-row.store.ts';
import { moveProposal, type ProposalCall } from './proposal-step.store.ts';
import { givenTerms, type ProposalTermsInput } from './proposal-terms.graphql.ts';

/** The mutations that make a proposal and lead it to the client's decision. */
export function addProposalMutations(graph: Graph, inputs: ControlInputs, terms: ProposalTermsInput): void {
  addCreate(graph, terms);
  const { builder } = graph;
  const evidence = builder.args((t) => ({
    evidence: t.field({ type: inputs.evidence, description: 'How one can see that the client decided.' }),
  }));
  addStep(graph, {
    name: 'approveProposal',
    step: 'APPROVE',
    description:
      'Says that it may go to the client: INTERNALLY_APPROVED. Wants a review of these terms that is FEASIBLE, or CONDITIONAL with somebody who accepts the conditions, and every gate passed.',
    args: builder.args((t) => ({
      conditionsAcceptedBy: t.string({ description: 'Who accepts the conditions of a CONDITIONAL review, by name.' }),
    })),
  });
  addStep(graph, {
    name: 'submitProposal',
    step: 'SUBMIT',
    description:
      'Says that it was offered to the client. Wants a price and, unless the settings only advise it, the approval, with a review and gates that still hold for these terms. What was offered of the opportunity so far, or drafted before it, is SUPERSEDED.',
    args: {},
  });
  addStep(graph, {
    name: 'acceptProposal',
    step: 'ACCEPT',
    description:
      'Records that the client said yes, and freezes its terms as baseline 1 of the project in the same breath. Wants evidence, and the terms that were submitted.',
    args: {
      ...evidence,
      ...builder.args((t) => ({
        project: t.id({
          description: 'Id of the project that delivers it; the one its opportunity is linked to when absent.',
        }),
      })),
    },
  });
  addStep(graph, {
    name: 'declineProposal',
    step: 'DECLINE',
    description: 'Records that the client said no. Wants evidence.',
    args: evidence,
  });
}

function addCreate(graph: Graph, terms: ProposalTermsInput): void {
  const { builder } = graph;
  builder.mutationField('createProposal', (t) =>
    t.field({
      type: graph.typeOf('proposal').ref,
      nullable: false,
      description:
        'Drafts the next proposal of an opportunity. What `terms` leave out is taken from the proposal it revises, from the template, then from the deal as synced: name, price, lines, and the dates of the project it is linked to.',
      errors: stepErrors('The proposal, a DRAFT.'),
      args: {
        opportunity: t.arg.id({ required: true, description: 'Id of the opportunity.' }),
        revises: t.arg.id({ description: 'Id of a proposal of the same opportunity.' }),
        template: t.arg.string({ description: 'Name of a template; its latest version is taken.' }),
        terms: t.arg({ type: terms, description: 'What is offered.' }),
        idempotencyKey: t.arg.string({
          description: 'Any text of the caller; the same call with the same key is made once.',
        }),
      },
      async resolve(_, args, context: Context) {
        const id = await context.database.transaction((rows) =>
          createProposal(rows, context.own, {
            opportunityId: decodeId(args.opportunity, 'opportunity', 'opportunity'),
            revisesId: args.revises ? decodeId(args.revises, 'proposal', 'revises') : null,
            template: args.template ?? null,
            given: givenTerms(args.terms),
            idempotencyKey: args.idempotencyKey,
            actor: context.actor,
            now: context.clock.now().toString(),
          }),
        );
        return readProposalRow(context, id);
      },
    }),
  );
}

/** The arguments of every step. */
function stepArguments({ builder }: Graph) {
  return builder.args((t) => ({
    id: t.id({ required: true, description: 'Id of the proposal.' }),
    expectedVersion: t.int({
      description: 'The number of decisions that was looked at; refused when it is another by now.',
    }),
    idempotencyKey: t.string({ description: 'Any text of the caller; the same call with the same key is made once.' }),
  }));
}

interface StepArguments {
  id: string;
  project?: string | null | undefined;
  evidence?: Evidence | null | undefined;
  conditionsAcceptedBy?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  idempotencyKey?: string | null | undefined;
}

function addStep(
  graph: Graph,
  of: { name: string; step: ProposalCall['step']; description: string; args: Record<string, unknown> },
): void {
  graph.builder.mutationField(of.name, (t) =>
    t.field({
      type: graph.typeOf('proposal').ref,
      nullable: false,
      description: of.description,
      errors: stepErrors('The proposal as it is now.'),
      args: { ...stepArguments(graph), ...of.args } as ReturnType<typeof stepArguments>,
      async resolve(_, args, context: Context) {
        const { id, project, ...brought } = args as StepArguments;
        const proposalId = decodeId(id, 'proposal', 'id');
        await context.database.transaction((rows) =>
          moveProposal(rows, context.own, {
            ...brought,
            proposalId,
            step: of.step,
            policy: context.proposals,
            projectId: project ? decodeId(project, 'project', 'project') : null,
            actor: context.actor,
            now: context.clock.now().toString(),
          }),
        );
        return readProposalRow(context, proposalId);
      },
    }),
  );
}
