import type { Clock } from '@plumbline/connector';
import { createBucket, createQuota, type EmulatorApp, type Quota } from '@plumbline/emulator';
import { z } from 'zod';
import { isForApps } from './oauth.ts';

/** Which of Jira's limits are enforced; none unless asked for. */
export interface JiraLimits {
  /** Token bucket for each method and endpoint. Jira: 100 GET in a second. */
  burst?: { calls: number; perMs: number };
  /** Points in a UTC hour over all endpoints, counted for apps only: one a request, one an object in its answer, two a user. */
  pointsPerHour?: number;
  /** 20 writes in 2 s and 100 in 30 s to any one issue. */
  issueWrites?: boolean;
}

/** Answers 429 with the reason and the headers Jira gives. */
export function addLimits(app: EmulatorApp, limits: JiraLimits, clock: Pick<Clock, 'now'>): void {
  const quotas = new Map<string, Quota>();
  const buckets = new Map<string, Quota>();
  const bucket = (name: string, limit: { calls: number; perMs: number }): Quota => {
    const known = buckets.get(name) ?? createBucket(limit, clock);
    buckets.set(name, known);
    return known;
  };
  const quota = (name: string, limit: { calls: number; perMs: number }): Quota => {
    const known = quotas.get(name) ?? createQuota(limit, clock);
    quotas.set(name, known);
    return known;
  };
  let hour = { start: 0, spent: 0 };

  type Asked = { method: string; path: string; counted: boolean };
  const refusal = ({ method, path, counted }: Asked): { reason: string; limit: number; waitMs: number } | null => {
    const nowMs = clock.now().epochMilliseconds;
    if (limits.pointsPerHour !== undefined && counted) {
      const start = Math.floor(nowMs / 3_600_000) * 3_600_000;
      if (hour.start !== start) hour = { start, spent: 0 };
      if (hour.spent >= limits.pointsPerHour) {
        return { reason: 'jira-quota-tenant-based', limit: limits.pointsPerHour, waitMs: start + 3_600_000 - nowMs };
      }
      hour.spent += 1;
    }
    if (limits.burst) {
      const spent = bucket(`${method} ${path.replace(/\/[A-Z0-9_]*\d+\b/g, '/*')}`, limits.burst).spend();
      if (!spent.allowed) return { reason: 'jira-burst-based', limit: limits.burst.calls, waitMs: spent.retryAfterMs };
    }
    const issue = /^\/rest\/api\/3\/issue\/([A-Z]*-?\d+)/.exec(path)?.[1];
    if (!limits.issueWrites || !issue || method === 'GET') return null;
    for (const limit of [
      { calls: 20, perMs: 2_000 },
      { calls: 100, perMs: 30_000 },
    ]) {
      const spent = quota(`${issue} ${limit.perMs}`, limit).spend();
      if (!spent.allowed) {
        return { reason: 'jira-per-issue-on-write', limit: limit.calls, waitMs: spent.retryAfterMs };
      }
    }
    return null;
  };

  app.use('/rest/*', async (context, next) => {
    const { method, path, url } = context.req;
    const counted = limits.pointsPerHour !== undefined && isForApps(url);
    const refused = refusal({ method, path, counted });
    if (!refused) {
      await next();
      if (counted) hour.spent += await pointsOf(path, context.res.clone());
      return undefined;
    }
    const reset = clock.now().add({ milliseconds: Math.ceil(refused.waitMs) });
    return context.json({ errorMessages: ['Rate limit exceeded.'] }, 429, {
      'Retry-After': String(Math.max(1, Math.ceil(refused.waitMs / 1_000))),
      'RateLimit-Reason': refused.reason,
      'X-RateLimit-Limit': String(refused.limit),
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': reset.toString({ smallestUnit: 'second' }),
    });
  });
}

const listsSchema = z.looseObject({
  issues: z.array(z.unknown()).optional(),
  values: z.array(z.unknown()).optional(),
  issueChangeLogs: z.array(z.unknown()).optional(),
});

/** What the objects of an answer cost, beyond the request itself. */
async function pointsOf(path: string, response: Response): Promise<number> {
  const body: unknown = await response.json().catch(() => null);
  const lists = listsSchema.safeParse(body).data;
  const objects = Array.isArray(body) ? body : (lists?.issues ?? lists?.values ?? lists?.issueChangeLogs ?? []);
  return objects.length * (path.includes('/user') ? 2 : 1);
}
