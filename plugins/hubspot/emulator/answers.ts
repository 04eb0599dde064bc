import { createQuota, type EmulatorApp, type Quota, type TokenServer } from '@plumbline/emulator';
import type { Context, Hono } from 'hono';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from './operations.ts';
import { objectTypeOf, type PortalState } from './portal-state.ts';
import type { HubSpotObjectType } from './seed.ts';

export type VendorContext = Context<EmulatorApp extends Hono<infer Environment> ? Environment : never>;

export interface EmulatorLimits {
  /** Calls per rolling 10 seconds; 190 when absent. */
  perTenSeconds?: number;
  /** Searches per rolling second; 5 when absent. */
  searchesPerSecond?: number;
  /** Calls per day; 1,000,000 when absent. */
  perDay?: number;
}

/** Every error of HubSpot's has this shape. */
export function errorBody(category: string, message: string, rest: object = {}): Record<string, unknown> {
  return { status: 'error', message, correlationId: randomUUID(), category, ...rest };
}

function refuse(context: VendorContext, error: unknown): Response {
  if (error instanceof Refusal) {
    return context.json(
      errorBody(error.category, error.message, Object.keys(error.details).length > 0 ? { context: error.details } : {}),
      error.status as 400,
    );
  }
  if (error instanceof z.ZodError) {
    const message = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    return context.json(errorBody('VALIDATION_ERROR', `Invalid input JSON: ${message}`), 400);
  }
  if (error instanceof SyntaxError) {
    return context.json(errorBody('VALIDATION_ERROR', 'Invalid input JSON on line 1, column 1'), 400);
  }
  throw error;
}

/** Credentials, scopes and quotas stand before every route of the vendor's. */
export function addGuards(
  app: EmulatorApp,
  state: PortalState,
  options: { limits: EmulatorLimits; scopes: readonly string[] | null; oauth: TokenServer },
): void {
  const { limits } = options;
  const quotas = {
    tenSeconds: createQuota({ calls: limits.perTenSeconds ?? 190, perMs: 10_000 }, state.clock),
    second: createQuota({ calls: limits.searchesPerSecond ?? 5, perMs: 1_000 }, state.clock),
    day: createQuota({ calls: limits.perDay ?? 1_000_000, perMs: 86_400_000 }, state.clock),
  };
  app.onError((error, context) => {
    try {
      return refuse(context, error);
    } catch {
      return context.json(errorBody('INTERNAL_ERROR', `internal error: ${error.message}`), 500);
    }
  });
  app.use('*', async (context, next) => {
    const { path } = context.req;
    if (path.startsWith('/__control/') || path.startsWith('/oauth/')) return next();
    const authorization = context.req.header('authorization');
    if (authorization !== `Bearer ${state.portal.accessToken}` && !options.oauth.lets(authorization)) {
      return context.json(
        errorBody('INVALID_AUTHENTICATION', 'Authentication credentials not found or not valid.'),
        401,
      );
    }
    const scope = scopeOf(context.req.method, path);
    if (scope && options.scopes && !options.scopes.includes(scope)) return missingScope(context, scope);
    const isSearch = path.endsWith('/search');
    const refused = isSearch
      ? spend(context, quotas.second, 'SECONDLY')
      : (spend(context, quotas.day, 'DAILY') ?? spend(context, quotas.tenSeconds, 'TEN_SECONDLY_ROLLING', limits));
    if (refused) return refused;
    return next();
  });
}

/** Counts a call. Search says nothing of its limits in headers; everything else does. */
function spend(context: VendorContext, quota: Quota, policyName: string, limits?: EmulatorLimits): Response | null {
  const spent = quota.spend();
  if (limits) {
    context.header('X-HubSpot-RateLimit-Max', String(limits.perTenSeconds ?? 190));
    context.header('X-HubSpot-RateLimit-Remaining', String(spent.allowed ? spent.remaining : 0));
    context.header('X-HubSpot-RateLimit-Interval-Milliseconds', '10000');
  }
  if (spent.allowed) return null;
  const words = { SECONDLY: 'secondly', DAILY: 'daily', TEN_SECONDLY_ROLLING: 'ten secondly rolling' }[policyName];
  return context.json(
    { ...errorBody('RATE_LIMITS', `You have reached your ${words} limit.`), errorType: 'RATE_LIMIT', policyName },
    429,
  );
}

function missingScope(context: VendorContext, scope: string): Response {
  const message = 'This app hasn’t been granted all required scopes to make this call.';
  return context.json(
    errorBody('MISSING_SCOPES', message, {
      errors: [
        { message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: [scope] } },
      ],
    }),
    403,
  );
}

function scopeOf(method: string, path: string): string | null {
  const access = method === 'GET' || /\/(search|batch\/read)$/.test(path) ? 'read' : 'write';
  const objects = /^\/crm\/(?:v3\/objects|v4\/associations|v4\/objects)\/([^/]+)/.exec(path);
  if (objects) return `crm.objects.${objectTypeOf(objects[1]) ?? objects[1]}.${access}`;
  const schemas = /^\/crm\/v3\/(?:properties|pipelines)\/([^/]+)/.exec(path);
  if (schemas) return `crm.schemas.${objectTypeOf(schemas[1]) ?? schemas[1]}.${access}`;
  if (path.startsWith('/crm/v3/owners')) return 'crm.objects.owners.read';
  return path.startsWith('/settings/v3/currencies') ? 'settings.currencies.read' : null;
}

export function typeParameter(context: VendorContext, name = 'type'): HubSpotObjectType {
  const value = context.req.param(name);
  const type = objectTypeOf(value);
  if (!type) throw new Refusal(400, 'VALIDATION_ERROR', `Unable to infer object type from: ${value}`);
  return type;
}

/** A list in the query, given with commas or repeated. */
export function listQuery(context: VendorContext, name: string): string[] {
  return (context.req.queries(name) ?? []).flatMap((part) => part.split(',')).filter((part) => part !== '');
}

export function limitQuery(context: VendorContext, rule: { fallback: number; most: number }): number {
  const given = context.req.query('limit');
  const limit = given === undefined ? rule.fallback : Number(given);
  if (!Number.isInteger(limit) || limit < 1 || limit > rule.most) {
    throw new Refusal(400, 'VALIDATION_ERROR', `limit must be between 1 and ${rule.most}, was ${given}`);
  }
  return limit;
}
