import type { Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { bearerOf } from './api-keys.ts';
import { readBody } from './body.ts';
import { hostName, isLoopback } from './hosts.ts';
import { isJson, plain, refuse, withoutCors } from './http.ts';

/** What clients reach by their tokens. It says itself whether a token works. */
export interface ClientDoor {
  fetch(request: Request, token: string): Promise<Response>;
  /** `policy` is the Content-Security-Policy of the page. */
  page(token: string | null): Promise<{ status: 200 | 401 | 429; html: string; policy: string }>;
}

const PATH = '/client';
const COOKIE = 'plumbline-client';
const MOST_QUERY_BYTES = 20_000;
const MOST_FORM_BYTES = 2_000;

/**
 * The status of a client: `/client/graphql` by a token in the header, `/client/status` by one that was typed into a form.
 * A token never stands in an address, where history, logs and whoever previews links would keep it; a browser keeps it in
 * a cookie that no script reads and no other site sends.
 */
export function addClientStatus<Variables extends object>(app: Hono<{ Variables: Variables }>, door: ClientDoor): void {
  app.use(`${PATH}/*`, async (context, next) => {
    await next();
    context.header('cache-control', 'no-store');
    context.header('x-robots-tag', 'noindex');
    // Under "no-referrer" a browser sends the form from the origin "null", like that of a foreign page.
    context.header('referrer-policy', 'same-origin');
  });
  app.post(`${PATH}/graphql`, async (context) => {
    const token = bearerOf(context.req.header('authorization'));
    if (token === null) {
      context.header('www-authenticate', 'Bearer realm="plumbline-client"');
      return refuse(context, 401, 'Send the token: "Authorization: Bearer TOKEN".');
    }
    if (!isJson(context.req.header('content-type')))
      return refuse(context, 415, 'Send the query as JSON: "Content-Type: application/json".');
    const body = await readBody(context.req.raw, MOST_QUERY_BYTES);
    if (!body) return refuse(context, 413, `A request may have ${MOST_QUERY_BYTES / 1_000} kB.`);
    return withoutCors(await door.fetch(plain(context.req.raw, body), token));
  });
  app.get(`${PATH}/status`, async (context) => show(context, await door.page(getCookie(context, COOKIE) ?? null)));
  app.post(`${PATH}/status`, async (context) => {
    if (isForeign(context)) return refuse(context, 403, 'Open this page itself, and give the token there.');
    const body = await readBody(context.req.raw, MOST_FORM_BYTES);
    if (!body) return refuse(context, 413, `A form may have ${MOST_FORM_BYTES / 1_000} kB.`);
    const form = new URLSearchParams(new TextDecoder().decode(body));
    const given = form.get('token')?.trim() ?? '';
    if (form.has('leave') || given === '') {
      deleteCookie(context, COOKIE, { path: PATH });
      return context.redirect(`${PATH}/status`, 303);
    }
    const page = await door.page(given);
    if (page.status !== 200) return show(context, page);
    setCookie(context, COOKIE, given, {
      path: PATH,
      httpOnly: true,
      sameSite: 'Strict',
      // Browsers do not all keep a secure cookie of a plain connection, which on loopback nobody listens to.
      secure: !isLoopback(nameOfPage(context)),
    });
    return context.redirect(`${PATH}/status`, 303);
  });
  for (const [path, methods] of [
    [`${PATH}/graphql`, 'POST'],
    [`${PATH}/status`, 'GET, POST'],
  ] as const)
    app.all(path, (context) => {
      context.header('allow', methods);
      return refuse(context, 405, `Use ${methods.replace(', ', ' or ')}.`);
    });
}

function show(context: Context, { status, html, policy }: Awaited<ReturnType<ClientDoor['page']>>): Response {
  if (status === 429) context.header('retry-after', '5');
  context.header('content-security-policy', policy);
  return context.html(html, status);
}

/** The name that the browser calls; a proxy may have put another into `Host`. */
function nameOfPage({ req }: Context): string {
  return URL.parse(req.header('origin') ?? '')?.hostname ?? hostName(req.header('host')) ?? '';
}

/** Whether another site made the browser send the form; what is no browser says nothing of it. */
function isForeign({ req }: Context): boolean {
  const site = req.header('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin';
  const origin = req.header('origin');
  return origin !== undefined && URL.parse(origin)?.host !== req.header('host');
}
