export type Json = Record<string, unknown>;

/** Renders each id once: the same people, statuses and types are in every answer a hundred times. */
export function memo(render: (id: string) => Json): (id: string) => Json {
  const rendered = new Map<string, Json>();
  return (id) => {
    const known = rendered.get(id) ?? render(id);
    rendered.set(id, known);
    return known;
  };
}

/** A copy with the patch's members written over it, member by member where both are objects. */
export function overwrite(target: Json, patch: Readonly<Json>): Json {
  const result = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    const old = result[name];
    result[name] = isPlain(old) && isPlain(value) ? overwrite(old, value) : value;
  }
  return result;
}

function isPlain(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
