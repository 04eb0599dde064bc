import type { Context } from 'hono';
import { z } from 'zod';

/** The body as JSON; undefined when it is none. */
export async function readBody(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    return undefined;
  }
}

/** An error in Jira's form. */
export function refuse(status: number, reason: string | z.ZodError): Response {
  const message = typeof reason === 'string' ? reason : z.prettifyError(reason);
  return Response.json({ errorMessages: [message], errors: {} }, { status });
}

export const missing = (): Response => refuse(404, 'Issue does not exist or you do not have permission to see it.');

/** Offset paging as Jira's older lists do it. */
export function offsetPage(
  context: Context,
  defaultSize: number,
  largest: number,
): { startAt: number; maxResults: number } {
  const read = (name: string, fallback: number): number => {
    const value = Number(context.req.query(name) ?? fallback);
    return Number.isInteger(value) && value >= 0 ? value : fallback;
  };
  return { startAt: read('startAt', 0), maxResults: Math.min(largest, read('maxResults', defaultSize)) };
}
