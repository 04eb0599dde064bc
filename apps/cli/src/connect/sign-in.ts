import { HubError } from '@plumbline/connector';
import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';

/** Vendors compare the address with the one on the app's page, so it is the same every time. */
export const redirectUri = 'http://localhost:8712/callback';
const { port, pathname } = new URL(redirectUri);
/** Browsers try both for localhost: one that is left free may be taken by somebody else, who is then told the code. */
const HOSTS = ['127.0.0.1', '::1'];
/** What a machine says that has no such address. */
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'];

/** A sign-in that a browser is to come back from. */
export interface AwaitedSignIn {
  redirectUri: string;
  /** Tells the answer to this question from what anybody else may send. */
  state: string;
  /** Aborted when the browser has come back. */
  arrival: AbortSignal;
  /** What it brought: a code, or null while it has not come. Throws HubError when the person did not agree. */
  arrived(): string | null;
  close(): void;
}

/** Listens on loopback for the browser. Throws HubError UNAVAILABLE when somebody else listens there. */
export async function awaitSignIn(): Promise<AwaitedSignIn> {
  const state = randomBytes(24).toString('base64url');
  const arrival = new AbortController();
  let address: string | null = null;
  const close = await listen((request, response) => {
    const given = new URL(request.url ?? '/', redirectUri);
    const isIt = given.pathname === pathname && given.searchParams.get('state') === state;
    response.writeHead(isIt ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
    response.end(isIt ? 'You can close this page and go back to the terminal.' : 'Nobody waits for this.');
    if (!isIt) return;
    address = given.href;
    arrival.abort();
  });
  return {
    redirectUri,
    state,
    arrival: arrival.signal,
    arrived: () => (address === null ? null : codeIn(address, state)),
    close,
  };
}

/** Listens at every address that a browser may take for localhost; gives how to end it. */
async function listen(answer: RequestListener): Promise<() => void> {
  const servers: Server[] = [];
  const close = (): void => servers.forEach((server) => server.close());
  for (const host of HOSTS) {
    try {
      servers.push(await listenAt(host, answer));
    } catch (error) {
      if (servers.length > 0 && isMissing(error)) continue;
      close();
      throw taken(error);
    }
  }
  return close;
}

function listenAt(host: string, answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port), host, () => resolve(server));
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && NO_SUCH_ADDRESS.includes(String(error.code));
}

/** The code in the address that a browser was sent back to. Throws HubError BAD_INPUT when there is none for this state. */
export function codeIn(address: string, state: string): string {
  const given = URL.parse(address)?.searchParams;
  const code = given?.get('code');
  if (given?.get('state') === state && code) return code;
  const said = given?.get('error_description') ?? given?.get('error');
  throw new HubError({
    code: 'BAD_INPUT',
    message: said
      ? `The vendor sent the browser back without letting the app in: ${said.slice(0, 200)}.`
      : `That is not where the browser ends after this sign-in.`,
    remedy: 'Sign in again, and agree.',
  });
}

function taken(cause: unknown): HubError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new HubError(
    {
      code: 'UNAVAILABLE',
      message: `Nobody can wait for the browser at ${redirectUri} (${why}).`,
      remedy: 'End what listens there, or give a refresh token by --answers.',
    },
    { cause },
  );
}
