import { RawNode, sql, type KyselyPlugin, type OperationNode, type RawBuilder, type RootOperationNode } from 'kysely';
import type { Rows } from './database.ts';

/** A table as it was: what a statement reads under its name, worked out of what says when its rows were written. */
export interface PastTable {
  name: string;
  /** Other names that `rows` reads as they were; what it reads under any name that is not listed is as it is now. */
  of?: readonly string[];
  /** Whether it is worked out once, however often it is read. */
  once?: boolean;
  rows(at: RawBuilder<unknown>): RawBuilder<unknown>;
}

/**
 * Reads as of a past instant: every statement is sent as it is, behind common table expressions that stand for the
 * tables it names, so no figure is written twice. `tables` stand in an order in which each comes behind those it is made
 * of; in front of it, a name means the table itself. See docs/decisions/0014.
 */
export function readAsOf(rows: Rows, tables: readonly PastTable[], instant: string): Rows {
  const at = sql`${instant}::timestamptz`;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => (RawNode.is(node) ? behindThePast(node, tables, at) : node),
    transformResult: async ({ result }) => result,
  };
  return rows.withPlugin(plugin);
}

function behindThePast(
  statement: RawNode,
  tables: readonly PastTable[],
  at: RawBuilder<unknown>,
): RootOperationNode & RawNode {
  const wanted = wantedOf(statement, tables);
  if (wanted.length === 0) return statement;
  const expressions = wanted.map(
    ({ name, once, rows }) =>
      sql`${sql.ref(name)} as ${sql.raw(once ? 'materialized' : 'not materialized')} (${rows(at)})`,
  );
  const own = afterWith(statement);
  const past = sql`with ${sql.join(expressions)}`.toOperationNode();
  return RawNode.create(['', own ? ', ' : ' ', ''], [past, own ?? statement]);
}

/** The tables that a statement names, and those they are made of. */
function wantedOf(statement: RawNode, tables: readonly PastTable[]): PastTable[] {
  const names = new Set<string>();
  collectNames(statement, names);
  for (const { name, of } of tables.toReversed()) if (names.has(name)) for (const each of of ?? []) names.add(each);
  return tables.filter(({ name }) => names.has(name));
}

/** Every word of a statement's own text; a table too many costs little. */
function collectNames(node: OperationNode, names: Set<string>): void {
  if (RawNode.is(node)) {
    for (const text of node.sqlFragments) for (const [word] of text.matchAll(/[a-z_]+/g)) names.add(word);
    for (const parameter of node.parameters) collectNames(parameter, names);
    return;
  }
  if (node.kind === 'IdentifierNode') names.add((node as OperationNode & { name: string }).name);
  for (const part of Object.values(node)) if (isNode(part)) collectNames(part, names);
}

function isNode(value: unknown): value is OperationNode {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** The statement without the `with` it begins with; null when it begins with something else. */
function afterWith(statement: RawNode): RawNode | null {
  const [text = '', ...texts] = statement.sqlFragments;
  const opening = /^\s*with\s/.exec(text);
  if (opening) return RawNode.create([text.slice(opening[0].length), ...texts], statement.parameters);
  const [first, ...others] = statement.parameters;
  if (text.trim() !== '' || !first || !RawNode.is(first)) return null;
  const rest = afterWith(first);
  return rest && RawNode.create(statement.sqlFragments, [rest, ...others]);
}
