export type Json = Record<string, unknown>;

/** Renders each thing once: the same people, statuses and types are in every answer a hundred times. */
export function memo<Thing>(render: (thing: Thing) => Json): (thing: Thing) => Json {
  const rendered = new Map<Thing, Json>();
  return (thing) => {
    const known = rendered.get(thing) ?? render(thing);
    rendered.set(thing, known);
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
