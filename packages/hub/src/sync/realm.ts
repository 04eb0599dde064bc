import { fieldsOf, type Key, type UnifiedRecord } from '@plumbline/connector';

/**
 * Two accounts of one vendor count their ids alike. A source with a realm gets it written into every key of its own
 * connector's schemes: `jira-issue:10001` becomes `jira-issue@emea:10001`. Shared schemes such as `email` stay.
 */
export function withRealm(
  unified: UnifiedRecord,
  of: { keySchemes: readonly string[]; realm: string | null },
): UnifiedRecord {
  const { realm } = of;
  if (realm === null) return unified;
  const own = new Set(of.keySchemes);
  const rewrite = (key: Key): Key => {
    const colon = key.indexOf(':');
    const scheme = key.slice(0, colon);
    return own.has(scheme) ? `${scheme}@${realm}:${key.slice(colon + 1)}` : key;
  };
  const fields = Object.entries(fieldsOf(unified.kind)).flatMap(([name, field]) => {
    const value = (unified.fields as Record<string, unknown>)[name];
    if (value === undefined) return [];
    if (value !== null && field.type === 'ref') return [[name, rewrite(value as Key)]];
    if (value !== null && field.type === 'refs') return [[name, (value as Key[]).map(rewrite)]];
    return [[name, value]];
  });
  const history = unified.history?.map((past) => {
    const isKey = past.value !== null && fieldsOf(unified.kind)[past.field]?.type === 'ref';
    return {
      ...past,
      ...(isKey ? { value: rewrite(past.value as Key) } : {}),
      ...(past.by === undefined ? {} : { by: rewrite(past.by) }),
    };
  });
  return {
    ...unified,
    keys: unified.keys.map(rewrite),
    fields: Object.fromEntries(fields),
    ...(history ? { history } : {}),
  };
}
