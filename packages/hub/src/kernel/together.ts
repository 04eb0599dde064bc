/**
 * Waits for all of it, then gives the results or throws the first failure. For statements of one transaction: a
 * `Promise.all` would let it roll back, and its connection go to somebody else, while others are still to be sent.
 */
export async function together<const Results extends readonly unknown[]>(work: {
  [Index in keyof Results]: Promise<Results[Index]>;
}): Promise<Results> {
  const settled = await Promise.allSettled(work);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return settled.map((result) => (result.status === 'fulfilled' ? result.value : undefined)) as unknown as Results;
}
