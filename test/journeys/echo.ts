import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A vendor, or a proxy before it, that lets nothing through and repeats all that it was sent. */
export interface Echo {
  readonly url: string;
  /** Credentials that it was sent, by whichever scheme. */
  readonly credentials: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Answers with this status, in the forms of errors that vendors have; with 200 it is a text. */
export async function startEcho(status: number): Promise<Echo> {
  const credentials = new Set<string>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { authorization = '' } = request.headers;
      const [, credential] = authorization.split(' ');
      if (credential !== undefined) credentials.add(credential);
      const said = [authorization, credential, body].filter(Boolean).join(' or ');
      const grant = /refresh_token"?[=:]"?([^"&]+)/.exec(body)?.[1];
      const form = status >= 400 && {
        message: said,
        errorMessages: [said],
        error: grant ?? { status: said, message: said, errors: [{ reason: said }] },
        error_description: said,
      };
      const headers = { 'content-type': form ? 'application/json' : 'text/plain', 'x-echo': credential ?? '' };
      response.writeHead(status, headers).end(form ? JSON.stringify(form) : `who is ${said}?`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
