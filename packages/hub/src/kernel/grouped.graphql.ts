import type { KindName } from '@plumbline/connector';
import { InputError } from './api-error.ts';
import type { Builder } from './builder.ts';
import type { Context } from './context.ts';
import { encodeId } from './global-id.ts';
import type { Graph } from './graph.ts';
import { pascalCase } from './names.ts';

/** A sum by group; the key is an id, a day or a word, and null for what belongs to nothing, or for the whole. */
export interface Grouped {
  key: string | null;
  groupBy: string | null;
}

/** The kinds whose ids the keys of a group are; other keys are told as they are. */
const kindOfGroup: Readonly<Record<string, KindName>> = {
  PROJECT: 'project',
  CLIENT: 'client',
  PERSON: 'person',
  MANAGER: 'person',
  SELLER: 'person',
};

/** A field with the key as clients see it: a global id where it is one. */
export const groupKeyField = (description: string) => ({
  type: 'String' as const,
  description,
  resolve({ key, groupBy }: Grouped): string | null {
    const kind = kindOfGroup[groupBy ?? ''];
    return key !== null && kind ? encodeId(pascalCase(kind), key) : key;
  },
});

/** A field with the entity that something is summed for; null where it is summed by something else. */
export function groupedForField(graph: Graph, kind: 'project' | 'client' | 'person', description: string) {
  return {
    type: graph.typeOf(kind).ref,
    description,
    resolve: ({ key, groupBy }: Grouped, _: object, { load }: Context) =>
      key !== null && kindOfGroup[groupBy ?? ''] === kind ? load.entity(kind, key) : null,
  };
}

interface AskedPeriod {
  from?: string | null | undefined;
  to?: string | null | undefined;
}

/** The asked days; throws InputError for a period that ends before it begins. */
export function askedPeriod({ from, to }: AskedPeriod): { from: string | null; to: string | null } {
  if (from && to && to < from)
    throw new InputError('to', `The period ends on ${to}, before it begins on ${from}.`, 'Swap `from` and `to`.');
  return { from: from ?? null, to: to ?? null };
}

/** Between which days work counts. */
export function workPeriodArguments(builder: Builder) {
  return builder.args((t) => ({
    from: t.field({ type: 'LocalDate', description: 'First day of the work.' }),
    to: t.field({ type: 'LocalDate', description: 'Last day of the work.' }),
  }));
}
