const MOST_LISTED = 15;

/** Names most like a wanted one, best first, at most 15: those that contain it or share its words, then by spelling. */
export function nearest(wanted: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, distance: distanceOf(wanted.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_LISTED)
    .map(({ name }) => name);
}

function distanceOf(wanted: string, name: string): number {
  if (name.includes(wanted) || wanted.includes(name)) return 0;
  const words = wanted.split(/[^a-z0-9]+/).filter((word) => word.length > 2);
  const shared = words.filter((word) => name.includes(word)).length;
  return editDistance(wanted, name) / (1 + shared);
}

/** Single letters to insert, drop or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 0; column < b.length; column += 1) {
      const replaced = (row[column] ?? 0) + Number(b[column] !== letter);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
