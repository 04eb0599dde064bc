/** Works through many so many at a time, one lot behind the other, where a statement for all would take too long; in their order. */
export async function inTurn<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (some: readonly Item[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += most) {
    for (const result of await work(items.slice(from, from + most))) results.push(result);
  }
  return results;
}
