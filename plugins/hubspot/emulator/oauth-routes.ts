import type { EmulatorApp, TokenServer } from '@plumbline/emulator';
import { errorBody } from './answers.ts';
import type { PortalState } from './portal-state.ts';

/** The token endpoint, and what app.hubspot.com does when a person lets an app in. */
export function addOAuthRoutes(app: EmulatorApp, tokens: TokenServer, { portal }: PortalState): void {
  app.post('/oauth/v1/token', async (context) => {
    const given = tokens.exchange(Object.fromEntries(new URLSearchParams(await context.req.text())));
    if (given === 'client') {
      return context.json({ ...errorBody('', 'missing or unknown client id'), status: 'BAD_CLIENT_ID' }, 400);
    }
    if (given === 'grant') {
      return context.json({ ...errorBody('', 'missing or invalid refresh token'), status: 'BAD_REFRESH_TOKEN' }, 400);
    }
    return context.json({ ...given, token_type: 'bearer', token_use: 'access_token', hub_id: portal.portalId });
  });
  // Whoever opens it has signed in and agreed.
  app.get('/oauth/authorize', (context) => {
    const { redirect_uri: back, state = '', client_id: client } = context.req.query();
    if (client !== tokens.clientId || back === undefined) {
      return context.json(errorBody('VALIDATION_ERROR', 'The app is not known.'), 400);
    }
    const address = new URL(back);
    address.searchParams.set('code', tokens.signIn(back));
    address.searchParams.set('state', state);
    return context.redirect(address.href);
  });
}
