import { rowIds, type addQuestions } from '../check-ins/question.graphql.ts';
import type { Question } from '../check-ins/question.rules.ts';
import { encodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { pascalCase } from '../kernel/names.ts';

const MOST = 100;

/** A question of a review. Returns its type. */
export function addPackQuestion({ builder }: Graph, severity: ReturnType<typeof addQuestions>) {
  return builder.objectRef<Question>('PackQuestion').implement({
    description: 'Something to ask in a review, out of a gap or a movement in the data.',
    fields: (t) => ({
      rule: t.exposeString('rule', { nullable: false, description: 'Why it is asked, as `QuestionRule` names it.' }),
      severity: t.expose('severity', { type: severity, nullable: false, description: 'How grave it is.' }),
      text: t.exposeString('text', { nullable: false, description: 'What is so, and what one wants to know.' }),
      record: t.node({
        description: 'The opportunity or project it is about.',
        id: ({ subject }) => encodeId(pascalCase(subject.kind), subject.id),
      }),
      rows: t.nodeList({
        description: 'The rows behind it.',
        args: { first: t.arg.int({ description: `How many; 25 when absent, ${MOST} at most.` }) },
        complexity: ({ first }) => ({ field: 1, multiplier: Math.max(1, first ?? 25) }),
        ids: ({ rows }, { first }) => rowIds(rows, first),
      }),
    }),
  });
}
