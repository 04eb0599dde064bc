import { z } from 'zod';

/** What goes wrong: an answer of the vendor's, or something no vendor promises. */
export const faultSchema = z.object({
  /** Only requests of this method; any when absent. */
  method: z.string().optional(),
  /** A regular expression for path and query; any when absent. */
  path: z.string().optional(),
  /** How many requests it hits; absent: until removed. */
  times: z.number().int().positive().optional(),
  /** Lets this many matching requests through first. */
  after: z.number().int().nonnegative().optional(),
  /** Of the requests from there on it hits each so-manieth only, beginning with the first; each one when absent. */
  every: z.number().int().positive().optional(),
  kind: z.enum(['answer', 'hang', 'reset', 'truncate', 'html']),
  status: z.number().int().min(100).max(599).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
});
export type Fault = z.infer<typeof faultSchema>;

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault that hits this request, counted as used; null when none does. */
  next(request: { method: string; pathAndQuery: string }): Fault | null;
  /** How many requests were hit so far. */
  readonly hits: number;
  /** Resolves when the next request is hit. */
  hit(): Promise<Fault>;
}

interface Plan {
  fault: Fault;
  pattern: RegExp;
  /** Requests that it could have hit, and those that it did. */
  seen: number;
  used: number;
}

export function createFaults(): Faults {
  let planned: Plan[] = [];
  let hits = 0;
  let coming = Promise.withResolvers<Fault>();
  const note = (fault: Fault): Fault => {
    hits += 1;
    coming.resolve(fault);
    coming = Promise.withResolvers<Fault>();
    return fault;
  };
  return {
    get hits() {
      return hits;
    },
    hit: () => coming.promise,
    add(fault) {
      planned.push({ fault, pattern: new RegExp(fault.path ?? ''), seen: 0, used: 0 });
    },
    clear() {
      planned = [];
    },
    next({ method, pathAndQuery }) {
      for (const plan of planned) {
        const { fault } = plan;
        if (fault.method && fault.method !== method) continue;
        if (!plan.pattern.test(pathAndQuery)) continue;
        plan.seen += 1;
        const since = plan.seen - (fault.after ?? 0) - 1;
        if (since < 0 || since % (fault.every ?? 1) !== 0) continue;
        plan.used += 1;
        if (fault.times !== undefined && plan.used >= fault.times) planned = planned.filter((other) => other !== plan);
        return note(fault);
      }
      return null;
    },
  };
}
