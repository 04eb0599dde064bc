import type { KindName } from '@plumbline/connector';
import type { Kind } from './kind.ts';
import type { Rank } from './merge.ts';

/** Who is right, where a site decides otherwise than the defaults: kind → field (or `*`) → source ids or connectors, best first. */
export type AuthorityOverrides = { readonly [Name in KindName]?: Readonly<Record<string, readonly string[]>> };

/** Ranks sources by the site's word, then by the kind's default; a source may be named by its id or by its connector. */
export function rankBy(overrides: AuthorityOverrides, connectorOf: (sourceId: string) => string): Rank {
  return (kind: Kind, field, sourceId) => {
    const own = overrides[kind.name];
    const order = own?.[field] ?? own?.['*'] ?? kind.fieldAuthority[field] ?? kind.authority;
    const byId = order.indexOf(sourceId);
    if (byId >= 0) return byId;
    const byConnector = order.indexOf(connectorOf(sourceId));
    return byConnector >= 0 ? byConnector : order.length;
  };
}
