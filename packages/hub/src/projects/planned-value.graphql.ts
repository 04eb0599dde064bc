import type { Builder } from '../kernel/builder.ts';
import { earnedValueMethods, type EarnedValueMethod } from './earned-value.settings.ts';
import type { PlannedValue } from './planned-value.rules.ts';

const methodMeanings: Readonly<Record<EarnedValueMethod, string>> = {
  WEIGHTED_ITEMS: 'Work items count by their estimates, each once it is done.',
  ZERO_HUNDRED: 'Work items count alike: nothing before an item is done, all of it then.',
  MILESTONE_AMOUNTS: 'Milestones count by their amounts, each once it is achieved.',
  MILESTONE_WEIGHTS: 'Milestones count by the weights of a custom field, each once it is achieved.',
};

/** How a baseline is measured: its planned-value curve, and how its earned value is counted. */
export function addPlannedValues(builder: Builder) {
  const method = builder.enumType('EarnedValueMethod', {
    description: 'How it is counted how much of the work is done.',
    values: Object.fromEntries(
      earnedValueMethods.map((name) => [name, { description: methodMeanings[name] }]),
    ) as Record<EarnedValueMethod, { description: string }>,
  });
  const plannedValue = builder.objectRef<PlannedValue>('PlannedValue').implement({
    description: 'A point of a planned-value curve.',
    fields: (t) => ({
      on: t.expose('on', { type: 'LocalDate', nullable: false, description: 'At the end of this day.' }),
      value: t.expose('value', {
        type: 'Decimal',
        nullable: false,
        description: 'Planned cost of everything that is to be done by then, in the currency of the planned cost.',
      }),
    }),
  });
  const plannedValueInput = builder.inputRef<PlannedValue>('PlannedValueInput').implement({
    description: 'A point of a planned-value curve.',
    fields: (t) => ({
      on: t.field({ type: 'LocalDate', required: true, description: 'At the end of this day.' }),
      value: t.field({
        type: 'Decimal',
        required: true,
        description: 'Planned cost of everything that is to be done by then, in the currency of the planned cost.',
      }),
    }),
  });
  return { method, plannedValue, plannedValueInput };
}
