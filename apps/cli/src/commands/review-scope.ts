import { badInput, named, personNamed } from './asked.ts';
import type { Graph } from './graph.ts';

/** Options that say of whom a review is. */
export interface ScopeFlags {
  person?: string;
  team?: string;
  client?: string;
  portfolio?: boolean;
}

export type Scope = { person: string } | { team: string } | { client: string } | { portfolio: true };

/** The one scope that is given; throws HubError where there is none, or more than one. */
export function scopeIn({ person, team, client, portfolio }: ScopeFlags): Scope {
  const given: Scope[] = [
    ...(person === undefined ? [] : [{ person }]),
    ...(team === undefined ? [] : [{ team }]),
    ...(client === undefined ? [] : [{ client }]),
    ...(portfolio ? [{ portfolio: true as const }] : []),
  ];
  const [scope] = given;
  if (scope && given.length === 1) return scope;
  throw badInput('A review is of exactly one scope.', 'Give one of --person, --team, --client and --portfolio.');
}

/** People and clients by their ids, where they were given by name or e-mail. */
export async function standing(graph: Graph, scope: Scope): Promise<Scope> {
  if ('person' in scope) return { person: await personNamed(graph, scope.person) };
  if ('client' in scope) {
    const found = await named(
      graph,
      'query ($name: String!) { found: clients(first: 2, filter: { name: { eq: $name } }) { nodes { id } } }',
      scope.client,
    );
    return { client: found };
  }
  return scope;
}
