/** The candidates most like a name, best first: what somebody who mistyped it is likely to have meant. */
export function nearest(name: string, candidates: readonly string[], most: number): string[] {
  const wanted = pairs(name);
  return candidates
    .map((candidate) => ({ candidate, likeness: likeness(wanted, pairs(candidate)) }))
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
