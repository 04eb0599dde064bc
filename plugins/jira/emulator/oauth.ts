import type { EmulatorApp, TokenServer } from '@plumbline/emulator';
import { readBody, refuse } from './http.ts';
import type { JiraSite } from './seed.ts';

/** What the site is called at api.atlassian.com. */
const cloudId = '5f2a6d0e-7c1b-4a0e-9b7d-3d3f1c0a9e21';

const gateway = `/ex/jira/${cloudId}`;

/** Atlassian answers apps at an address of its own, with the site's paths behind it. */
export function pathOfSite(path: string): string {
  return path.startsWith(`${gateway}/`) ? path.slice(gateway.length) : path;
}

/** Whether a request came by way of api.atlassian.com, where only apps are let in. */
export function isForApps(address: string): boolean {
  return new URL(address).pathname.startsWith(`${gateway}/`);
}

/** auth.atlassian.com and api.atlassian.com, as far as tokens are concerned. */
export function addOAuthRoutes(app: EmulatorApp, tokens: TokenServer, site: JiraSite): void {
  app.post('/oauth/token', async (context) => {
    const given = tokens.exchange(await readBody(context));
    if (given === 'client') {
      return Response.json({ error: 'access_denied', error_description: 'Unauthorized' }, { status: 401 });
    }
    if (given === 'grant') {
      const body = { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' };
      return Response.json(body, { status: 403 });
    }
    return Response.json({ ...given, scope: 'read:jira-work read:jira-user offline_access', token_type: 'Bearer' });
  });
  app.get('/oauth/token/accessible-resources', (context) => {
    if (!tokens.lets(context.req.header('authorization'))) return notLetIn();
    return Response.json([
      {
        id: cloudId,
        url: `https://${site.host}`,
        name: site.host.split('.')[0],
        scopes: ['read:jira-work', 'read:jira-user', 'manage:jira-webhook'],
        avatarUrl: `https://site-admin-avatar-cdn.prod.public.atl-paas.net/avatars/240/flag.png`,
      },
    ]);
  });
  // Whoever opens it has signed in and agreed.
  app.get('/authorize', (context) => {
    const { redirect_uri: back, state = '', client_id: client } = context.req.query();
    if (client !== tokens.clientId || back === undefined) return refuse(400, 'The app is not known.');
    const address = new URL(back);
    address.searchParams.set('code', tokens.signIn(back));
    address.searchParams.set('state', state);
    return context.redirect(address.href);
  });
}

export const notLetIn = (): Response => Response.json({ code: 401, message: 'Unauthorized' }, { status: 401 });
