import { kindNames } from '@plumbline/connector';
import { InputError } from '../kernel/api-error.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { InstalledSource } from '../sources/installed-source.ts';
import { freshnessOf } from '../sources/source-freshness.rules.ts';
import { listed } from './listed-table.ts';
import { readPackFigures } from './pack-figures.store.ts';
import { scopeName, wordsOf } from './review-words.store.ts';
import { storedScope } from './review-scope.graphql.ts';
import type { ReviewLens, ReviewScope } from './review-scope.ts';
import type { ComparisonWords } from './snapshot-comparison.document.ts';
import type { LateState } from './snapshot-comparison.rules.ts';
import type { KeptState } from './snapshot.rules.ts';
import { readState, type SnapshotRow } from './snapshot.store.ts';

/** Two states of a review of one scope, lens and currency. */
export interface Comparison {
  scope: ReviewScope;
  lens: ReviewLens;
  /** ISO 4217 code of all amounts. */
  currency: string;
  before: LateState;
  after: LateState;
  /** Whether the second is a snapshot; else it is how things stand. */
  isKept: boolean;
}

/**
 * From a snapshot to another one, or to how things stand where there is none; in a fixed number of statements, as those
 * of a review are. Throws InputError where they cannot be compared.
 */
export async function readComparison(context: Context, from: SnapshotRow, to: SnapshotRow | null): Promise<Comparison> {
  const { lens, currency } = from;
  const scope = await standingScope(context, from);
  if (to) assertAlike({ ...from, ...idOf(scope) }, { ...to, ...idOf(await standingScope(context, to)) });
  const after = to
    ? stateOf(to)
    : await readState(context, await readPackFigures(context, { scope, lens, currency, asOf: null }));
  const late = (state: KeptState): LateState => ({ ...state, late: lateIn(state, context.sources) });
  return { scope, lens, currency, before: late(stateOf(from)), after: late(after), isKept: to !== null };
}

function idOf({ id }: ReviewScope): Pick<SnapshotRow, 'scope_id'> {
  return { scope_id: id };
}

/** Of whom a snapshot is, through merges. */
async function standingScope({ load }: Context, snapshot: SnapshotRow): Promise<ReviewScope> {
  const scope = storedScope(snapshot);
  if (scope.kind !== 'PERSON' && scope.kind !== 'CLIENT') return scope;
  const row = await load.entity(scope.kind === 'PERSON' ? 'person' : 'client', scope.id);
  return row ? { ...scope, id: String(row['id']) } : scope;
}

function assertAlike(from: SnapshotRow, to: SnapshotRow): void {
  const same = (name: 'scope_kind' | 'scope_id' | 'team' | 'lens' | 'currency'): boolean => from[name] === to[name];
  if (!same('scope_kind') || !same('scope_id') || !same('team'))
    throw new InputError('to', 'The snapshots are of different scopes.', 'Compare two of one scope.');
  if (!same('lens') || !same('currency'))
    throw new InputError(
      'to',
      `One is ${from.lens} in ${from.currency}, the other ${to.lens} in ${to.currency}.`,
      'Compare two of one lens and currency.',
    );
}

function stateOf(of: SnapshotRow): KeptState {
  return {
    asOf: instantText(of.as_of),
    metricVersion: of.metric_version,
    inputsHash: of.inputs_hash,
    watermarks: of.watermarks,
    figures: of.figures,
    leftOut: of.left_out,
  };
}

/** The sources that were late then, by how often they are read today; one that is no longer here is not judged. */
function lateIn({ asOf, watermarks }: KeptState, sources: readonly InstalledSource[]): readonly string[] {
  const reads = watermarks.flatMap(({ source: id, stream: name, readAt }) => {
    const source = sources.find((each) => each.id === id);
    const stream = source?.connector.streams.find((each) => each.name === name);
    if (!source || !stream) return [];
    return [{ source: id, everyMinutes: stream.everyMinutes + source.everyMinutes, kinds: stream.kinds, readAt }];
  });
  return freshnessOf(reads, kindNames, asOf).stale;
}

/** What the document of a comparison says, with the names of everything. */
export async function readComparisonWords(context: Context, of: Comparison): Promise<ComparisonWords> {
  const { name } = wordsOf(context, of.after.asOf);
  const leftOut = ({ leftOut: left }: KeptState, other: KeptState) => {
    const there = new Set(other.leftOut.map(({ projectId }) => projectId));
    return left.filter(({ projectId }) => !there.has(projectId));
  };
  const onlyIn = [
    ...leftOut(of.before, of.after).map((each) => ({ ...each, at: of.before.asOf })),
    ...leftOut(of.after, of.before).map((each) => ({ ...each, at: of.after.asOf })),
  ];
  return {
    ...of,
    of: await scopeName(context, of.scope),
    leftOut: await listed(onlyIn, async ({ projectId, reason, at }) => ({
      record: await name('project', projectId),
      at,
      reason,
    })),
  };
}
