/** The words of a name in lower case, whatever separates them: `dealAmount`, `deal_amount` and "Deal amount (€)" alike. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/\be-mail\b/gi, 'email')
    .toLowerCase()
    .split(/[^\p{L}\d%]+/u)
    .filter((word) => word !== '');
}

/** A name as a member of the graph: "Sales region (2026)" becomes `salesRegion2026`; `field` when nothing is left of it. */
export function memberName(name: string): string {
  const words = wordsOf(name.normalize('NFKD').replace(/\p{M}/gu, '')).map((word) => word.replace(/[^a-z\d]/g, ''));
  const joined = words
    .filter((word) => word !== '')
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
  if (joined === '') return 'field';
  return /^[a-z]/.test(joined) ? joined : `field${joined}`;
}

/** Gives each of these things a member name of its own: a second `origin` becomes `origin2`. */
export function memberNames(things: readonly { id: string; name: string }[]): { id: string; member: string }[] {
  const taken = new Set<string>();
  return things.map(({ id, name }) => {
    const wanted = memberName(name);
    let member = wanted;
    for (let count = 2; taken.has(member); count += 1) member = `${wanted}${count}`;
    taken.add(member);
    return { id, member };
  });
}
