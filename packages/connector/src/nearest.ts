/**
 * The candidates most like a name, best first: what somebody who mistyped it is likely to have meant. `least` is how like
 * they have to be, from 0 to 1 for the same.
 */
export function nearest(name: string, candidates: readonly string[], most: number, least = 0): string[] {
  const wanted = pairs(name);
  return candidates
    .map((candidate) => ({ candidate, likeness: likeness(wanted, pairs(candidate)) }))
    .filter((each) => each.likeness >= least)
    .sort((a, b) => b.likeness - a.likeness || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

function pairs(text: string): Set<string> {
  const lower = ` ${text.toLowerCase()} `;
  return new Set(Array.from({ length: lower.length - 1 }, (_, at) => lower.slice(at, at + 2)));
}

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return (2 * a.intersection(b).size) / (a.size + b.size);
}
