/** A parsed `fields` parameter: member → what is wanted below it; an empty map wants everything below. */
export type FieldMask = Map<string, FieldMask>;

/** Reads `a,b(c,d.e),f/g`. Throws a SyntaxError where Google answers 400. */
export function parseFieldMask(text: string): FieldMask {
  let at = 0;
  const list = (): FieldMask => {
    const mask: FieldMask = new Map();
    for (;;) {
      path(mask);
      if (text[at] !== ',') return mask;
      at += 1;
    }
  };
  const path = (into: FieldMask): void => {
    const name = /^\s*([\w*]+)\s*/.exec(text.slice(at));
    if (!name?.[1]) throw new SyntaxError(`Invalid field selection ${text.slice(at, at + 20)}`);
    at += name[0].length;
    const below: FieldMask = into.get(name[1]) ?? new Map<string, FieldMask>();
    into.set(name[1], below);
    if (text[at] === '.' || text[at] === '/') {
      at += 1;
      path(below);
    } else if (text[at] === '(') {
      at += 1;
      for (const [member, deeper] of list()) below.set(member, deeper);
      if (text[at] !== ')') throw new SyntaxError(`Invalid field selection ${text}`);
      at += 1;
    }
  };
  const mask = list();
  if (at !== text.length) throw new SyntaxError(`Invalid field selection ${text}`);
  return mask;
}

/** What the mask leaves of an answer; a member that is asked for and missing stays missing. */
export function applyFieldMask(mask: FieldMask, value: unknown): unknown {
  if (mask.size === 0 || mask.has('*')) return value;
  if (Array.isArray(value)) return value.map((each) => applyFieldMask(mask, each));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const below = mask.get(name);
    return below ? [[name, applyFieldMask(below, member)]] : [];
  });
  return Object.fromEntries(members);
}

/** Whether the mask asks for the member at this path. */
export function masks(mask: FieldMask, ...path: string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined || mask.size === 0 || mask.has('*')) return true;
  const below = mask.get(name);
  return below !== undefined && masks(below, ...rest);
}
