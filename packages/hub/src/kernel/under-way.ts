/** What has to end before the database is closed under it. */
export function createUnderWay() {
  const tasks = new Set<Promise<unknown>>();
  return {
    async add<Result>(task: () => Promise<Result>): Promise<Result> {
      const running = task();
      tasks.add(running);
      try {
        return await running;
      } finally {
        tasks.delete(running);
      }
    },
    settled: () => Promise.allSettled(tasks),
  };
}
