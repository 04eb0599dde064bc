import type { ControlInputs } from '../kernel/control-inputs.graphql.ts';
import type { Graph } from '../kernel/graph.ts';
import type { CommitmentTerms } from './commitment.rules.ts';
import type { ProposalTerms, RolePlan } from './proposal-terms.rules.ts';

type Given<Shape> = { [Name in keyof Shape]?: Shape[Name] | undefined };

/** Terms as a caller gives them. */
type TermsInput = Omit<Given<ProposalTerms>, 'commitments'> & {
  commitments?: readonly (Given<CommitmentTerms> & { text: string })[] | null | undefined;
};

export type ProposalTermsInput = ReturnType<typeof addProposalTerms>;

/** The input that says what is offered. Called once, by the schema. */
export function addProposalTerms({ builder }: Graph, inputs: ControlInputs) {
  const role = builder.inputRef<RolePlan>('ProposalRoleInput').implement({
    description: 'The planned work of one role.',
    fields: (t) => ({
      role: t.string({ required: true, description: 'What the people do who are planned.' }),
      seconds: t.field({ type: 'Duration', required: true, description: 'Planned work, in seconds.' }),
    }),
  });
  const commitment = builder.inputRef<Given<CommitmentTerms> & { text: string }>('CommitmentInput').implement({
    description: 'Something that is promised.',
    fields: (t) => ({
      text: t.string({ required: true, description: 'What is promised, in one sentence.' }),
      key: t.string({ description: 'The name people say; C1, C2 and so on when absent.' }),
      deliverable: t.string({ description: 'The deliverable it belongs to, as `deliverables` write it.' }),
      due: t.field({ type: 'LocalDate', description: 'The day by which it is promised.' }),
    }),
  });
  return builder.inputRef<TermsInput>('ProposalTermsInput').implement({
    description: 'What is offered. An empty list says that there is nothing; what is left out says nothing.',
    fields: (t) => ({
      name: t.string({ description: 'What it is called.' }),
      price: t.field({ type: inputs.money, description: 'What the client would pay.' }),
      listPrice: t.field({
        type: inputs.money,
        description: 'What it would cost the client by the price list, before any discount.',
      }),
      plannedCost: t.field({ type: inputs.money, description: 'What the work is planned to cost.' }),
      plannedSeconds: t.field({
        type: 'Duration',
        description: 'Planned work, in seconds; the sum of the roles when absent.',
      }),
      roles: t.field({ type: [role], description: 'Planned work, role by role; 30 at most.' }),
      start: t.field({ type: 'LocalDate', description: 'First day of work.' }),
      end: t.field({ type: 'LocalDate', description: 'Last planned day of work.' }),
      deliverables: t.stringList({ description: 'What the client gets, one by one.' }),
      commitments: t.field({ type: [commitment], description: 'What is promised, one by one; 200 at most.' }),
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

/** The same with every member of a commitment said, be it that there is none. */
export function givenTerms(given: TermsInput | null | undefined): Given<ProposalTerms> {
  const { commitments, ...terms } = given ?? {};
  if (!commitments) return terms;
  return {
    ...terms,
    commitments: commitments.map(({ text, key, deliverable, due }) => ({
      text,
      key: key ?? null,
      deliverable: deliverable ?? null,
      due: due ?? null,
    })),
  };
}
