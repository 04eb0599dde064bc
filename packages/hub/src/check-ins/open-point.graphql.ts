import type { Field } from '@plumbline/connector';
import type { InputRef } from '@pothos/core';
import { sql } from 'kysely';
import { asOfArgument } from '../kernel/as-of.graphql.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { opportunity } from '../opportunities/opportunity.ts';
import { person } from '../people/person.ts';
import { project } from '../projects/project.ts';
import { closeNeed } from './close-need.ts';
import { obstacle } from './obstacle.ts';
import { ageInDays, isOverdue, openPointKinds, type OpenPointKind } from './open-point.rules.ts';
import type { NewPoint } from './open-point.store.ts';
import { standingPerson } from './subject.ts';

const kinds = { obstacle, closeNeed } as const;
const plurals = { obstacle: 'obstacles', closeNeed: 'closeNeeds' } as const;
export const meanings = {
  obstacle: 'Something that is in the way of a deal or of its delivery.',
  closeNeed: 'Something that is needed to close a deal, or a project.',
} as const;

/** What somebody raises, as the API takes it. */
export interface PointInput {
  title: string;
  category?: string | null | undefined;
  severity?: string | null | undefined;
  owner?: string | null | undefined;
  due?: string | null | undefined;
}

/** Obstacles and needs, and where they hang in the graph. Returns the input of one. */
export function addOpenPoints(graph: Graph): InputRef<PointInput> {
  for (const kind of openPointKinds) {
    graph.addKind(kinds[kind], { plural: plurals[kind], description: meanings[kind] });
    addAge(graph, kind);
    const lists = [
      [opportunity, 'opportunity_id', 'Of this opportunity.'],
      [project, 'project_id', 'Of this project.'],
      [person, 'owner_id', 'Those they see to.'],
    ] as const;
    for (const [on, column, whose] of lists)
      graph.addList(on, {
        name: plurals[kind],
        to: kind,
        description: `${meanings[kind]} ${whose}`,
        belonging: sql`entity.${sql.ref(column)} = parent.id`,
      });
  }
  return addPointInput(graph);
}

/** The point with ids of its own; throws InputError that names the argument within `argument`. */
export async function pointOf(
  context: Context,
  { title, category, severity, owner, due }: PointInput,
  argument: string,
): Promise<NewPoint> {
  return {
    title,
    category: category ?? null,
    severity: (severity ?? null) as NewPoint['severity'],
    ownerId: owner ? await standingPerson(context, owner, `${argument}.owner`) : null,
    due: due ?? null,
  };
}

function addAge({ builder, typeOf }: Graph, kind: OpenPointKind): void {
  const instant = (value: unknown): string | null => (value === null ? null : instantText(value));
  builder.objectFields(typeOf(kind).ref, (t) => ({
    ageDays: t.int({
      description:
        'Whole days since it was raised, or from then until it was closed; null where nobody knows since when.',
      args: asOfArgument(builder),
      resolve: (row, { asOf }, context: Context) =>
        ageInDays(
          { raisedAt: instant(row['raised_at']), closedAt: instant(row['closed_at']) },
          standpointOf(context, asOf).now,
        ),
    }),
    overdue: t.boolean({
      nullable: false,
      description: 'Whether it is open although its day is over, in UTC.',
      args: asOfArgument(builder),
      resolve: (row, { asOf }, context: Context) =>
        isOverdue(
          { status: row['status'] as string | null, due: row['due'] as string | null },
          standpointOf(context, asOf).now.slice(0, 10),
        ),
    }),
  }));
}

function addPointInput({ builder, inputs }: Graph) {
  const severity = inputs.enumOf(obstacle, 'severity', obstacle.fields['severity'] as Field);
  return builder.inputRef<PointInput>('OpenPointInput').implement({
    description: 'Something that stands open until somebody settles it.',
    fields: (t) => ({
      title: t.string({ required: true, description: 'What it is, in at most 500 characters.' }),
      category: t.string({ description: 'What sort of thing it is, such as "budget" or "legal".' }),
      severity: t.field({ type: severity, description: 'How much hangs on it.' }),
      owner: t.id({ description: 'Id of the person who sees to it.' }),
      due: t.field({ type: 'LocalDate', description: 'The day by which it is to be settled.' }),
    }),
  });
}
