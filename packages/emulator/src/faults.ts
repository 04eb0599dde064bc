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
}

export function createFaults(): Faults {
  let planned: { fault: Fault; pattern: RegExp; seen: number; used: number }[] = [];
  return {
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
        if (plan.seen <= (fault.after ?? 0)) continue;
        plan.used += 1;
        if (fault.times !== undefined && plan.used >= fault.times) planned = planned.filter((other) => other !== plan);
        return fault;
      }
      return null;
    },
  };
}
