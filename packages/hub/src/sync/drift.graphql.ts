import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { driftProblems, type DriftFinding } from '../sources/drift.rules.ts';
import { readDrifts, type SavedDrift } from '../sources/drift.store.ts';

/** How a source's mapping compared with its account; `stale` when another mapping has come since. */
export interface MappingState {
  saved: SavedDrift;
  isStale: boolean;
}

/** The type that tells where a source's mapping no longer fits what the account has. */
export function addMappingState({ builder }: Graph) {
  const problem = builder.enumType('MappingProblem', {
    description:
      'GONE: the account no longer has what is mapped. TYPE: it has another type than the mapping was made for. NEW: an item of a list that is mapped item by item is not mapped.',
    values: driftProblems,
  });
  const finding = builder.objectRef<DriftFinding>('MappingFinding').implement({
    description: 'One place where a mapping no longer fits what the account has.',
    fields: (t) => ({
      path: t.exposeString('path', { nullable: false, description: 'The place within the source’s configuration.' }),
      stream: t.exposeString('stream', {
        nullable: false,
        description: 'The stream whose runs are PARTIAL because of it.',
      }),
      problem: t.field({
        type: problem,
        nullable: false,
        description: 'What is wrong.',
        resolve: (of) => of.problem,
      }),
      message: t.exposeString('message', { nullable: false, description: 'What is wrong, in a sentence.' }),
      remedy: t.exposeString('remedy', { nullable: false, description: 'What to do about it, in a sentence.' }),
    }),
  });
  return builder.objectRef<MappingState>('MappingState').implement({
    description:
      'How a source’s mapping compared with what its account has, when that was looked at last: once an hour while nothing is wrong, before every poll while something is.',
    fields: (t) => ({
      lookedAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'When it was looked at.',
        resolve: (of) => instantText(of.saved.lookedAt),
      }),
      stale: t.exposeBoolean('isStale', {
        nullable: false,
        description: 'Whether the mapping has been changed since: the next poll compares it anew.',
      }),
      findings: t.field({
        type: [finding],
        nullable: false,
        description: 'Where the two have drifted apart; empty when they fit.',
        resolve: (of) => [...of.saved.findings],
      }),
    }),
  });
}

/** In the order asked for. */
export async function readMappingStates(
  context: Context,
  sourceIds: readonly string[],
): Promise<(MappingState | null)[]> {
  const saved = await readDrifts(context.rows, sourceIds);
  const mappings = new Map(context.sources.map(({ id, mapping }) => [id, mapping]));
  return sourceIds.map((id) => {
    const found = saved.get(id);
    return found ? { saved: found, isStale: found.mapping !== mappings.get(id) } : null;
  });
}
