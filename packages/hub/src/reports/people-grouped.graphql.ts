import type { EnumRef } from '@pothos/core';
import { asOfArgument } from '../kernel/as-of.graphql.ts';
import type { Builder, SchemaTypes } from '../kernel/builder.ts';
import type { Grouped } from '../kernel/grouped.graphql.ts';
import { LONGEST_DAYS } from './utilisation.rules.ts';
import type { UtilisationGroup } from './utilisation.store.ts';

export type PeopleGroupRef = EnumRef<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>, UtilisationGroup>;

/** What a group of people is called; those of one person have none. */
export const groupNameField = {
  type: 'String' as const,
  description: 'The team or role, when summed by one; null for people without any.',
  resolve: ({ key, groupBy }: Grouped) => (groupBy === 'PERSON' ? null : key),
};

/** What figures about people's time are asked by: a period, and groups of people. */
export function peopleArguments(builder: Builder, group: PeopleGroupRef) {
  const period = builder.args((t) => ({
    from: t.field({ type: 'LocalDate', required: true, description: 'First day.' }),
    to: t.field({ type: 'LocalDate', required: true, description: `Last day; ${LONGEST_DAYS} days at most.` }),
    groupBy: t.field({ type: group, description: 'By what it is summed; one sum of everybody when absent.' }),
    first: t.int({ description: 'How many groups, 25 unless told, 100 at most.' }),
  }));
  return { ...period, ...asOfArgument(builder) };
}
