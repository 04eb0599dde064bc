import type { KindName } from '@plumbline/connector';
import type { Kind } from './kind.ts';
import type { Rank } from './merge.ts';
import { HUB_SOURCE } from './hub-source.ts';

/** Who is right, where a site decides otherwise than the defaults: kind → field (or `*`) → source ids or connectors, best first. */
export type AuthorityOverrides = { readonly [Name in KindName]?: Readonly<Record<string, readonly string[]>> };

/** Ranks sources by the site's word, then by the kind's default; a source may be named by its id or by its connector. */
export function rankBy(overrides: AuthorityOverrides, connectorOf: (sourceId: string) => string): Rank {
  return (kind: Kind, field, sourceId) => {
    const own = overrides[kind.name];
    const usual = kind.fieldAuthority[field] ?? kind.authority;
    const order = own?.[field] ?? own?.['*'] ?? usual;
    // A site that ranks its sources does not mean to overrule what is decided here, unless it says so by name.
    if (sourceId === HUB_SOURCE && usual[0] === HUB_SOURCE && !order.includes(HUB_SOURCE)) return -1;
    const byId = order.indexOf(sourceId);
    if (byId >= 0) return byId;
    const byConnector = order.indexOf(connectorOf(sourceId));
    return byConnector >= 0 ? byConnector : order.length;
  };
}
