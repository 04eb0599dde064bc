import { sql } from 'kysely';
import { stepErrors } from '../kernel/builder.ts';
import type { Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { ControlInputs, Evidence } from '../kernel/control-inputs.graphql.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { createProposal } from './create-proposal.store.ts';
import type { ProposalTerms, RolePlan } from './proposal-terms.rules.ts';
import { moveProposal, type ProposalCall } from './proposal-step.store.ts';

/** The mutations that make a proposal and lead it to the client's decision. */
export function addProposalMutations(graph: Graph, inputs: ControlInputs): void {
  addCreate(graph, inputs);
  const { builder } = graph;
  const evidence = builder.args((t) => ({
    evidence: t.field({ type: inputs.evidence, description: 'How one can see that the client decided.' }),
  }));
  addStep(graph, {
    name: 'submitProposal',
    step: 'SUBMIT',
    description:
      'Says that it was offered to the client. Wants a price. What was offered of the opportunity so far, or drafted before it, is SUPERSEDED.',
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

function addCreate(graph: Graph, inputs: ControlInputs): void {
  const { builder } = graph;
  const terms = addTerms(graph, inputs);
  builder.mutationField('createProposal', (t) =>
    t.field({
      type: graph.typeOf('proposal').ref,
      nullable: false,
      description:
        'Drafts the next proposal of an opportunity. What `terms` leave out is taken from the proposal it revises, then from the deal as synced: name, price, lines, and the dates of the project it is linked to.',
      errors: stepErrors('The proposal, a DRAFT.'),
      args: {
        opportunity: t.arg.id({ required: true, description: 'Id of the opportunity.' }),
        revises: t.arg.id({ description: 'Id of a proposal of the same opportunity.' }),
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
            given: args.terms ?? {},
            idempotencyKey: args.idempotencyKey,
            actor: context.actor,
            now: context.clock.now().toString(),
          }),
        );
        return readProposal(context, id);
      },
    }),
  );
}

type TermsInput = { [Name in keyof ProposalTerms]?: ProposalTerms[Name] | undefined };

function addTerms({ builder }: Graph, inputs: ControlInputs) {
  const role = builder.inputRef<RolePlan>('ProposalRoleInput').implement({
    description: 'The planned work of one role.',
    fields: (t) => ({
      role: t.string({ required: true, description: 'What the people do who are planned.' }),
      seconds: t.field({ type: 'Duration', required: true, description: 'Planned work, in seconds.' }),
    }),
  });
  return builder.inputRef<TermsInput>('ProposalTermsInput').implement({
    description: 'What is offered. An empty list says that there is nothing; what is left out says nothing.',
    fields: (t) => ({
      name: t.string({ description: 'What it is called.' }),
      price: t.field({ type: inputs.money, description: 'What the client would pay.' }),
      plannedCost: t.field({ type: inputs.money, description: 'What the work is planned to cost.' }),
      plannedSeconds: t.field({
        type: 'Duration',
        description: 'Planned work, in seconds; the sum of the roles when absent.',
      }),
      roles: t.field({ type: [role], description: 'Planned work, role by role; 30 at most.' }),
      start: t.field({ type: 'LocalDate', description: 'First day of work.' }),
      end: t.field({ type: 'LocalDate', description: 'Last planned day of work.' }),
      deliverables: t.stringList({ description: 'What the client gets, one by one.' }),
      changeControl: t.string({ description: 'The clause that says how changes are agreed.' }),
      cadenceDays: t.int({ description: 'Calendar days from one meeting of both sides to the next.' }),
      reportingCycleDays: t.int({ description: 'Calendar days from one report to the next.' }),
      escalationPath: t.stringList({
        description:
          'Who hears of what is late, behind the project’s manager, in order: names, roles or addresses. It comes before the one of the settings.',
      }),
    }),
  });
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
            projectId: project ? decodeId(project, 'project', 'project') : null,
            actor: context.actor,
            now: context.clock.now().toString(),
          }),
        );
        return readProposal(context, proposalId);
      },
    }),
  );
}

/** Anew, not through the loaders: another mutation of the same proposal may have read it before. */
async function readProposal(context: Context, id: string): Promise<Row> {
  const { rows } = await sql<Row>`select * from proposal where id = ${id}::uuid`.execute(context.database.rows);
  const [row] = rows;
  if (!row) throw new Error(`the proposal ${id} is gone`);
  return row;
}
